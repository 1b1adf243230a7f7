"""Which record we mean: a Ref names it, a Link equates two, a Crosswalk equates codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from b1bridge.errors import Unmapped


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """One record in one connection: shop-eu/order/812."""

    connection: str
    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.connection}/{self.kind}/{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read what str(ref) wrote; the id may itself contain slashes."""
        connection, kind, id_ = text.split("/", 2)
        return cls(connection, kind, id_)


@dataclass(frozen=True, slots=True)
class Posted:
    """A document in the books: `entry` is the key, `number` is what people see."""

    kind: str
    entry: int
    number: int


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A table of equal codes that an operator edits: tax, warehouse, payment method."""

    name: str
    codes: Mapping[str, str] = field(default_factory=dict)

    def find(self, code: str) -> str | None:
        """Return the other side's code, or None when nobody entered one."""
        return self.codes.get(code)

    def nearest(self, code: str) -> str | None:
        """Return the code of "fee: Tip" itself, or else the one of every "fee"."""
        kind, _, _ = code.partition(":")
        return self.codes.get(code) or self.codes.get(kind)

    def get(self, code: str, *, record: str) -> str:
        """Return the other side's code; raise Unmapped with the way out."""
        found = self.codes.get(code)
        if found is None:
            msg = f"{record}: '{code}' has no entry in the {self.name} crosswalk"
            fix = f"enter a code for '{code}' in the {self.name} crosswalk, then retry the case"
            raise Unmapped(msg, reason=f"{self.name.upper()}_MAP", fix=fix)
        return found

"""Compares what a SAP user may do with what is needed, by questions that change nothing.

Reading asks for no rows. Writing is tried on a record that cannot exist, with nothing to change:
SAP answers "not found" to who may, and refuses who may not (guess: that it looks at the
authorisation first; what cannot be told is said to be unknown). SAP's own list of a user's
permissions has numbers that nothing public explains, so only the superuser is read from it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.odata import eq, query
from b1bridge.connectors.sap_b1.client.refusals import NOT_FOUND
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.errors import BridgeError, ConnectionBroken, Transient

NOWHERE = "~none~"


class Standing(StrEnum):
    """How a right compares with what is needed."""

    RIGHT = "right"
    MISSING = "missing"
    EXCESS = "in excess"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Need:
    """A set, the property that is its key, and what is done with it; numbers are told apart."""

    entity_set: str
    key: str
    read: bool = True
    write: bool = False

    @property
    def impossible(self) -> str | int:
        """A key that no record has: entries are numbers above zero."""
        return -1 if self.key.endswith(("Entry", "Key", "Num", "ID")) else NOWHERE


@dataclass(frozen=True, slots=True)
class Right:
    """One comparison; `why` repeats SAP's refusal."""

    verb: Literal["read", "write", "be superuser"]
    entity_set: str
    standing: Standing
    why: str = ""


async def compare(
    service: ServiceLayer, needs: Sequence[Need], user: str = ""
) -> AsyncIterator[Right]:
    """Yield each right as it is found out; a need that names neither verb is a thing to do without.

    With a user's code, a superuser is told, where this user may read itself.
    """
    for need in needs:
        granted, why = await _may_read(service, need)
        yield Right("read", need.entity_set, _standing(granted, needed=need.read), why)
        granted, why = await _may_write(service, need)
        yield Right("write", need.entity_set, _standing(granted, needed=need.write), why)
    if user and await _is_superuser(service, user):
        yield Right("be superuser", "", Standing.EXCESS)


def _standing(granted: bool | None, *, needed: bool) -> Standing:  # noqa: FBT001 - three states
    if granted is None:
        return Standing.UNKNOWN
    if granted == needed:
        return Standing.RIGHT
    return Standing.EXCESS if granted else Standing.MISSING


async def _may_read(service: ServiceLayer, need: Need) -> tuple[bool | None, str]:
    try:
        await service.get(f"{need.entity_set}?{query(select=[need.key], top=0)}")
    except Transient:
        raise
    except ConnectionBroken as exc:
        return False, str(exc)
    except BridgeError as exc:
        return None, str(exc)
    return True, ""


async def _may_write(service: ServiceLayer, need: Need) -> tuple[bool | None, str]:
    try:
        await Entities(service, need.entity_set).patch(need.impossible, {})
    except Transient:
        raise
    except ConnectionBroken as exc:
        return False, str(exc)
    except BridgeError as exc:
        return (True, "") if exc.code == NOT_FOUND else (None, str(exc))
    return True, ""


async def _is_superuser(service: ServiceLayer, user: str) -> bool:
    """Tell a superuser; who may not even read the users is most likely none."""
    try:
        page = await service.rows("Users", select=["Superuser"], where=eq("UserCode", user))
    except Transient:
        raise
    except BridgeError:
        return False
    return any(row.get("Superuser") == "tYES" for row in page.rows)

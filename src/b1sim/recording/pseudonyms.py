"""Stable pseudonyms of the same shape: equal values stay equal, and nobody reads them back."""

import re
from functools import lru_cache
from hashlib import blake2b
from importlib import resources
from string import ascii_lowercase, ascii_uppercase, digits

from b1sim.company.shape.model import ENUMS

HIDDEN = "********"
ENTRIES = frozenset(
    {"DocEntry", "DocNum", "BaseEntry", "TargetEntry", "AbsoluteEntry", "AbsEntry", "DraftKey"}
    | {"AttachmentEntry", "TransNum", "TransId", "JdtNum", "DocumentEntry", "ReceiptNumber"}
    | {"BaseDocumentEntry", "BaseDocEntry"}
)
"""Numbers of documents: shifted, all by the same."""
# Shorter texts are codes of the set-up (warehouse, tax group, currency, country, yes or no) that a
# replay needs; where a property is about people they are hidden all the same.
_SHORT = 3
_CODE = 20
_DATE_OR_TIME = re.compile(
    r"(?:19|20)\d\d-?[01]\d-?[0-3]\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?|[0-2]\d:[0-5]\d(:[0-5]\d)?"
)
_PERSONAL = re.compile(
    r"name|person|contact|phone|cellular|fax|mail|street|city|county|address|block|building"
    r"|remark|comment|note|text|detail|title|birth|passport|tax.?id|iban",
    re.IGNORECASE,
)
_SAPS_OWN = re.compile(r"_SYS\d+|W/\"[0-9A-Fa-f]*\"|manager")
_MEMBERS = frozenset(member for members in ENUMS.values() for member in members)
_NAMES = frozenset(
    resources.files("b1sim.odata").joinpath("known_names.txt").read_text(encoding="utf-8").split()
)
_ALPHABETS = (ascii_lowercase, ascii_uppercase, digits)
_MOST_ENTRIES = 900_000


class Pseudonyms:
    """All pseudonyms of one recording; its secret is drawn anew and kept nowhere."""

    def __init__(self, secret: bytes) -> None:
        self._secret = blake2b(secret).digest()
        drawn = int.from_bytes(blake2b(b"entries", key=self._secret, digest_size=8).digest())
        self._entries_from = 100_000 + drawn % _MOST_ENTRIES
        self.hidden = lru_cache(maxsize=100_000)(self._hidden)

    def text(self, value: str, name: str = "") -> str:
        """Hide a text unless it is a word of SAP's own, a date, or a short code."""
        if (
            value in _MEMBERS
            or value in _NAMES
            or _DATE_OR_TIME.fullmatch(value)
            or _SAPS_OWN.fullmatch(value)
        ):
            return value
        if len(value) <= _SHORT and not _PERSONAL.search(name):
            return value
        return self.hidden(value)

    def entry(self, number: int) -> int:
        """Shift a DocEntry or DocNum; the order of documents stays, and so do their links."""
        return number + self._entries_from if number > 0 else number

    def _hidden(self, value: str) -> str:
        if len(value) <= _CODE and "@" not in value and " " not in value:
            return self._code(value)
        stream = self._stream(value)
        return "".join(_shifted(sign, stream[i]) for i, sign in enumerate(value))

    def _code(self, value: str) -> str:
        """Hide a key; two of plain letters and digits never meet, equal beginnings stay equal."""
        seen = blake2b(key=self._secret, digest_size=8)
        made = []
        for sign in value:
            made.append(_shifted(sign, int.from_bytes(seen.digest())))
            seen.update(sign.encode("utf-8", "surrogatepass"))
        return "".join(made)

    def _stream(self, value: str) -> bytes:
        """Draw a byte for each sign of a value, from all of it."""
        packed = value.encode("utf-8", "surrogatepass")
        blocks = range(len(value) // 64 + 1)
        seed = blake2b(packed, key=self._secret).digest()
        return b"".join(blake2b(seed, key=i.to_bytes(8, "big")).digest() for i in blocks)


def _shifted(sign: str, by: int) -> str:
    """Move a letter or digit inside its own kind; a foreign letter becomes a plain one."""
    for alphabet in _ALPHABETS:
        if sign in alphabet:
            return alphabet[(alphabet.index(sign) + by) % len(alphabet)]
    if not sign.isalnum():
        return sign
    alphabet = ascii_uppercase if sign.isupper() else ascii_lowercase
    return alphabet[(ord(sign) + by) % len(alphabet)]

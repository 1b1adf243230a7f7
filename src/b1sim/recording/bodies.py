"""Hides in bodies: JSON with its form kept to the byte, batches part by part, bare values."""

import json
import re
from collections.abc import Mapping
from urllib.parse import unquote

from b1sim.company.shape.model import ENTITY_SETS, Collection, EntitySet
from b1sim.recording.addresses import ORIGIN, Addresses
from b1sim.recording.heads import Heads
from b1sim.recording.json_tokens import Token, rewritten
from b1sim.recording.pseudonyms import ENTRIES, HIDDEN, Pseudonyms

_SECRET = re.compile(r"passw|secret|token|credential|AuthenticationCred|api.?key", re.IGNORECASE)
_PROTOCOL = re.compile(r"(?:.*@)?@?odata\..*|Version|SessionTimeout|Language|lang|code|kind")
# A hint at a field such as [INV1.ItemCode][line: 1], a quotation, or a word with a digit or an @.
_QUOTED = re.compile(r"\[[^\]]*\]|'[^'\n]+'|\"[^\"\n]+\"|[^\s\[\]]*[\d@][^\s\[\]]*")
_CUSTOMERS_OWN = re.compile(r"(\(\d+\)\s*)(.+)", re.DOTALL)
_REQUEST_LINE = re.compile(r"(?P<verb>[A-Z]+) (?P<target>\S+)(?P<rest>.*)")
_HEADER_LINE = re.compile(r"(?P<name>[\w-]+):[ \t]*(?P<value>.*)")
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?")
_SHELVES: list[EntitySet | Collection] = [*ENTITY_SETS.values()]
_SHELVES += [
    shelf for entity_set in ENTITY_SETS.values() for shelf in entity_set.collections.values()
]
_TYPES = {(name, kept.type) for shelf in _SHELVES for name, kept in shelf.properties.items()}
_TEXTS = {name for name, kind in _TYPES if kind == "Edm.String"}
_DOUBLES = {name for name, kind in _TYPES if kind == "Edm.Double"} - _TEXTS
_NUMBERS = _DOUBLES | {name for name, kind in _TYPES if kind.startswith("Edm.Int")} - _TEXTS


class Bodies:
    """The bodies of one recording."""

    def __init__(
        self, pseudonyms: Pseudonyms, addresses: Addresses, heads: Heads, *, hide_amounts: bool
    ) -> None:
        self._pseudonyms = pseudonyms
        self._addresses = addresses
        self._heads = heads
        self._hide_amounts = hide_amounts

    def text(self, kind: str, text: str) -> str | None:
        """Hide in a text of a content type; None where it cannot be told what is in it."""
        if kind.startswith("multipart/mixed"):
            return self._multipart(text)
        if text.lstrip()[:1] in {"{", "["}:
            return self.json(text)
        if kind.startswith("text/html"):
            title = re.search(r"<title>.*?</title>", text, re.DOTALL | re.IGNORECASE)
            return title[0] if title else None
        if kind.startswith(("text/plain", "application/json")) or not text.strip():
            return self._bare(text)
        return None

    def json(self, text: str) -> str:
        """Hide in a JSON text and keep its form to the byte; broken JSON is hidden whole."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return self._pseudonyms.hidden(text)
        failed = isinstance(found, Mapping) and isinstance(found.get("error"), Mapping)
        return rewritten(text, self._in_error if failed else self._value)

    def _bare(self, text: str) -> str:
        if re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", text):
            return text
        if not text.strip() or text.lstrip().startswith('"'):
            return rewritten(text, self._value)
        return self._pseudonyms.text(text)

    def _value(self, token: Token) -> str | int | float:
        """Hide one value by the name of its property."""
        name, value = token.name, token.value
        if _SECRET.search(name) and not _PROTOCOL.fullmatch(name):
            return HIDDEN
        if name in ENTRIES and isinstance(value, int):
            return self._pseudonyms.entry(value)
        if isinstance(value, str) and not (name in _NUMBERS and _AMOUNT.fullmatch(value)):
            return self._text(name, value)
        return self._amount(token)

    def _text(self, name: str, value: str) -> str:
        if name.endswith(("odata.nextLink", "QueryOption")):
            return self._next_link(value)
        if ORIGIN.match(value):
            return self._addresses.url(value)
        if name in {"SqlText", "ParamList"}:
            return self._addresses.sql(value)
        return value if _PROTOCOL.fullmatch(name) else self._pseudonyms.text(value, name)

    def _next_link(self, value: str) -> str:
        return (
            unquote(self._addresses.url(value)) if "%" not in value else self._addresses.url(value)
        )

    def _amount(self, token: Token) -> str | int | float:
        """Hide a double where amounts are hidden; whole numbers are counts and codes."""
        is_amount = isinstance(token.value, float) or token.name in _DOUBLES
        if not (self._hide_amounts and is_amount and _AMOUNT.fullmatch(token.raw.strip('"'))):
            return token.value
        hidden = self._pseudonyms.hidden(token.raw.strip('"'))
        return hidden if isinstance(token.value, str) else float(hidden)

    def _in_error(self, token: Token) -> str | int | float:
        if isinstance(token.value, str) and token.name in {"message", "value"}:
            return self.sentence(token.value)
        return token.value

    def sentence(self, text: str) -> str:
        """Hide what a refusal quotes; texts of a company's own procedure are hidden whole (3.1)."""
        if own := _CUSTOMERS_OWN.fullmatch(text):
            return own[1] + self._pseudonyms.hidden(own[2])
        return _QUOTED.sub(lambda found: self._quoted(found[0]), text)

    def _quoted(self, piece: str) -> str:
        if piece.startswith("["):
            return piece
        if piece[0] in "'\"":
            return piece[0] + self._pseudonyms.text(piece[1:-1]) + piece[-1]
        # Message numbers such as 1320000140, 3524-20 and (ODBC -2028) are SAP's own.
        return (
            piece if re.fullmatch(r"\W*\d+(?:-\d+)?\W*", piece) else self._pseudonyms.hidden(piece)
        )

    def _multipart(self, text: str) -> str:
        pieces = re.split(r"(?m)(^--\S+[ \t]*\r?\n?)", text)
        return "".join(p if p.startswith("--") else self._part(p) for p in pieces)

    def _part(self, text: str) -> str:
        """Hide in one part: lines of headers, then a body that begins with a brace."""
        head, brace, rest = _at_brace(text)
        lines = [self._line(line) for line in head.splitlines(keepends=True)]
        if not brace:
            return "".join(lines)
        body = (brace + rest).rstrip()
        return "".join(lines) + self.json(body) + (brace + rest)[len(body) :]

    def _line(self, line: str) -> str:
        content = line.rstrip("\r\n")
        end = line[len(content) :]
        if found := _HEADER_LINE.fullmatch(content):
            return (
                f"{found['name']}: {self._heads.header(found['name'].lower(), found['value'])}{end}"
            )
        if found := _REQUEST_LINE.fullmatch(content):
            return f"{found['verb']} {self._addresses.url(found['target'])}{found['rest']}{end}"
        if not content.strip() or content.startswith("HTTP/") or content.strip().isdecimal():
            return line
        return self._pseudonyms.hidden(content) + end


def _at_brace(text: str) -> tuple[str, str, str]:
    found = re.search(r"(?m)^[ \t]*[{\[]", text)
    if found is None:
        return text, "", ""
    start = found.end() - 1
    return text[:start], text[start], text[start + 1 :]

"""Hides hosts, keys and literals in a URL, or in the target of a request."""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote, unquote_plus

from b1sim.company.shape.model import ENTITY_SETS
from b1sim.recording.pseudonyms import ENTRIES, Pseudonyms

ORIGIN = re.compile(r"https?://[^/\s\"'<>]+")
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_WORD = re.compile(r"[A-Za-z_]\w*")
_OPERATORS = frozenset({"eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "contains"})
_OPERATORS |= {"startswith", "endswith", "substringof", "datetime", "time"}
_KEY = re.compile(r"(?P<set>\w+)\((?P<key>\d+)\)")
_ENTRY = re.compile(
    rf"\b(?P<name>{'|'.join(sorted(ENTRIES))})(?P<sign>=|(?:\s|%20|\+)+\w\w(?:\s|%20|\+)+)(?P<n>\d+)"
)


class Addresses:
    """The URLs of one recording."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms

    def url(self, text: str) -> str:
        """Hide the host, the keys and the literals of a URL or of a target."""
        path, mark, query = ORIGIN.sub("https://upstream", text, count=1).partition("?")
        pairs = (self._pair(pair) for pair in query.split("&"))
        return self._path(path) + mark + "&".join(pairs)

    def _path(self, path: str) -> str:
        plain = path.replace("%27", "'")
        shifted = _KEY.sub(self._key, _ENTRY.sub(self._entry, plain))
        return self._literals(shifted, unquote)

    def _key(self, found: re.Match[str]) -> str:
        entity_set = ENTITY_SETS.get(found["set"])
        if entity_set is not None and not ENTRIES.intersection(entity_set.key):
            return found[0]
        return f"{found['set']}({self._pseudonyms.entry(int(found['key']))})"

    def _entry(self, found: re.Match[str]) -> str:
        return f"{found['name']}{found['sign']}{self._pseudonyms.entry(int(found['n']))}"

    def _pair(self, pair: str) -> str:
        """Hide in one query option; what is no option of OData is hidden whole."""
        name, sign, value = pair.replace("%27", "'").partition("=")
        own = not unquote_plus(name).startswith("$") and "'" not in value
        if own and re.search(r"[^\d.,-]", value):
            return name + sign + quote(self._pseudonyms.text(unquote_plus(value), name))
        return self._literals(_ENTRY.sub(self._entry, name + sign + value), unquote_plus)

    def _literals(self, text: str, decoded: Callable[[str], str]) -> str:
        def hidden(found: re.Match[str]) -> str:
            plain = decoded(found[1]).replace("''", "'")
            name = self._property_before(text[: found.start()])
            return "'" + quote(self._pseudonyms.text(plain, name).replace("'", "''"), safe="") + "'"

        return _LITERAL.sub(hidden, text)

    def _property_before(self, text: str) -> str:
        words = [word for word in _WORD.findall(unquote_plus(text)) if word not in _OPERATORS]
        return words[-1] if words else ""

    def sql(self, text: str) -> str:
        """Hide the literals of an SQL text or of its parameters."""

        def hidden(found: re.Match[str]) -> str:
            plain = found[1].replace("''", "'")
            return "'" + self._pseudonyms.text(plain).replace("'", "''") + "'"

        return _LITERAL.sub(hidden, text)

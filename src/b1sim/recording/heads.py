"""Hides every header that is not known to be harmless."""

import re
from collections.abc import Iterable

from b1sim.recording.addresses import Addresses
from b1sim.recording.pseudonyms import HIDDEN, Pseudonyms

_HARMLESS = re.compile(
    r"accept.*|connection|content-(?:type|length|encoding|id|transfer-encoding)|transfer-encoding"
    r"|date|server|vary|keep-alive|strict-transport-security|odata-.*|.*dataserviceversion|prefer"
    r"|preference-applied|b1s-.*|x-http-method-override|if-(?:none-)?match|etag|allow|expect"
    r"|user-agent|cache-control|x-b1-companyid|te|upgrade.*|pragma|status"
)
# The realm of a refused request is its path.
_URLS = frozenset({"location", "content-location", "referer", "origin", "www-authenticate"})


class Heads:
    """The headers of one recording."""

    def __init__(self, pseudonyms: Pseudonyms, addresses: Addresses) -> None:
        self._pseudonyms = pseudonyms
        self._addresses = addresses

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Hide in all headers of a message."""
        return tuple((name, self.header(name.lower(), value)) for name, value in headers)

    def header(self, name: str, value: str) -> str:
        """Hide the value of one header."""
        if _HARMLESS.fullmatch(name):
            return value
        if name in _URLS:
            return self._addresses.url(value)
        if name in {"cookie", "set-cookie"}:
            return self._cookies(value, only_first=name == "set-cookie")
        if name == "host":
            return "upstream"
        if name == "authorization":
            scheme, _, token = value.partition(" ")
            known = scheme.lower() == "bearer"
            return f"{scheme} {self._pseudonyms.hidden(token.strip()) if known else HIDDEN}"
        return self._pseudonyms.hidden(value)

    def _cookies(self, value: str, *, only_first: bool) -> str:
        first, mark, rest = value.partition(";")
        name, sign, content = first.partition("=")
        if name.strip() != "ROUTEID":
            first = name + sign + self._pseudonyms.hidden(content)
        if only_first or not mark:
            return first + mark + rest
        return first + mark + self._cookies(rest, only_first=False)

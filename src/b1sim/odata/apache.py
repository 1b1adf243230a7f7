"""What the Apache in front does to every request and answer (sap-service-layer.md 1).

Where nobody recorded SAP's own setting, Apache's default stands here: a guess.
"""

import gzip
import re
from collections.abc import Iterable
from http import HTTPStatus

from starlette.types import Scope

from b1sim.odata.reply import Reply, balancer_page

# Guess: SAP leaves Apache's LimitRequestLine as it is; the limit of a URL is an open question (16).
LONGEST_LINE = 8190
# Service Layer's own five, and MERGE of OData 3, which X-HTTP-Method-Override names too (1).
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "MERGE", "DELETE"})
# A client that believes to speak to a proxy names the whole URL; HTTP/1.1 wants it understood.
_AUTHORITY = re.compile(r"https?://[^/?]*", re.IGNORECASE)


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Name headers in lower case; repeated ones become one, as node and Java send two cookies."""
    headers: dict[str, str] = {}
    for key, content in raw:
        name, value = key.decode("latin-1").lower(), content.decode("latin-1")
        mark = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{mark}{value}" if name in headers else value
    return headers


def path_of(raw: str) -> str:
    """Leave out the host of a request line that names the whole URL."""
    return _AUTHORITY.sub("", raw, count=1) if _AUTHORITY.match(raw) else raw


def turned_away(scope: Scope, path: str) -> Reply | None:
    """Answer what no node gets to see: a line too long, a method that nobody knows.

    Guess: both, with the pages that Apache has for them.
    """
    method, query = scope["method"], scope["query_string"]
    if len(f"{method} {path} HTTP/1.1") + bool(query) + len(query) > LONGEST_LINE:
        sentence = "The requested URL's length exceeds the capacity limit for this server."
        return balancer_page(HTTPStatus.REQUEST_URI_TOO_LONG, sentence)
    if method in _METHODS:
        return None
    sentence = "The requested method is not allowed for this URL."
    page = balancer_page(HTTPStatus.METHOD_NOT_ALLOWED, sentence)
    page.headers.append(("Allow", ",".join(sorted(_METHODS))))
    return page


def compress(reply: Reply, headers: dict[str, str]) -> None:
    """Pack a body for a client that takes gzip.

    Read off recordings: their replies of 200 bytes and of 33 kB alike had been unpacked, which
    the recorder marks by a length in lower case, and their ETags had no suffix (1). Guess: other
    types than JSON are packed too.
    """
    if reply.body and _takes_gzip(headers.get("accept-encoding", "")):
        reply.pack(gzip.compress(reply.body, compresslevel=1, mtime=0), "gzip")


def _takes_gzip(accepted: str) -> bool:
    for piece in accepted.lower().split(","):
        name, _, weight = piece.replace(" ", "").partition(";q=")
        if name in {"gzip", "x-gzip"}:
            return weight.strip("0.") != "" or not weight
    return False

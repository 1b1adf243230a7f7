"""Takes a `$batch` body apart and puts its answer together (sap-service-layer.md 5.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from b1sim.company.refusals import Refusal
from b1sim.odata.refusing import bad_request
from b1sim.odata.reply import Headers, Reply

HOLDS_NUL = 242
_OUTER_ONLY = frozenset({"Set-Cookie", "WWW-Authenticate"})
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")
# Guess: a blank in the address, as people write filters, does no harm here.
_REQUEST_LINE = re.compile(rb"(?P<method>[A-Z]+) +(?P<target>\S.*?)(?: +HTTP/\d\.\d)?\s*")


@dataclass(frozen=True)
class Part:
    """One MIME part: header names in lower case."""

    headers: Mapping[str, str]
    content: bytes

    @property
    def is_change_set(self) -> bool:
        """Tell whether the part holds parts of its own."""
        return self.headers.get("content-type", "").lower().startswith("multipart/mixed")


@dataclass(frozen=True)
class Inner:
    """The request inside one `application/http` part."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    content_id: str


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """Split a multipart body; refuse one that is not closed."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise _incomplete()
    mark = b"--" + found[1].strip().encode()
    pieces = re.split(rb"(?:^|\r?\n)" + re.escape(mark), body)
    if len(pieces) < len(("preamble", "one part", "end")) or not pieces[-1].startswith(b"--"):
        raise _incomplete()
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, content = _split(piece.lstrip(b"\r\n"))
    return Part(_headers(head), content)


def _split(text: bytes) -> tuple[bytes, bytes]:
    found = _BLANK.search(text)
    if found is None:
        msg = (
            "Incomplete request body, there should be two '\\r\\n' between sub-request header "
            "and content"
        )
        raise bad_request(msg)
    return text[: found.start()], text[found.end() :]


def _headers(head: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def inner_of(part: Part) -> Inner:
    """Read the request of one part; its Content-ID may stand in either header block."""
    head, body = _split(part.content + b"\r\n\r\n" if _is_bare(part.content) else part.content)
    line, _, rest = head.partition(b"\n")
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise _incomplete()
    headers = _headers(rest)
    content_id = part.headers.get("content-id") or headers.get("content-id", "")
    return Inner(
        found["method"].decode(), found["target"].decode(), headers, body.strip(), content_id
    )


def _is_bare(content: bytes) -> bool:
    """Tell whether splitting took the line end that closes a part without a body."""
    return content.endswith((b"\r\n", b"\n")) and _BLANK.search(content) is None


def _incomplete() -> Exception:
    return bad_request("Incomplete Batch Request Body!")


def holds_nul() -> Refusal:
    """Refuse a byte at which SAP's batch parser stops, as files have them.

    Verified on 1000310 by the b1sl-python project (guess: text).
    """
    return Refusal(HTTPStatus.BAD_REQUEST, HOLDS_NUL, "Invalid batch request body")


def printed_part(reply: Reply, content_id: str, *, id_inside: bool) -> bytes:
    """Print one answer; version 1 puts Content-ID inside the HTTP head, version 2 outside.

    The order of the headers and the line ends are those of the recorded replies (5.2).
    """
    line = f"Content-ID: {content_id}\r\n" if content_id else ""
    outside, inside = ("", line) if id_inside else (line, "")
    head = "".join(f"{name}: {value}\r\n" for name, value in _inner_headers(reply))
    return (
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        f"{outside}\r\nHTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}\r\n"
        f"{inside}{head}\r\n"
    ).encode() + reply.body


def _inner_headers(reply: Reply) -> Headers:
    """Sort the headers by name, the length behind the type; what has no body has no length."""
    own = sorted((name, value) for name, value in reply.headers if name not in _OUTER_ONLY)
    if not reply.body:
        return own
    kind = [header for header in own if header[0] == "Content-Type"]
    rest = [header for header in own if header[0] != "Content-Type"]
    return [*kind, ("Content-Length", str(len(reply.body))), *rest]


def joined(parts: list[bytes], boundary: str) -> bytes:
    """Join printed parts between boundaries; a change set brings its own last line end."""
    mark = f"--{boundary}".encode()
    return (
        b"".join(
            mark + b"\r\n" + part + (b"" if part.endswith(b"--\r\n") else b"\r\n") for part in parts
        )
        + mark
        + b"--\r\n"
    )

"""One answer on its way out: status, headers as SAP spells them, body."""

from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus

from starlette.types import Receive, Scope, Send

from b1sim.company.refusals import Refusal
from b1sim.odata.json_text import styled
from b1sim.odata.versions import Version

Headers = list[tuple[str, str]]
# Recorded: 13,323 bytes came with their length and 33,599 in chunks (guess: where between).
_CHUNKED_FROM = 16384
_STRICT = "max-age=63072000; includeSubdomains; preload"
# Seen in recordings of version 2 on 1000310; the facts name the type of successes only (1).
_ERROR_TYPE = "application/json;charset=utf-8"
# After these Apache gives a connection up: a 500 was recorded so (15.7), and a 400 in recordings
# of 1000310. The facts say nothing else of refusals.
_CLOSING = frozenset(map(HTTPStatus, (400, 408, 411, 413, 414, 500, 501, 503)))


@dataclass
class Reply:
    """An answer; header names keep their case on the wire."""

    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=list)
    refusal: Refusal | None = None
    """Why not, when the answer is a refusal."""
    _in_chunks: bool = False

    def pack(self, packed: bytes, encoding: str) -> None:
        """Replace the body by an encoded one; whether it goes in chunks its own length decides."""
        self._in_chunks = len(self.body) >= _CHUNKED_FROM
        self.body = packed
        self.headers = [*self.headers, ("Content-Encoding", encoding)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it as an ASGI application would."""
        del scope, receive
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in self._framed()],
            }
        )
        await send({"type": "http.response.body", "body": self.body})

    def _framed(self) -> Headers:
        in_chunks = self._in_chunks or len(self.body) >= _CHUNKED_FROM
        if self.status == HTTPStatus.NO_CONTENT or in_chunks:
            return self.headers
        return [*self.headers, ("Content-Length", str(len(self.body)))]


def json_reply(status: int, text: str, version: Version, extra: Headers | None = None) -> Reply:
    """Answer with JSON in the content type and protocol header of a version."""
    headers = [("Content-Type", version.content_type), version.header, *(extra or [])]
    return Reply(status, text.encode(), headers)


def no_content(version: Version, extra: Headers | None = None) -> Reply:
    """Answer a write that returns nothing."""
    return Reply(HTTPStatus.NO_CONTENT, b"", [version.header, *(extra or [])])


def refused(
    refusal: Refusal, version: Version, *, flat: bool | None = None, details: bool = False
) -> Reply:
    """Answer with the error envelope of a version; `flat` overrides its shape (3.1).

    Version 1 has one content type for everything (1); in version 2 that of errors names no
    metadata.
    """
    is_flat = version.number > 1 if flat is None else flat
    code, message = int(refusal.code), refusal.message
    error: dict[str, object] = {"code": str(code) if is_flat else code}
    if is_flat and details:
        error["details"] = [{"code": "", "message": ""}]
    error["message"] = message if is_flat else {"lang": "en-us", "value": message}
    body = styled({"error": error}).encode()
    kind = version.content_type if version.number == 1 else _ERROR_TYPE
    return Reply(refusal.status, body, [("Content-Type", kind), version.header], refusal)


def refused_in_batch(refusal: Refusal, version: Version) -> Reply:
    """Answer a part of a batch of version 1, whose errors have an inner one that says nothing."""
    error = {
        "code": int(refusal.code),
        "innererror": {"context": None, "trace": None},
        "message": {"lang": "en-us", "value": refusal.message},
    }
    return json_reply(refusal.status, styled({"error": error}), version)


def balancer_page(status: HTTPStatus, sentence: str) -> Reply:
    """Answer as the Apache in front of the nodes does when a node does not."""
    title = f"{status.value} {'Proxy Error' if status == HTTPStatus.BAD_GATEWAY else status.phrase}"
    heading = title.split(" ", 1)[1]
    page = (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
        f"<title>{title}</title>\n</head><body>\n<h1>{heading}</h1>\n<p>{sentence}</p>\n"
        "</body></html>\n"
    )
    return Reply(status, page.encode(), [("Content-Type", "text/html; charset=iso-8859-1")])


def common_headers(reply: Reply, *, secure: bool, kept_open: bool) -> Headers:
    """Name the headers that the balancer adds to an answer, as recorded (1)."""
    headers = [("Date", formatdate(usegmt=True)), ("Server", "Apache/2.4.61 (Unix)")]
    if reply.body:
        headers.append(("Vary", "Accept-Encoding"))
    if secure:
        headers.append(("Strict-Transport-Security", _STRICT))
    if reply.status in _CLOSING:
        headers.append(("Connection", "close"))
    elif kept_open:
        headers += [("Keep-Alive", "timeout=5, max=100"), ("Connection", "Keep-Alive")]
    return headers


def secured(headers: Headers) -> Headers:
    """Spell cookies as some installations do, whose balancer edits them.

    Two clients' sources quote this form; the recorded one is bare (2).
    """
    return [
        (name, value.replace("path=/b1s", "path=/") + ";Secure;SameSite=None")
        if name == "Set-Cookie"
        else (name, value)
        for name, value in headers
    ]

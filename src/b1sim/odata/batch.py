"""Runs a `$batch`: parts in order, change sets all or nothing, stop at the first failure (5.2)."""

import re
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from http import HTTPStatus

from b1sim.company.refusals import Refusal
from b1sim.odata.multipart import Inner, Part, inner_of, joined, parts_of, printed_part
from b1sim.odata.reply import Reply, refused
from b1sim.odata.request import Request

NO_CONTENT_ID, NOT_COMMITTED = 244, -1116
_ROOT = re.compile(r"(?:https?://[^/]+)?/+b1s/+v[12]/")
_REFERENCE = re.compile(r"\$(\w+)(?=/|$)")
# Who speaks is said once, for all parts.
_SPEAKER = frozenset({"cookie", "authorization", "x-b1-companyid"})
Answer = Callable[[Request], Reply]
Transaction = Callable[[], AbstractContextManager[None]]


class _Undone(Exception):
    """Leaves the transaction of a change set; carries the reply that is shown instead."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(frozen=True)
class Batch:
    """One batch on its way: who answers its parts, and what keeps a change set together."""

    request: Request
    answer: Answer
    transaction: Transaction

    def reply(self) -> Reply:
        """Run the parts; the whole answers 202 or 200 even where a part failed."""
        printed = []
        for part in parts_of(self.request.headers.get("content-type", ""), self.request.body):
            text, succeeded = self._change_set(part) if part.is_change_set else self._single(part)
            printed.append(text)
            if not succeeded:
                break
        boundary = f"batchresponse_{uuid.uuid4()}"
        is_v1 = self.request.version.number == 1
        status = HTTPStatus.ACCEPTED if is_v1 else HTTPStatus.OK
        headers = [
            ("Content-Type", f"multipart/mixed;boundary={boundary}"),
            self.request.version.header,
        ]
        return Reply(status, joined(printed, boundary), headers)

    def _single(self, part: Part) -> tuple[bytes, bool]:
        inner = inner_of(part)
        reply = self.answer(self._as_request(inner, {}))
        return self._printed(reply, inner.content_id), reply.status < HTTPStatus.BAD_REQUEST

    def _change_set(self, part: Part) -> tuple[bytes, bool]:
        inners = [inner_of(p) for p in parts_of(part.headers["content-type"], part.content)]
        try:
            self._check_ids(inners)
            with self.transaction():
                printed = self._all(inners)
        except _Undone as undone:
            return self._printed(undone.reply, ""), False
        boundary = f"changesetresponse_{uuid.uuid4()}"
        head = f"Content-Type: multipart/mixed;boundary={boundary}\r\n\r\n".encode()
        return head + joined(printed, boundary), True

    def _all(self, inners: list[Inner]) -> list[bytes]:
        made: dict[str, str] = {}
        printed = []
        for inner in inners:
            reply = self.answer(self._as_request(inner, made))
            if reply.status >= HTTPStatus.BAD_REQUEST:
                raise _Undone(reply)
            made[inner.content_id] = dict(reply.headers).get("Location", "")
            printed.append(self._printed(reply, inner.content_id))
        return printed

    def _check_ids(self, inners: list[Inner]) -> None:
        ids = [inner.content_id for inner in inners if inner.content_id]
        if any(inner.method == "GET" for inner in inners):
            raise self._undone(-1000, "A change set must not contain GET requests")
        if self.request.version.number > 1 and len(ids) < len(inners):
            raise self._undone(NO_CONTENT_ID, "Content ID should be specified in a change set")
        if len(set(ids)) < len(ids):
            text = "Could not commit transaction: Error -1 detected during transaction"
            raise self._undone(NOT_COMMITTED, text)

    def _undone(self, code: int, message: str) -> _Undone:
        refusal = Refusal(HTTPStatus.BAD_REQUEST, code, message)
        return _Undone(refused(refusal, self.request.version))

    def _as_request(self, inner: Inner, made: dict[str, str]) -> Request:
        """Resolve `$1` to what part 1 made; If-Match is not looked at inside a batch."""
        target = _REFERENCE.sub(
            lambda found: made.get(found[1]) or found[0], _ROOT.sub("", inner.target, count=1)
        )
        path, _, query = _ROOT.sub("", target, count=1).partition("?")
        kept = {n: v for n, v in inner.headers.items() if n != "if-match"}
        headers = {n: v for n, v in self.request.headers.items() if n in _SPEAKER} | kept
        return replace(
            self.request,
            method=inner.method,
            path=path,
            query=query,
            headers=headers,
            body=inner.body,
        )

    def _printed(self, reply: Reply, content_id: str) -> bytes:
        return printed_part(reply, content_id, id_inside=self.request.version.number == 1)

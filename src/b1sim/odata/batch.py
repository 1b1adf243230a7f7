"""Runs a `$batch`: parts in order, change sets all or nothing, stop at the first failure (5.2)."""

import re
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from http import HTTPStatus

from b1sim.company.refusals import Refusal
from b1sim.odata.multipart import Inner, Part, holds_nul, inner_of, joined, parts_of, printed_part
from b1sim.odata.refusing import BAD_REQUEST
from b1sim.odata.reply import Reply, refused, refused_in_batch
from b1sim.odata.request import Request

NO_CONTENT_ID, NOT_COMMITTED = 244, -1116
_ROOT = re.compile(r"(?:https?://[^/]+)?/+b1s/+v[12]/")
# What a company's own stored procedure says begins with its number (3.1).
_BY_PROCEDURE = re.compile(r"\(\d+\) ")
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


class NodeKilled(Exception):
    """The node died under the batch; nothing of its change set is kept."""


@dataclass(frozen=True)
class _Step:
    """One part of the envelope: a request alone, or those of a change set."""

    inners: list[Inner]
    is_change_set: bool = False
    is_nested: bool = False
    """A change set holds another one."""


def _step(part: Part) -> _Step:
    if not part.is_change_set:
        return _Step([inner_of(part)])
    parts = parts_of(part.headers["content-type"], part.content)
    inners = [inner_of(p) for p in parts if not p.is_change_set]
    return _Step(inners, is_change_set=True, is_nested=len(inners) < len(parts))


@dataclass(frozen=True)
class Batch:
    """One batch on its way: who answers its parts, and what keeps a change set together."""

    request: Request
    answer: Answer
    transaction: Transaction
    kills_node: bool = False
    """What kills a node in some installations does so here; see WireQuirks."""

    def reply(self) -> Reply:
        """Run the parts; the whole answers 202 or 200 even where a part failed."""
        try:
            steps = self._steps()
        except Refusal as refusal:
            return self._refused(refusal)
        boundary = f"batchresponse_{uuid.uuid4()}"
        headers = [
            ("Content-Type", f"multipart/mixed;boundary={boundary}"),
            self.request.version.header,
        ]
        status = HTTPStatus.ACCEPTED if self._is_v1 else HTTPStatus.OK
        return Reply(status, joined(self._run(steps), boundary), headers)

    @property
    def _is_v1(self) -> bool:
        return self.request.version.number == 1

    def _refused(self, refusal: Refusal) -> Reply:
        version = self.request.version
        return refused_in_batch(refusal, version) if self._is_v1 else refused(refusal, version)

    def _steps(self) -> list[_Step]:
        """Read the whole envelope before anything is done."""
        if b"\0" in self.request.body:
            raise holds_nul()
        parts = parts_of(self.request.headers.get("content-type", ""), self.request.body)
        return [_step(part) for part in parts]

    def _run(self, steps: list[_Step]) -> list[bytes]:
        """Run and print the steps up to the first that fails.

        SAP documents no way to go on; the bare preference was seen to work on 1000310, by the
        b1sl-python project, and to kill the node together with a change set that fails.
        """
        goes_on = "odata.continue-on-error" in self.request.preferences()
        printed = []
        for step in steps:
            text, succeeded = self._change_set(step) if step.is_change_set else self._single(step)
            printed.append(text)
            if succeeded:
                continue
            if goes_on and step.is_change_set and self.kills_node:
                raise NodeKilled
            if not goes_on:
                break
        return printed

    def _single(self, step: _Step) -> tuple[bytes, bool]:
        inner = step.inners[0]
        reply = self.answer(self._as_request(inner, {}))
        return self._printed(reply, inner.content_id), reply.status < HTTPStatus.BAD_REQUEST

    def _change_set(self, step: _Step) -> tuple[bytes, bool]:
        try:
            self._check(step)
            with self.transaction():
                printed = self._all(step.inners)
        except _Undone as undone:
            return self._printed(undone.reply, ""), False
        boundary = f"changesetresponse_{uuid.uuid4()}"
        head = f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n".encode()
        return head + joined(printed, boundary), True

    def _all(self, inners: list[Inner]) -> list[bytes]:
        made: dict[str, str] = {}
        printed = []
        for inner in inners:
            reply = self.answer(self._as_request(inner, made))
            if reply.status >= HTTPStatus.BAD_REQUEST:
                if self.kills_node and reply.refusal and _BY_PROCEDURE.match(reply.refusal.message):
                    raise NodeKilled
                raise _Undone(reply)
            made[inner.content_id] = dict(reply.headers).get("Location", "")
            printed.append(self._printed(reply, inner.content_id))
        return printed

    def _check(self, step: _Step) -> None:
        ids = [inner.content_id for inner in step.inners if inner.content_id]
        if step.is_nested or any(inner.method == "GET" for inner in step.inners):
            text = "A change set must not contain GET requests or other change sets"
            raise self._undone(BAD_REQUEST, text)
        if not self._is_v1 and len(ids) < len(step.inners):
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
        if self._is_v1 and reply.refusal is not None:
            reply = self._refused(reply.refusal)
        return printed_part(reply, content_id, id_inside=self._is_v1)

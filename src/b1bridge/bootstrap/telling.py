"""Calls clients back: what they asked to be told, signed, and only where the operator allows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Protocol, runtime_checkable

from pydantic import SecretStr

from b1bridge.bootstrap.lines import Lines
from b1bridge.bootstrap.order_status import Progress, status_json, status_of
from b1bridge.domain.identity import Ref
from b1bridge.engine.telling import Callback
from b1bridge.errors import NeedsOperator, Transient
from b1bridge.sdk.outbound import Outbound
from b1bridge.sdk.standard_webhooks import headers, key_of
from b1bridge.storage.callbacks import StoredCallbacks, Told
from b1bridge.storage.submission_views import SubmissionViews

_REASON = "CALLBACK_FAILED"
_STRIDE = 1000
"""So many rows of the trail without news may be read again after a restart."""
_PAUSE_SECONDS = 10.0
"""A receiver in trouble is not helped by quick tries."""
_FIX = (
    "see that the client's receiver runs and answers with 2xx, then retry the case; "
    "or ignore the case: the order itself is not touched by it"
)


@runtime_checkable
class _CallsBack(Protocol):
    """What a connection settles about callbacks."""

    callback_hosts: Sequence[str]
    callback_secret: SecretStr


@dataclass(slots=True)
class Telling:
    """One per hub; `look` finds what is to be told, the rest is what the flow works with."""

    callbacks: StoredCallbacks
    views: SubmissionViews
    then: Mapping[str, Sequence[str]]
    lines: Lines
    outbound: Outbound
    clock: Callable[[], datetime]
    _read_to: int = 0
    _kept: int = 0

    async def aclose(self) -> None:
        """Close the lines to receivers."""
        await self.outbound.aclose()

    async def look(self) -> None:
        """Queue a call back for every order that has news; the audit trail tells which do."""
        more = True
        while more:
            news = await self.callbacks.news(self._read_to)
            fresh = [ref for ref in news.refs if await self._news_of(ref) is not None]
            if fresh or news.read_to - self._kept >= _STRIDE:
                await self.callbacks.queue(fresh, news.read_to, self.clock())
                self._kept = news.read_to
            self._read_to, more = news.read_to, news.more

    async def callback(self, ref: Ref) -> Callback | None:
        """Return what has not been told yet; None when nobody asked, or there is no news."""
        return await self._news_of(_order_of(ref))

    async def send(self, ref: Ref, callback: Callback) -> None:
        """Post it; any answer but 2xx is tried again, a redirect or "gone" asks for a person."""
        settings = (await self.lines.line(ref.connection)).settings
        secret = settings.callback_secret if isinstance(settings, _CallsBack) else SecretStr("")
        if not isinstance(settings, _CallsBack) or not secret.get_secret_value():
            msg = f"{ref.connection} has no callback_secret to sign with"
            raise NeedsOperator(msg, reason=_REASON, fix="enter one, then retry the case")
        body = callback.body.encode()
        signed = headers(key_of(secret.get_secret_value()), callback.id, body, self.clock())
        try:
            status = await self.outbound.post(
                callback.url,
                body,
                {"Content-Type": "application/json", **signed},
                settings.callback_hosts,
            )
        except Transient as error:
            raise _again(str(error)) from error
        _check(callback, status)

    async def note(self, ref: Ref, callback: Callback) -> None:
        """Remember that it has been told."""
        order, digest = _order_of(ref), _digest(callback.body)
        told = await self.callbacks.told(order)
        if told.digest != digest:
            await self.callbacks.note(order, Told(digest, told.times + 1), self.clock())

    async def _news_of(self, order: Ref) -> Callback | None:
        found = await self.views.became(order)
        if found is None or not found.submission.callback_url:
            return None
        status = status_of(found, self.then)
        body = status_json(status).decode()
        told = await self.callbacks.told(order)
        if status.state is Progress.ACCEPTED or told.digest == _digest(body):
            return None
        # What stood before may come back (posted, refused, posted): that is news again.
        id_ = _digest(f"{order} {told.times} {body}")[:32]
        return Callback(f"msg_{id_}", found.submission.callback_url, body)


def _order_of(ref: Ref) -> Ref:
    return Ref(ref.connection, "order", ref.id)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _check(callback: Callback, status: int) -> None:
    place = callback.url.partition("?")[0]
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        msg = f"{place} sends callbacks elsewhere (HTTP {status}); redirects are not followed"
        fix = "let the client send the order again with the final address, or ignore the case"
        raise NeedsOperator(msg, reason=_REASON, fix=fix)
    if status == HTTPStatus.GONE:
        msg = f"{place} wants no callbacks any more (HTTP {status})"
        raise NeedsOperator(msg, reason=_REASON, fix=_FIX)
    msg = f"{place} answered the callback with HTTP {status}"
    raise _again(msg)


def _again(why: str) -> Transient:
    return Transient(why, retry_after=_PAUSE_SECONDS, reason=_REASON, fix=_FIX)

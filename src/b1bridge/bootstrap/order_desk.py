"""The desk where clients without a system of their own leave orders, and ask how they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from b1bridge.bootstrap.bell import Bell
from b1bridge.bootstrap.order_status import OrderStatus, Progress, status_of
from b1bridge.connectors.rest.wire import SubmittedOrder, canonical, digest_of
from b1bridge.domain.customers import normalised_email
from b1bridge.domain.identity import Ref
from b1bridge.domain.submissions import NewSubmission, Submitted
from b1bridge.engine.records import State
from b1bridge.storage.submission_views import Sought, SubmissionViews
from b1bridge.storage.submissions import StoredSubmissions

KIND = "order"
_CHUNK = 200
_MOST_CHUNKS = 20
"""A page of a rare state ends after so many orders looked at, and its cursor goes on."""
# What a state needs of an order's runs, so that few are looked at in vain.
_RUN_IN = {
    Progress.ACCEPTED: (State.QUEUED, State.RUNNING, State.WAITING),
    Progress.REFUSED: (State.WAITING, State.DEAD),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a list; `next` is the number to go on after, None at the end."""

    items: tuple[OrderStatus, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDesk:
    """What it answers is on disk; what became of an order is worked out when it is asked for."""

    submissions: StoredSubmissions
    views: SubmissionViews
    then: Mapping[str, Sequence[str]]
    bell: Bell
    clock: Callable[[], datetime]

    async def submit(
        self, connection: str, order: SubmittedOrder, *, key: str = "", actor: str
    ) -> Submitted:
        """Take an order, once for its reference and once for an idempotency key."""
        new = _submission(connection, order)
        return await self.submissions.accept(new, key=key, actor=actor, at=self.clock())

    async def replace(
        self,
        connection: str,
        reference: str,
        order: SubmittedOrder,
        *,
        version: int | None = None,
        actor: str,
    ) -> Submitted:
        """Let another body stand for the order, if `version` is the one that stands now.

        Its documents follow by the rules of the books. ValueError when the order carries
        another reference.
        """
        if order.reference != reference:
            msg = f"{order.reference} cannot take the place of {reference}"
            raise ValueError(msg)
        new, at = _submission(connection, order), self.clock()
        return await self.submissions.replace(new, version=version, actor=actor, at=at)

    async def cancel(self, connection: str, reference: str, *, actor: str) -> Submitted:
        """Call an order off; what was posted of it is cancelled by the rules of the books."""
        ref = Ref(connection, KIND, reference)
        return await self.submissions.cancel(ref, actor=actor, at=self.clock())

    async def order(self, connection: str, reference: str) -> OrderStatus | None:
        """Tell how an order stands; None when nobody has sent it."""
        found = await self.views.became(Ref(connection, KIND, reference))
        return None if found is None else status_of(found, self.then)

    async def settled(self, connection: str, reference: str, within: float) -> OrderStatus | None:
        """Tell how it stands once it is settled or put off, or when so many seconds are over."""
        ref = Ref(connection, KIND, reference)

        async def look() -> OrderStatus | None:
            return await self.order(connection, reference)

        return await self.bell.look_until(ref, within, look, _is_over)

    async def orders(
        self,
        connection: str,
        *,
        state: Progress | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        customer: str = "",
        after: int = 0,
        limit: int = 50,
    ) -> Page:
        """List orders as they arrived: received from `since` to before `until`, of a customer."""
        sought = Sought(
            connection=connection,
            kind=KIND,
            since=since,
            until=until,
            customer=_known_by(customer),
            cancelled=True if state is Progress.CANCELLED else None,
            run_in=_RUN_IN.get(state, ()) if state else (),
        )
        found: list[OrderStatus] = []
        for _ in range(_MOST_CHUNKS):
            size = limit + 1 if state is None else _CHUNK
            chunk = await self.views.page(sought, after, size)
            for one in chunk:
                status = status_of(one, self.then)
                if state in {None, status.state}:
                    if len(found) == limit:
                        return Page(tuple(found), after)
                    found.append(status)
                after = one.submission.number
            if len(chunk) < size:
                return Page(tuple(found), None)
        return Page(tuple(found), after)


def _submission(connection: str, order: SubmittedOrder) -> NewSubmission:
    body = canonical(order)
    return NewSubmission(
        ref=Ref(connection, KIND, order.reference),
        body=body,
        digest=digest_of(body),
        callback_url=order.callback_url,
        account=order.customer.account,
        email=normalised_email(order.customer.email),
    )


def _known_by(customer: str) -> str:
    return normalised_email(customer) if "@" in customer else customer


def _is_over(status: OrderStatus | None) -> bool:
    return status is None or status.state is not Progress.ACCEPTED or status.put_off

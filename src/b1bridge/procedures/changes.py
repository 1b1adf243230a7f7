"""What every change to a posted order has: a number of its own, and a link."""

from __future__ import annotations

from collections.abc import Iterable

from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.orders import Order
from b1bridge.domain.standing import Standing, revision_of
from b1bridge.engine.run import Run


def next_revision(documents: Iterable[Standing]) -> int:
    """Return the number of a change that none of these documents carries."""
    return max((revision_of(one.reference) for one in documents), default=0) + 1


async def link_change(run: Run, order: Order, reference: str, posted: Posted) -> None:
    """Note which document a change of the order is: shop-eu/order/812+1."""
    change = Ref.parse(reference)
    ours = Ref(order.ref.connection, order.ref.kind, change.id)
    await run.links.link(
        ours, Ref(run.target, posted.kind, str(posted.entry)), number=str(posted.number)
    )

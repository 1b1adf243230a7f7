"""What becomes of an order whose document is in the books already: compared, never rewritten."""

from __future__ import annotations

from b1bridge.domain.documents import DocumentKind, Totals
from b1bridge.domain.identity import Posted
from b1bridge.domain.orders import Order, OrderState, only_touched
from b1bridge.domain.proof import agree, both_sides
from b1bridge.engine.flow import Did, Outcome
from b1bridge.engine.run import Run
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import SalesDocuments
from b1bridge.ports.shop import OrderAnnotations, OrderSource
from b1bridge.procedures.order_options import OrderOptions

_CALLED_OFF = {
    OrderState.CANCELLED: "a cancelled order",
    OrderState.UNPAID_CART: "a cart that nobody paid",
}


async def check_posted(
    run: Run,
    shop: OrderSource,
    books: SalesDocuments,
    order: Order,
    kind: DocumentKind,
    charged: Totals,
    options: OrderOptions,
) -> Outcome:
    """Compare the order as it stands now with its document; what differs is a case."""
    await run.in_flight.release(order.ref)
    found = await run.step("read posted document", lambda: books.booked(kind, str(order.ref)))
    if found is None and order.state is not OrderState.OPEN:
        why = f"order {order.number} is called off, and its {kind} is cancelled in the books"
        return Outcome(Did.SKIPPED, why)
    if found is None:
        raise _gone(order, kind)
    posted = found.posted
    refuse_when_called_off(order, posted)
    check_unchanged(order, posted, charged, found.totals, options)
    if order.noted == "":
        await note_number(run, shop, order, posted, options)
    return Outcome(Did.ALREADY_THERE, "", (posted,))


async def refuse_if_posted(
    run: Run, books: SalesDocuments, order: Order, kind: DocumentKind
) -> None:
    """Make sure that an order which is no sale has no document that we forgot."""
    posted = await run.step(
        "look for a document", lambda: books.find_document(kind, str(order.ref))
    )
    if posted:
        refuse_when_called_off(order, posted)


def refuse_when_called_off(order: Order, posted: Posted) -> None:
    """Raise NeedsOperator when the shop took back what the books have posted."""
    if order.state is OrderState.OPEN:
        return
    refunded = order.state is OrderState.REFUNDED
    done = "was refunded" if refunded else f"became {_CALLED_OFF[order.state]}"
    msg = f"{order.ref}: order {order.number} {done} after {posted.kind} {posted.number} was posted"
    fix = (
        f"cancel {posted.kind} {posted.number} in the books and retry the case, or credit it and "
        "ignore the case with the credit memo as the reason"
    )
    reason = "REFUND_AFTER_POSTING" if refunded else "EDIT_CONFLICT"
    raise NeedsOperator(msg, reason=reason, fix=fix)


def check_unchanged(
    order: Order, posted: Posted, charged: Totals, booked: Totals, options: OrderOptions
) -> None:
    """Raise NeedsOperator (EDIT_AFTER_POSTING) with both totals when order and books part."""
    if agree(charged, booked, options.allowed(len(order.lines) + len(order.charges))):
        return
    sides = both_sides("the shop now charges", charged, f"{posted.kind} {posted.number} is", booked)
    msg = f"{order.ref}: {sides}"
    fix = (
        f"post the difference in the books, or cancel {posted.kind} {posted.number} and post it "
        f"anew with reference {order.ref}; then retry the case"
    )
    raise NeedsOperator(msg, reason="EDIT_AFTER_POSTING", fix=fix)


async def note_number(
    run: Run, shop: OrderSource, order: Order, posted: Posted, options: OrderOptions
) -> None:
    """Write the document's number onto the shop's order, where the shop has a place for it."""
    if options.annotate and isinstance(shop, OrderAnnotations):
        noting = shop
        after = await run.step("note number in shop", lambda: noting.annotate(order.ref, posted))
        if after and only_touched(order.version, after):
            run.saw(after)


def _gone(order: Order, kind: DocumentKind) -> NeedsOperator:
    msg = f"{order.ref}: order {order.number} was posted, but its {kind} is cancelled in the books"
    fix = (
        f"post the {kind} by hand with reference {order.ref} and retry the case, "
        "or ignore the case when it was cancelled for good"
    )
    return NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)

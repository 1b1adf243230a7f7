"""What becomes of an order whose document is in the books already: compared, and followed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.amendments import Invoiced
from b1bridge.domain.changes import pieces, rows_of
from b1bridge.domain.documents import DocumentKind, Totals
from b1bridge.domain.down_payment_credits import gives_back_prepaid
from b1bridge.domain.identity import Posted
from b1bridge.domain.items import is_item, sku_of
from b1bridge.domain.order_changes import was_closed
from b1bridge.domain.orders import Order, OrderState, is_called_off, only_touched
from b1bridge.domain.proof import agree, both_sides
from b1bridge.domain.sales_documents import Codes
from b1bridge.domain.standing import Standing, revision_of
from b1bridge.engine.flow import Did, Outcome
from b1bridge.engine.run import Run
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import Books
from b1bridge.ports.shop import OrderAnnotations, OrderSource
from b1bridge.procedures.invoice_changes import change_invoices, charged_now
from b1bridge.procedures.order_options import Edits, OrderOptions
from b1bridge.procedures.prepaid_orders import is_given_up
from b1bridge.procedures.sales_order_changes import change_head, change_sales_order

INVOICE = DocumentKind.INVOICE
_CALLED_OFF = {
    OrderState.CANCELLED: "a cancelled order",
    OrderState.UNPAID_CART: "a cart that nobody paid",
}


@dataclass(frozen=True, slots=True)
class Chain:
    """One order's documents: its sales order or quotation, its invoices, and memos of changes.

    `prepaid_memos` give back money paid in advance, and say nothing of what was sold.
    """

    orders: tuple[Standing, ...]
    invoices: tuple[Standing, ...]
    memos: tuple[Standing, ...]
    prepaid_memos: tuple[Standing, ...] = ()

    @property
    def counted(self) -> tuple[Standing, ...]:
        """What tells how much was sold: the order while it is open, then its invoices."""
        still_open = any(one.is_open for one in self.orders)
        return self.orders if still_open or not self.invoices else self.invoices

    @property
    def totals(self) -> Totals:
        """What the counted documents come to, less what was taken back."""
        return Invoiced(self.counted, self.memos).totals

    def first(self, kind: DocumentKind, reference: str) -> Posted | None:
        """Return the document that was posted under this reference, changes of it aside."""
        found = self.invoices if kind is INVOICE else self.orders
        whole = (one.posted for one in found if not _changes(one, reference))
        return next(whole, None)


async def follow_order(
    run: Run,
    shop: OrderSource,
    books: Books,
    order: Order,
    kind: DocumentKind,
    codes: Codes,
    options: OrderOptions,
) -> Outcome:
    """Bring the documents of an order to where the order is now, or ask a person."""
    await run.in_flight.release(order.ref)
    parts = await run.step("read posted documents", lambda: _read(books, kind, str(order.ref)))
    chain = Chain(*parts)
    posted = chain.first(kind, str(order.ref))
    if posted is None and await is_given_up(run, shop, order):
        why = f"order {order.number} is called off, and its {kind} is cancelled in the books"
        # What was prepaid on a sales order has still to be given back, by the flows that follow.
        return Outcome(Did.SKIPPED if kind is INVOICE else Did.ALREADY_THERE, why)
    if posted is None:
        raise _gone(order, kind)
    _check_account(order, chain)
    charged = charged_now(order, codes)
    if not _agrees(order, chain, charged, codes, options):
        if options.edits is Edits.CASE:
            raise _changed(order, posted, charged, chain.totals)
        outcome = await _follow(run, shop, books, order, chain, codes, options)
    else:
        outcome = Outcome(Did.ALREADY_THERE, "", (posted,))
    if order.rewritten and _has_open_head(order, chain):
        await change_head(run, books, order, chain.orders[0], codes, options)
    if order.noted == "" and not is_called_off(order):
        await note_number(run, shop, order, posted, options)
    return outcome


def _changes(one: Standing, reference: str) -> int:
    """Return which change of a reference a document is; the reference may have a number itself."""
    return revision_of(one.reference.removeprefix(reference))


async def note_number(
    run: Run, shop: OrderSource, order: Order, posted: Posted, options: OrderOptions
) -> None:
    """Write the document's number onto the shop's order, where the shop has a place for it."""
    if options.annotate and isinstance(shop, OrderAnnotations):
        noting = shop
        after = await run.step("note number in shop", lambda: noting.annotate(order.ref, posted))
        if after and only_touched(order.version, after):
            run.saw(after)


async def _read(
    books: Books, kind: DocumentKind, reference: str
) -> tuple[tuple[Standing, ...], ...]:
    """Read the parts of a chain in its order."""
    orders = () if kind is INVOICE else await books.standing(kind, reference)
    invoices = await books.standing(INVOICE, reference)
    memos = await books.standing(DocumentKind.CREDIT_MEMO, reference) if invoices else ()
    prepaid = tuple(memo for memo in memos if gives_back_prepaid(memo))
    return orders, invoices, tuple(memo for memo in memos if memo not in prepaid), prepaid


async def _follow(
    run: Run,
    shop: OrderSource,
    books: Books,
    order: Order,
    chain: Chain,
    codes: Codes,
    options: OrderOptions,
) -> Outcome:
    if not chain.invoices:
        return await change_sales_order(run, books, order, chain.orders[0], codes, options)
    for one in chain.orders:
        if one.is_open or was_closed(one):
            raise _half_invoiced(order, one, charged_now(order, codes), chain)
    invoiced = Invoiced(chain.invoices, chain.memos, prepaid_memos=chain.prepaid_memos)
    return await change_invoices(run, shop, books, order, invoiced, codes, options)


def _agrees(
    order: Order, chain: Chain, charged: Totals, codes: Codes, options: OrderOptions
) -> bool:
    """Tell whether the books hold what the shop sells, piece by piece and to the cent."""
    allowed = options.allowed(len(order.lines) + len(order.charges))
    if not agree(charged, chain.totals, allowed):
        return False
    rows = rows_of(chain.counted, chain.memos, gross=order.prices_include_tax)
    return is_called_off(order) or pieces(rows.values()) == _sold(order, codes)


def _has_open_head(order: Order, chain: Chain) -> bool:
    """Tell whether there is a sales order left to be delivered by what its head says."""
    return not is_called_off(order) and bool(chain.orders) and chain.orders[0].is_open


def _check_account(order: Order, chain: Chain) -> None:
    """Raise NeedsOperator (EDIT_CONFLICT) where the order names another account than it had."""
    account = order.customer.account
    if not account or is_called_off(order):
        return
    for one in (*chain.orders, *chain.invoices):
        if one.business_partner.casefold() != account.casefold():
            name = f"{one.posted.kind} {one.posted.number}"
            msg = f"{order.ref} is for business partner {account} now, {name} is on"
            fix = (
                f"cancel {name} in the books and post it anew for {account} with reference "
                f"{order.ref}, then retry the case; or send the order for {one.business_partner}"
            )
            told = f"{msg} {one.business_partner}"
            raise NeedsOperator(told, reason="EDIT_CONFLICT", fix=fix)


def _sold(order: Order, codes: Codes) -> dict[str, Decimal]:
    sold: dict[str, Decimal] = {}
    for line in order.lines:
        if line.quantity and is_item(line, codes.sku):
            code = codes.sku.find(sku_of(line)) or sku_of(line)
            sold[code] = sold.get(code, Decimal(0)) + line.quantity
    return sold


def _changed(order: Order, posted: Posted, charged: Totals, booked: Totals) -> NeedsOperator:
    """Ask a person, as the option `edits` wants it, with both totals."""
    name = f"{posted.kind} {posted.number}"
    if is_called_off(order):
        became = _CALLED_OFF[order.state]
        msg = f"{order.ref}: order {order.number} became {became} after {name} was posted"
        fix = (
            f"cancel {name} in the books and retry the case, or credit it and "
            "ignore the case with the credit memo as the reason"
        )
        return NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)
    sides = both_sides("the shop now charges", charged, f"{name} is", booked)
    fix = (
        f"post the difference in the books, or cancel {name} and post it "
        f"anew with reference {order.ref}; then retry the case"
    )
    return NeedsOperator(f"{order.ref}: {sides}", reason="EDIT_AFTER_POSTING", fix=fix)


def _half_invoiced(order: Order, one: Standing, charged: Totals, chain: Chain) -> NeedsOperator:
    name = f"{one.posted.kind} {one.posted.number}"
    state = "is still open" if one.is_open else "was closed before all of it was delivered"
    sides = both_sides("the shop now charges", charged, "what is invoiced is", chain.totals)
    msg = f"{order.ref}: part of {name} is invoiced and it {state}; {sides}"
    fix = (
        f"bring {name} and its invoices to what the shop sells, then retry the case, or ignore "
        "the case with the reason why both stay as they are"
    )
    return NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)


def _gone(order: Order, kind: DocumentKind) -> NeedsOperator:
    msg = f"{order.ref}: order {order.number} was posted, but its {kind} is cancelled in the books"
    fix = (
        f"post the {kind} by hand with reference {order.ref} and retry the case, "
        "or ignore the case when it was cancelled for good"
    )
    return NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)

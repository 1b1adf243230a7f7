"""Follows an order that changed after it was invoiced: credits what is less, invoices what is more.

All of it is worked out from what stands in the books and what the shop says now, so that it does
not matter how often, or after which death, it is done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from b1bridge.domain.amendments import Amendment, Invoiced, amendments
from b1bridge.domain.consistency import consistent
from b1bridge.domain.documents import DocumentKind, SalesDocument, Totals
from b1bridge.domain.identity import Posted
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order, is_called_off
from b1bridge.domain.proof import confirm
from b1bridge.domain.sales_documents import Codes, charged_totals, document_for, without_rows
from b1bridge.domain.standing import Standing, revision
from b1bridge.domain.text import single_line
from b1bridge.engine.flow import Did, Outcome
from b1bridge.engine.run import Run, Written
from b1bridge.ports.books import Books
from b1bridge.ports.shop import OrderSource, PaymentSource, RefundSource
from b1bridge.procedures.changes import link_change, next_revision
from b1bridge.procedures.open_periods import post_in_period
from b1bridge.procedures.order_options import OrderOptions
from b1bridge.procedures.order_writing import ledger_of
from b1bridge.procedures.refund_documents import refund_documents
from b1bridge.procedures.special_items import post_allocated

INVOICE = DocumentKind.INVOICE


async def change_invoices(
    run: Run,
    shop: OrderSource,
    books: Books,
    order: Order,
    invoiced: Invoiced,
    codes: Codes,
    options: OrderOptions,
) -> Outcome:
    """Post what makes all documents of the order come to what it comes to now."""
    told = await run.step("read its money", lambda: _with_money(shop, books, order, invoiced))
    wanted = await run.step("write the change", lambda: _wanted(books, order, told, codes, options))
    found = amendments(wanted, charged_now(order, codes), told, options)
    written = [await _post(run, books, order, one, options) for one in found]
    if not written:
        return Outcome(Did.ALREADY_THERE, "", (told.invoices[0].posted,))
    parts = zip(written, found, strict=True)
    notes = [f"{one.value.kind} {one.value.number} of {it.charged.total}" for one, it in parts]
    called_off = "is called off" if is_called_off(order) else "was changed"
    reason = f"order {order.number} {called_off}: {', '.join((*notes, *_still_kept(told, found)))}"
    did = Did.ALREADY_THERE if all(one.already_there for one in written) else Did.POSTED
    return Outcome(did, reason, tuple(one.value for one in written))


def charged_now(order: Order, codes: Codes) -> Totals:
    """Return what the shop charges for an order as it stands: nothing once it is called off."""
    if not is_called_off(order):
        return charged_totals(order, codes)
    nothing = Money.zero(order.currency)
    return Totals(nothing, nothing, nothing)


async def _with_money(
    shop: OrderSource, books: Books, order: Order, invoiced: Invoiced
) -> Invoiced:
    """Read what was captured and what went back, and the memos of that."""
    received = returned = None
    memos: tuple[Standing, ...] = ()
    recharges: tuple[Standing, ...] = ()
    if isinstance(shop, PaymentSource):
        payments = await shop.payments(order.ref)
        received = Money.sum((payment.amount for payment in payments), order.currency)
    if isinstance(shop, RefundSource):
        refunds = await shop.refunds(order.ref)
        returned = Money.sum((refund.returned for refund in refunds), order.currency)
        memos, recharges = await refund_documents(books, refunds)
    return replace(
        invoiced, refund_memos=memos, recharges=recharges, received=received, returned=returned
    )


async def _wanted(
    books: Books, order: Order, invoiced: Invoiced, codes: Codes, options: OrderOptions
) -> SalesDocument:
    """Write the order as it stands, with the reference and the day of the change."""
    rules = await books.rules()
    reserve = invoiced.invoices[0].reserve
    if is_called_off(order):
        document = without_rows(order, INVOICE, rules, options)
    else:
        fitted = consistent(order, options).order
        ledger = await ledger_of(
            books, fitted, codes, INVOICE, reserve=reserve, allocates=options.allocates
        )
        document = document_for(fitted, INVOICE, ledger, codes, options, reserve=reserve)
    number = next_revision((*invoiced.invoices, *invoiced.memos, *invoiced.prepaid_memos))
    day = _day(rules.day_of(order.modified_at), invoiced)
    return replace(
        document,
        reference=revision(str(order.ref), number),
        business_partner=invoiced.invoices[0].business_partner,
        posted_on=day,
        due_on=day + (document.due_on - document.posted_on),
        comments=single_line(f"Change {number} of order {order.number}. {order.comment}"),
    )


def _day(changed: date, invoiced: Invoiced) -> date:
    """Return the day of the change, which is never before what it changes."""
    return max(changed, *(one.posted_on for one in invoiced.invoices))


async def _post(
    run: Run, books: Books, order: Order, one: Amendment, options: OrderOptions
) -> Written[Posted]:
    document = one.document
    written = await run.write_once(
        f"post {document.kind} {document.reference}",
        find=lambda: books.find_document(document.kind, document.reference),
        write=lambda: post_in_period(
            books, document, options, lambda dated: post_allocated(books, dated, options)
        ),
    )
    posted = written.value
    await link_change(run, order, document.reference, posted)
    booked = await run.step(f"read back {posted.kind}", lambda: books.totals_of(posted))
    confirm(posted, document, one.charged, booked, one.tolerance)
    return written


def _still_kept(invoiced: Invoiced, found: tuple[Amendment, ...]) -> list[str]:
    """Say that a reserve invoice which is paid goes on keeping goods: nothing may draw it back."""
    if all(line.moves_stock for one in found for line in one.document.lines):
        return []
    return [
        f"close what the {one.posted.kind} {one.posted.number} still keeps for delivery by hand"
        for one in invoiced.invoices
        if one.reserve and any(row.open_quantity for row in one.rows)
    ]

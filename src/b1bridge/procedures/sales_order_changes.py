"""Follows an order that changed while the books hold it as a sales order or quotation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from b1bridge.domain.changes import change_between
from b1bridge.domain.documents import CompanyRules, DocumentKind, DocumentLine, SalesDocument
from b1bridge.domain.identity import Posted
from b1bridge.domain.money import Money
from b1bridge.domain.order_changes import (
    NewRows,
    check_open,
    is_delivered,
    new_rows,
    returned_rows,
    taken_over,
    was_closed,
)
from b1bridge.domain.orders import Order, is_called_off
from b1bridge.domain.proof import confirm
from b1bridge.domain.sales_documents import Codes, without_rows
from b1bridge.domain.standing import Standing, revision
from b1bridge.engine.flow import Did, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.books import Books
from b1bridge.procedures.changes import link_change, next_revision
from b1bridge.procedures.open_periods import post_in_period
from b1bridge.procedures.order_options import OrderOptions
from b1bridge.procedures.order_writing import Prepared, ledger_of, prepare


async def change_sales_order(
    run: Run, books: Books, order: Order, posted: Standing, codes: Codes, options: OrderOptions
) -> Outcome:
    """Cancel or close the order, change its rows, or take back what was delivered."""
    kind = posted.kind
    if kind is DocumentKind.QUOTATION and not posted.is_untouched:
        raise taken_over(posted, order.ref)
    if is_called_off(order):
        return await _call_off(run, books, order, posted, options)
    ledger = await run.step(
        "read company and items", lambda: ledger_of(books, order, codes, kind, reserve=False)
    )
    prepared = prepare(order, kind, ledger, codes, options, reserve=False)
    wanted = replace(prepared.document, business_partner=posted.business_partner)
    if is_delivered(posted):
        return await _take_back(run, books, order, posted, wanted, ledger.rules, options)
    return await _change_rows(run, books, order, posted, prepared, options)


async def change_head(
    run: Run, books: Books, order: Order, posted: Standing, codes: Codes, options: OrderOptions
) -> None:
    """Let addresses, dates and texts of an open sales order be what the order says now."""
    kind = posted.kind
    ledger = await run.step(
        "read what its head needs", lambda: ledger_of(books, order, codes, kind, reserve=False)
    )
    document = prepare(order, kind, ledger, codes, options, reserve=False).document
    await run.step(f"change head of {kind}", lambda: books.change_head(posted.posted, document))


async def _call_off(
    run: Run, books: Books, order: Order, posted: Standing, options: OrderOptions
) -> Outcome:
    name = f"{posted.posted.kind} {posted.posted.number}"
    rules = await run.step("read company", books.rules)
    nothing = without_rows(order, posted.kind, rules, options)
    if is_delivered(posted):
        wanted = replace(nothing, business_partner=posted.business_partner)
        return await _take_back(run, books, order, posted, wanted, rules, options)
    if was_closed(posted):
        return _done(Did.ALREADY_THERE, posted, f"order {order.number}: {name} is closed")
    if posted.is_untouched:
        await run.write_once(
            f"cancel {posted.kind}",
            find=lambda: _unless(books, posted, standing=True),
            write=lambda: books.cancel_document(posted.posted),
        )
        return _done(Did.POSTED, posted, f"order {order.number}: {name} was cancelled")
    check_open(posted, nothing)
    await run.write_once(
        f"close {posted.kind}",
        find=lambda: _unless(books, posted, standing=False),
        write=lambda: books.close_document(posted.posted),
    )
    why = f"order {order.number}: {name} was closed, for part of it was delivered"
    return _done(Did.POSTED, posted, why)


async def _change_rows(
    run: Run,
    books: Books,
    order: Order,
    posted: Standing,
    prepared: Prepared,
    options: OrderOptions,
) -> Outcome:
    rows = new_rows(posted, prepared.document)
    written = await run.write_once(
        f"change {posted.kind}",
        find=lambda: _if_changed(books, posted, rows, prepared),
        write=lambda: books.change_document(posted.posted, rows.document, rows.numbers),
    )
    booked = await run.step("read back totals", lambda: books.totals_of(posted.posted))
    note = confirm(posted.posted, rows.document, prepared.charged, booked, options)
    notes = dict.fromkeys((*prepared.notes, note))
    told = "; ".join(note for note in notes if note)
    why = f"order {order.number} was changed to {booked.total}{f'; {told}' if told else ''}"
    did = Did.ALREADY_THERE if written.already_there else Did.POSTED
    return _done(did, posted, why)


async def _take_back(
    run: Run,
    books: Books,
    order: Order,
    posted: Standing,
    wanted: SalesDocument,
    rules: CompanyRules,
    options: OrderOptions,
) -> Outcome:
    deliveries = await run.step(
        "read deliveries", lambda: books.drawn_from(posted, DocumentKind.DELIVERY)
    )
    lines = returned_rows(posted, deliveries, wanted)
    if not lines:
        return _done(Did.ALREADY_THERE, posted, "")
    earlier = await run.step(
        "read returns", lambda: books.standing(DocumentKind.RETURN, str(order.ref))
    )
    day = max(rules.day_of(order.modified_at), *(one.posted_on for one in deliveries))
    document = _return(order, wanted, lines, next_revision(earlier), day)
    written = await run.write_once(
        f"post return {document.reference}",
        find=lambda: books.find_document(document.kind, document.reference),
        write=lambda: post_in_period(books, document, options, books.post_document),
    )
    await link_change(run, order, document.reference, written.value)
    pieces = ", ".join(f"{line.quantity.normalize():f} {line.item}" for line in lines)
    why = f"order {order.number}: return {written.value.number} takes back {pieces}"
    return Outcome(Did.POSTED, why, (written.value,))


def _return(
    order: Order, wanted: SalesDocument, lines: tuple[DocumentLine, ...], number: int, day: date
) -> SalesDocument:
    """Write the return, dated no earlier than what it takes back."""
    return replace(
        wanted,
        kind=DocumentKind.RETURN,
        reference=revision(str(order.ref), number),
        posted_on=day,
        due_on=day,
        lines=lines,
        expenses=(),
        rounding=Money.zero(order.currency),
    )


async def _unless(books: Books, posted: Standing, *, standing: bool) -> Posted | None:
    """Return the order once it is off the books, or closed where it may go on standing."""
    for one in await books.standing(posted.kind, posted.reference):
        if one.posted == posted.posted and (standing or one.is_open):
            return None
    return posted.posted


async def _if_changed(
    books: Books, posted: Standing, rows: NewRows, prepared: Prepared
) -> Posted | None:
    for one in await books.standing(posted.kind, posted.reference):
        same = one.totals.total == prepared.charged.total
        if one.posted == posted.posted and same and not change_between(rows.document, [one], ()):
            return posted.posted
    return None


def _done(did: Did, posted: Standing, why: str) -> Outcome:
    return Outcome(did, why, (posted.posted,))

"""Posts the document of an order: prepared and proved first, posted once, read back, proved."""

from __future__ import annotations

from dataclasses import replace

from b1bridge.domain.addresses import ShipTo
from b1bridge.domain.components import with_components
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.items import goods_by_item
from b1bridge.domain.orders import Order, OrderState, is_called_off, why_no_sale
from b1bridge.domain.partners import collective_code
from b1bridge.domain.proof import confirm
from b1bridge.domain.sales_documents import Codes
from b1bridge.engine.flow import Did, Outcome
from b1bridge.engine.run import Run, Written
from b1bridge.ports.books import Books
from b1bridge.ports.shop import OrderSource, OrderVersions, PaymentSource
from b1bridge.procedures.addresses import address_notes, ship_to_once
from b1bridge.procedures.open_periods import post_in_period
from b1bridge.procedures.order_options import OrderOptions
from b1bridge.procedures.order_writing import Prepared, codes_of, ledger_of, prepare
from b1bridge.procedures.partners import business_partner_for
from b1bridge.procedures.posted_orders import follow_order, note_number
from b1bridge.procedures.price_differences import price_notes
from b1bridge.procedures.special_items import post_allocated

UNCHANGED = "nothing has changed since the last run"


async def order_to_document(
    run: Run,
    shop: OrderSource,
    books: Books,
    options: OrderOptions,
    kind: DocumentKind,
    *,
    reserve: bool = False,
) -> Outcome:
    """Make the order a document of the books, once and to the cent."""
    order, known = await run.step("read order", lambda: _read(run, shop, kind))
    if order is None:
        run.saw(run.seen)
        return Outcome(Did.ALREADY_THERE if known else Did.SKIPPED, UNCHANGED)
    run.saw(order.version)
    codes = await codes_of(run)
    no_sale = why_no_sale(order, post_zero_orders=options.post_zero_orders)
    if no_sale and not known:
        known = await _was_posted(run, books, order, kind)
        if not known and not await _was_paid(run, shop, order, kind):
            await run.in_flight.release(order.ref)
            return Outcome(Did.SKIPPED, no_sale)
    order = with_components(order, codes.freight)
    if not known:
        posted = await _post_new(run, shop, books, order, kind, codes, options, reserve=reserve)
        if posted and not is_called_off(order):
            return posted
    return await follow_order(run, shop, books, order, kind, codes, options)


async def _was_posted(run: Run, books: Books, order: Order, kind: DocumentKind) -> bool:
    """Tell whether an order that is no sale has a document that we forgot."""
    reference = str(order.ref)
    found = await run.step("look for a document", lambda: books.find_document(kind, reference))
    return found is not None


async def _was_paid(run: Run, shop: OrderSource, order: Order, kind: DocumentKind) -> bool:
    """Tell whether money was captured for a cancelled order: that is a sale, then called off.

    A sales order books nothing, so it need not be posted for that.
    """
    if order.state is not OrderState.CANCELLED or kind is not DocumentKind.INVOICE:
        return False
    if not isinstance(shop, PaymentSource):
        return False
    tills = shop
    return bool(await run.step("look for its money", lambda: tills.payments(order.ref)))


async def _post_new(
    run: Run,
    shop: OrderSource,
    books: Books,
    order: Order,
    kind: DocumentKind,
    codes: Codes,
    options: OrderOptions,
    *,
    reserve: bool,
) -> Outcome | None:
    """Post the order; None when an earlier run had posted it, perhaps otherwise than it is now."""
    await run.in_flight.hold(order.ref, goods_by_item(order.lines, codes.sku))
    ledger = await run.step(
        "read company and items",
        lambda: ledger_of(books, order, codes, kind, reserve=reserve, allocates=options.allocates),
    )
    if ledger.units or ledger.kits:
        taken = goods_by_item(order.lines, codes.sku, ledger.units, ledger.kits)
        await run.in_flight.hold(order.ref, taken)
    prepared = prepare(order, kind, ledger, codes, options, reserve=reserve)
    notes = await address_notes(books, prepared.document, options)
    prepared = replace(prepared, notes=(*prepared.notes, *notes))
    written, partner = await _post(run, books, order, prepared, options)
    await run.in_flight.release(order.ref)
    if written.already_there:
        return None
    dear = await price_notes(run, books, order, partner, ledger, codes, options)
    prepared = replace(prepared, notes=(*prepared.notes, *dear))
    return await _prove(run, shop, books, order, prepared, written.value, options)


async def _read(run: Run, shop: OrderSource, kind: DocumentKind) -> tuple[Order | None, bool]:
    """Read the order unless it is as it was, and whether a run has linked it to a document."""
    if run.seen and isinstance(shop, OrderVersions) and await shop.version(run.ref) == run.seen:
        return None, await _is_linked(run, run.ref, kind)
    order = await shop.order(run.ref)
    return order, await _is_linked(run, order.ref, kind)


async def _is_linked(run: Run, order: Ref, kind: DocumentKind) -> bool:
    linked = await run.links.linked(order, kind.value)
    return linked is not None and linked.connection == run.target


async def _post(
    run: Run, books: Books, order: Order, prepared: Prepared, options: OrderOptions
) -> tuple[Written[Posted], str]:
    """Post it, and tell the business partner that it was posted for."""
    partner = await business_partner_for(run, books, order.customer, order.currency, options)
    document = replace(prepared.document, business_partner=partner.value)
    if options.ship_to is ShipTo.UPSERT and not collective_code(order.customer, options):
        await ship_to_once(run, books, partner.value, document.ship_to)
    written = await run.write_once(
        f"post {document.kind}",
        find=lambda: books.find_document(document.kind, document.reference),
        write=lambda: post_in_period(
            books, document, options, lambda dated: post_allocated(books, dated, options)
        ),
    )
    posted = written.value
    other = Ref(run.target, document.kind.value, str(posted.entry))
    await run.links.link(order.ref, other, number=str(posted.number))
    return written, partner.value


async def _prove(
    run: Run,
    shop: OrderSource,
    books: Books,
    order: Order,
    prepared: Prepared,
    posted: Posted,
    options: OrderOptions,
) -> Outcome:
    booked = await run.step("read back totals", lambda: books.totals_of(posted))
    note = confirm(posted, prepared.document, prepared.charged, booked, options)
    await note_number(run, shop, order, posted, options)
    notes = dict.fromkeys((*prepared.notes, note))
    return Outcome(Did.POSTED, "; ".join(note for note in notes if note), (posted,))

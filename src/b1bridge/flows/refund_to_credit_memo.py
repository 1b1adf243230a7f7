"""The refunds of an order become credit memos, and the money that went back outgoing payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from b1bridge.domain.documents import DocumentKind, DocumentLine
from b1bridge.domain.down_payment_credits import gives_back_prepaid
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.outgoing_payments import OutgoingPayment
from b1bridge.domain.refunded_pieces import moves
from b1bridge.domain.refunded_sales import (
    RefundedSale,
    check_refundable,
    check_still_refunded,
)
from b1bridge.domain.refunds import Refund
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run, Written
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import Books
from b1bridge.ports.shop import OrderSource, PaymentSource, RefundSource
from b1bridge.procedures.credit_memos import (
    CreditOptions,
    post_memo,
    prepared_memo,
)
from b1bridge.procedures.order_writing import codes_of
from b1bridge.procedures.outgoing_payments import (
    PaymentTerms,
    outgoing_payments,
    post_payout,
    settling_for,
)
from b1bridge.procedures.refund_corrections import Correction, post_correction
from b1bridge.procedures.refund_documents import refund_documents

MEMO, INVOICE = DocumentKind.CREDIT_MEMO, DocumentKind.INVOICE
UNCHANGED = "nothing more was refunded since the last run"


@dataclass(frozen=True, kw_only=True)
class Options(CreditOptions):
    """`pay_out` posts the money that went back; without it the credit stays open."""

    pay_out: bool = True


@dataclass(slots=True)
class _Work:
    """What a run has at hand, and what it came to."""

    run: Run
    books: Books
    options: Options
    sale: RefundedSale
    posted: list[Written[Posted]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waits: bool = False


async def refund_to_credit_memo(
    run: Run, shop: RefundSource, books: Books, options: Options
) -> Outcome:
    """Credit what really went back, each refund once and to the cent, and pay it out."""
    refunds = await run.step("read refunds", lambda: shop.refunds(run.ref))
    if not refunds:
        return Outcome(Did.SKIPPED, "nothing of this order was refunded")
    sale = await run.step("read order and payments", lambda: _sold(shop, run.ref, refunds))
    version = _version(sale)
    if version == run.seen:
        run.saw(version)
        return await _as_before(run, refunds)
    check_refundable(sale.order, sale.received, refunds)
    sale = await run.step("read invoices and memos", lambda: _in_books(sale, books))
    if not sale.invoices and not sale.prepaid:
        why = "no invoice carries this order yet; the run that posts it brings its refunds back"
        return Outcome(Did.SKIPPED, why)
    work = _Work(run, books, options, sale)
    # Money for an edit comes back as an amount; what is left to credit is for goods first.
    for refund in sorted(refunds, key=lambda one: not one.gives_goods):
        await _settle(work, refund)
    await _correct_amounts(work)
    await _move_pieces(work)
    if not work.waits:
        run.saw(version)
    return _outcome(work)


async def _sold(shop: RefundSource, ref: Ref, refunds: tuple[Refund, ...]) -> RefundedSale:
    """Read the order and what was captured; a shop that tells no payments is taken to be paid."""
    if not isinstance(shop, OrderSource):
        msg = f"{ref}: the shop tells of refunds and not of orders"
        raise NeedsOperator(msg, reason="OPTIONS", fix="switch this sync off")
    order = await shop.order(ref)
    if not isinstance(shop, PaymentSource):
        return RefundedSale(order, order.total, refunds)
    payments = await shop.payments(ref)
    received = Money.sum((payment.amount for payment in payments), order.currency)
    return RefundedSale(order, received, refunds, payments=tuple(payments))


async def _in_books(sale: RefundedSale, books: Books) -> RefundedSale:
    reference = str(sale.order.ref)
    changes = await books.standing(MEMO, reference)
    prepaid = tuple(memo for memo in changes if gives_back_prepaid(memo))
    memos, recharges = await refund_documents(books, sale.refunds)
    return replace(
        sale,
        invoices=await books.standing(INVOICE, reference),
        changes=tuple(memo for memo in changes if memo not in prepaid),
        memos=memos,
        prepaid=prepaid,
        recharges=recharges,
    )


async def _settle(work: _Work, refund: Refund) -> None:
    memo = work.sale.memo_of(refund.ref)
    if memo is not None:
        check_still_refunded(refund, memo)
        work.posted.append(Written(memo.posted, already_there=True))
    if refund.pending:
        work.notes.append(f"{refund.ref.id}: {refund.pending} waits for the gateway")
        return
    if not refund.returned:
        work.notes.append(f"{refund.ref.id}: the gateway declined it")
        return
    payments = await _payments(work, refund)
    if memo is None:
        await _credit(work, refund)
    for payment in payments:
        await _pay_out(work, refund, payment)


async def _payments(work: _Work, refund: Refund) -> list[OutgoingPayment]:
    """Write what went back as payments, before anything is posted."""
    if not work.options.pay_out:
        return []
    if not work.sale.received:
        work.notes.append(f"{refund.ref.id}: nothing was captured, so nothing is paid out")
        return []
    rules = await work.run.step("read company", work.books.rules)
    methods = await work.run.crosswalk("payment_method")
    return outgoing_payments(work.sale, refund, PaymentTerms(methods, rules, work.options))


async def _credit(work: _Work, refund: Refund) -> None:
    credit = min(work.sale.left_to_credit, refund.returned, key=lambda money: money.amount)
    if not credit:
        _explain(work, refund)
        return
    run, books, options = work.run, work.books, work.options
    memo = await prepared_memo(run, books, work.sale, refund, credit, options)
    written, standing, note = await post_memo(run, books, refund, memo, options)
    work.sale = work.sale.with_memo(standing)
    work.posted.append(written)
    work.notes.extend(one for one in dict.fromkeys((*memo.notes, note)) if one)


async def _correct_amounts(work: _Work) -> None:
    """Charge what memos credit too much by now, or credit what they lack by now."""
    sale = work.sale
    if amount := sale.credited_too_much:
        note = f"{amount} credited by refunds are charged again: the order owes them"
        await _correct(work, INVOICE, amount, note)
    elif amount := sale.left_to_credit:
        note = f"{amount} of what went back are credited besides: no edit credits them any more"
        await _correct(work, MEMO, amount, note)


async def _move_pieces(work: _Work) -> None:
    """Leave in stock what order and refunds leave there, once the amounts are right."""
    if work.waits or not work.sale.is_settled:
        return
    codes, nothing = await codes_of(work.run), Money.zero(work.sale.order.currency)
    found = moves(work.sale, codes.sku, work.options)
    if found.back:
        note = "pieces that were refunded or are not ordered any more are back in stock"
        await _correct(work, MEMO, nothing, note, found.back)
    if found.out:
        note = "pieces that a refund brought back are out of stock again"
        await _correct(work, INVOICE, nothing, note, found.out)


async def _correct(
    work: _Work,
    kind: DocumentKind,
    amount: Money,
    note: str,
    rows: tuple[DocumentLine, ...] = (),
) -> None:
    """Post a correction; the books' next reading has to find it, so the sale chooses its name."""
    correction = Correction(work.sale.correctable, kind, amount, rows)
    written, standing, rounding = await post_correction(
        work.run, work.books, work.sale, correction, work.options
    )
    correct = work.sale.with_memo if kind is MEMO else work.sale.with_recharge
    work.sale = correct(standing)
    work.posted.append(written)
    work.notes.extend(one for one in (note, rounding) if one)


def _explain(work: _Work, refund: Refund) -> None:
    """Say why a refund is not credited: by now it need not be, or not yet."""
    if work.sale.to_credit and not work.sale.is_settled:
        work.waits = True
        work.notes.append(f"{refund.ref.id}: {refund.returned} wait for what the order owes")
    else:
        work.notes.append(f"{refund.ref.id}: {refund.returned} are credited by the order's change")


async def _pay_out(work: _Work, refund: Refund, payment: OutgoingPayment) -> None:
    """Pay against open credit; what was captured beyond all invoices goes back without."""
    reference = payment.reference
    found = await work.run.step(
        f"look for {reference}", lambda: work.books.find_outgoing(reference)
    )
    if found is not None:
        work.posted.append(Written(found, already_there=True))
        return
    settling = settling_for(payment, refund, work.sale)
    if settling is None:
        work.waits = True
        work.notes.append(f"{reference} waits for the credit memo of the order's change")
        return
    work.posted.append(await post_payout(work.run, work.books, refund, settling, work.options))
    work.sale = work.sale.with_paid(settling.settles)


async def _as_before(run: Run, refunds: Sequence[Refund]) -> Outcome:
    links = [await run.links.linked(refund.ref, MEMO.value) for refund in refunds]
    posted = any(link and link.connection == run.target for link in links)
    return Outcome(Did.ALREADY_THERE if posted else Did.SKIPPED, UNCHANGED)


def _outcome(work: _Work) -> Outcome:
    did = Did.SKIPPED
    if work.posted:
        new = not all(written.already_there for written in work.posted)
        did = Did.POSTED if new else Did.ALREADY_THERE
    return Outcome(did, "; ".join(work.notes), tuple(written.value for written in work.posted))


def _version(sale: RefundedSale) -> str:
    """Name what this flow has read; it does not begin with a moment, so no look mistakes it."""
    refunds = (f"{r.ref.id} {r.returned} {r.pending} {r.declined}" for r in sale.refunds)
    return f"refunds {', '.join(refunds)}; of {sale.charged} received {sale.received}"


FLOW = Flow(
    name="refund-to-credit-memo",
    on="order",
    source=RefundSource,
    target=Books,
    body=refund_to_credit_memo,
    options=Options,
)

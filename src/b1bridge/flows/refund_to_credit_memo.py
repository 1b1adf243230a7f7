"""The refunds of an order become credit memos, and the money that went back outgoing payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.down_payment_credits import gives_back_prepaid
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order
from b1bridge.domain.outgoing_payments import OutgoingPayment
from b1bridge.domain.refunded_sales import (
    RefundedSale,
    check_credited,
    check_refundable,
    check_still_refunded,
)
from b1bridge.domain.refunds import Refund
from b1bridge.domain.standing import Standing
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run, Written
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import Books
from b1bridge.ports.shop import OrderSource, PaymentSource, RefundSource
from b1bridge.procedures.credit_memos import (
    CreditOptions,
    post_memo,
    post_recharge,
    prepared_memo,
)
from b1bridge.procedures.outgoing_payments import (
    PaymentTerms,
    outgoing_payments,
    post_payout,
    settling_for,
)

MEMO = DocumentKind.CREDIT_MEMO
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
    order, received = await run.step("read order and payments", lambda: _sold(shop, run.ref))
    sale = RefundedSale(order, received, refunds)
    version = _version(sale)
    if version == run.seen:
        run.saw(version)
        return await _as_before(run, refunds)
    check_refundable(order, received, refunds)
    sale = await run.step("read invoices and memos", lambda: _in_books(sale, books))
    if not sale.invoices and not sale.prepaid:
        why = "no invoice carries this order yet; the run that posts it brings its refunds back"
        return Outcome(Did.SKIPPED, why)
    work = _Work(run, books, options, sale)
    # Money for an edit comes back as an amount; what is left to credit is for goods first.
    for refund in sorted(refunds, key=lambda one: not one.gives_goods):
        await _settle(work, refund)
    await _charge_again(work)
    if not work.waits:
        check_credited(work.sale)
        run.saw(version)
    return _outcome(work)


async def _sold(shop: RefundSource, ref: Ref) -> tuple[Order, Money]:
    """Read the order and what was captured; a shop that tells no payments is taken to be paid."""
    if not isinstance(shop, OrderSource):
        msg = f"{ref}: the shop tells of refunds and not of orders"
        raise NeedsOperator(msg, reason="OPTIONS", fix="switch this sync off")
    order = await shop.order(ref)
    if not isinstance(shop, PaymentSource):
        return order, order.total
    payments = await shop.payments(ref)
    return order, Money.sum((payment.amount for payment in payments), order.currency)


async def _in_books(sale: RefundedSale, books: Books) -> RefundedSale:
    reference = str(sale.order.ref)
    changes = await books.standing(MEMO, reference)
    prepaid = tuple(memo for memo in changes if gives_back_prepaid(memo))
    memos: list[Standing] = []
    for refund in sale.refunds:
        memos.extend(await books.standing(MEMO, str(refund.ref)))
    recharges: list[Standing] = []
    for memo in memos:
        recharges.extend(await books.standing(DocumentKind.INVOICE, memo.reference))
    return RefundedSale(
        sale.order,
        sale.received,
        sale.refunds,
        invoices=await books.standing(DocumentKind.INVOICE, reference),
        changes=tuple(memo for memo in changes if memo not in prepaid),
        memos=tuple(memos),
        prepaid=prepaid,
        recharges=tuple(recharges),
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


async def _charge_again(work: _Work) -> None:
    """Charge what memos credit too much by now; the last refund with a memo lends its name."""
    amount = work.sale.credited_too_much
    refund = next((r for r in reversed(work.sale.refunds) if work.sale.memo_of(r.ref)), None)
    if not amount or refund is None:
        return
    written, note = await post_recharge(
        work.run, work.books, work.sale, refund, amount, work.options
    )
    work.posted.append(written)
    work.notes.append(f"{amount} credited by refunds are charged again: the order owes them")
    work.notes.extend([note] if note else [])


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

"""The captured payments of an order settle its invoice."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.documents import CompanyRules, DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.payments import (
    IncomingPayment,
    PostedInvoice,
    check_settles,
    incoming_payment,
)
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run, Written
from b1bridge.ports.books import Books
from b1bridge.ports.shop import PaymentSource

KIND = "incoming payment"


@dataclass(frozen=True, kw_only=True)
class Options:
    """Nothing to declare: accounts are in the payment_method crosswalk."""


async def payment_to_incoming_payment(
    run: Run, shop: PaymentSource, books: Books, _options: Options
) -> Outcome:
    """Post every captured tender against the order's invoice, each once, on its own account."""
    payments = await run.step("read payments", lambda: shop.payments(run.ref))
    if not payments:
        return Outcome(Did.SKIPPED, "the shop has captured no payment for this order yet")
    captured = ", ".join(f"{payment.ref.id} {payment.amount}" for payment in payments)
    if captured == run.seen:
        run.saw(captured)
        links = [await run.links.linked(payment.ref, KIND) for payment in payments]
        posted = all(link and link.connection == run.target for link in links)
        did = Did.ALREADY_THERE if posted else Did.SKIPPED
        return Outcome(did, "nothing more was captured since the last run")
    found = await run.step("find invoice", lambda: _invoice_of(run.ref, books))
    if found is None:
        why = "no invoice carries this order yet; the run that posts it brings its payments back"
        return Outcome(Did.SKIPPED, why)
    run.saw(captured)
    invoice, rules = found
    check_settles(payments, invoice)
    methods = await run.crosswalk("payment_method")
    incoming = [incoming_payment(payment, invoice, methods, rules) for payment in payments]
    written = [await _post(run, books, payment) for payment in incoming]
    did = Did.ALREADY_THERE if all(w.already_there for w in written) else Did.POSTED
    return Outcome(did, "", tuple(w.value for w in written))


async def _invoice_of(order: Ref, books: Books) -> tuple[PostedInvoice, CompanyRules] | None:
    found = await books.booked(DocumentKind.INVOICE, str(order))
    if found is None:
        return None
    invoice = PostedInvoice(found.posted, found.business_partner, found.totals.total)
    return invoice, await books.rules()


async def _post(run: Run, books: Books, payment: IncomingPayment) -> Written[Posted]:
    written = await run.write_once(
        f"post payment {payment.reference}",
        find=lambda: books.find_payment(payment.reference),
        write=lambda: books.post_payment(payment),
    )
    other = Ref(run.target, KIND, str(written.value.entry))
    number = str(written.value.number)
    await run.links.link(Ref.parse(payment.reference), other, number=number)
    return written


FLOW = Flow(
    name="payment-to-incoming-payment",
    on="order",
    source=PaymentSource,
    target=Books,
    body=payment_to_incoming_payment,
    options=Options,
)

"""Posts one payment, once, and notes which one it is."""

from __future__ import annotations

from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.payments import IncomingPayment
from b1bridge.domain.periods import PeriodPolicy
from b1bridge.engine.run import Run, Written
from b1bridge.ports.books import Books
from b1bridge.procedures.open_periods import post_in_period

KIND = "incoming payment"


async def post_incoming(
    run: Run, books: Books, payment: IncomingPayment, policy: PeriodPolicy
) -> Written[Posted]:
    """Post the payment unless the books have it, whatever it settled there."""
    written = await run.write_once(
        f"post payment {payment.reference}",
        find=lambda: books.find_payment(payment.reference),
        write=lambda: post_in_period(books, payment, policy, books.post_payment),
    )
    other = Ref(run.target, KIND, str(written.value.entry))
    number = str(written.value.number)
    await run.links.link(Ref.parse(payment.reference), other, number=number)
    return written

"""Compares the money that was captured for an order with its incoming payments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from b1bridge.domain.differences import (
    PAYMENT_FLOWS,
    Difference,
    Kind,
    OrderStory,
    Owner,
    View,
)
from b1bridge.domain.ledger import LedgerPayment, PaymentKind
from b1bridge.domain.money import Money
from b1bridge.domain.payments import Payment
from b1bridge.domain.reconciled_documents import received_of


def incoming(story: OrderStory) -> list[LedgerPayment]:
    """Return the incoming payments in force."""
    return [one for one in story.payments if one.kind is PaymentKind.INCOMING and not one.cancelled]


def payment_differences(story: OrderStory, view: View) -> Iterator[Difference]:
    """Name payments that are missing, doubled, off, strange, or settle something else."""
    found: dict[str, list[LedgerPayment]] = defaultdict(list)
    for one in incoming(story):
        found[one.reference].append(one)
    for reference, payments in found.items():
        if len(payments) > 1:
            yield _doubled(story, reference, payments)
    yield from _astray(story, found)
    if story.captured is None:
        yield from _sum(story, view, found)
        return
    captured = {str(payment.ref): payment for payment in story.captured}
    for reference, payment in captured.items():
        yield from _captured(story, view, payment, found.get(reference, []))
    for reference, payments in found.items():
        if reference not in captured:
            yield _unknown(story, payments[0])


def _sum(
    story: OrderStory, view: View, found: dict[str, list[LedgerPayment]]
) -> Iterator[Difference]:
    """Compare the sums while the shop has not been asked for the single payments."""
    received = received_of(story)
    if received is None:
        return
    booked = Money.sum((one[0].amount for one in found.values()), received.currency)
    known = {entry.partition(":")[2].strip() for entry in view.accounts.values()}
    strange = {one[0].account for one in found.values()} - known if known else set()
    if booked != received or strange:
        yield Difference(
            kind=Kind.PAYMENT_OFF,
            order=story.ref,
            message=f"{received} was captured, {booked} came in",
            owner=Owner.FINANCE,
            fix=view.start("payment-to-", story.ref),
            shop=received,
            books=booked,
            explained=view.why_not_yet(story, *PAYMENT_FLOWS),
        )


def _captured(
    story: OrderStory, view: View, payment: Payment, found: list[LedgerPayment]
) -> Iterator[Difference]:
    if not found:
        yield _missing(story, view, payment)
    elif found[0].amount != payment.amount:
        yield Difference(
            kind=Kind.PAYMENT_OFF,
            order=story.ref,
            message=f"{payment.ref.id} captured {payment.amount} by {payment.method}, incoming "
            f"payment {found[0].posted.number} is {found[0].amount}",
            owner=Owner.FINANCE,
            fix="cancel the payment in the books, then " + view.start("payment-to-", story.ref),
            shop=payment.amount,
            books=found[0].amount,
            documents=(found[0].posted,),
        )
    elif (wanted := _account(view, payment)) and wanted != found[0].account:
        yield Difference(
            kind=Kind.PAYMENT_ACCOUNT,
            order=story.ref,
            message=f"incoming payment {found[0].posted.number} of {payment.amount} by "
            f"{payment.method} is on account {found[0].account}, the crosswalk says {wanted}",
            owner=Owner.FINANCE,
            fix="move it with a journal entry, or cancel it in the books and then "
            + view.start("payment-to-", story.ref),
            shop=payment.amount,
            books=found[0].amount,
            documents=(found[0].posted,),
        )


def _account(view: View, payment: Payment) -> str:
    return view.accounts.get(payment.method, "").partition(":")[2].strip()


def _missing(story: OrderStory, view: View, payment: Payment) -> Difference:
    reference = str(payment.ref)
    gone = [one for one in story.payments if one.cancelled and one.reference == reference]
    said = f"; payment {gone[0].posted.number} was cancelled" if gone else ""
    return Difference(
        kind=Kind.PAYMENT_MISSING,
        order=story.ref,
        message=f"{payment.ref.id} captured {payment.amount} by {payment.method}, and the books "
        f"have no incoming payment of it{said}",
        owner=Owner.FINANCE if gone else Owner.OPERATOR,
        fix=view.start("payment-to-", story.ref),
        shop=payment.amount,
        books=Money.zero(payment.amount.currency),
        documents=tuple(one.posted for one in gone),
        explained="" if gone else view.why_not_yet(story, *PAYMENT_FLOWS),
    )


def _doubled(story: OrderStory, reference: str, payments: list[LedgerPayment]) -> Difference:
    numbers = " and ".join(str(one.posted.number) for one in payments)
    first = payments[0]
    return Difference(
        kind=Kind.PAYMENT_DOUBLED,
        order=story.ref,
        message=f"incoming payments {numbers} carry the same reference {reference}",
        owner=Owner.FINANCE,
        fix=f"cancel all but incoming payment {first.posted.number} in the books",
        shop=first.amount,
        books=Money.sum((one.amount for one in payments), first.amount.currency),
        documents=tuple(one.posted for one in payments),
    )


def _unknown(story: OrderStory, payment: LedgerPayment) -> Difference:
    return Difference(
        kind=Kind.PAYMENT_UNKNOWN,
        order=story.ref,
        message=f"incoming payment {payment.posted.number} over {payment.amount} carries "
        f"{payment.reference}, and the shop has captured no such money",
        owner=Owner.FINANCE,
        fix="cancel the payment in the books, or clear its remarks when it is somebody else's",
        shop=Money.zero(payment.amount.currency),
        books=payment.amount,
        documents=(payment.posted,),
    )


def _astray(story: OrderStory, found: dict[str, list[LedgerPayment]]) -> Iterator[Difference]:
    """Name payments that settle a document which is not the order's."""
    own = {(one.kind.value, one.posted.entry) for one in story.documents}
    for payments in found.values():
        for one in payments:
            strange = [s for s in one.settles if (s.kind, s.entry) not in own]
            if strange:
                yield Difference(
                    kind=Kind.PAYMENT_ASTRAY,
                    order=story.ref,
                    message=f"incoming payment {one.posted.number} over {one.amount} settles "
                    f"{strange[0].kind} with key {strange[0].entry}, which is not of this order",
                    owner=Owner.FINANCE,
                    fix="cancel the payment in the books, then run its flow again",
                    shop=one.amount,
                    books=one.amount - strange[0].amount,
                    documents=(one.posted,),
                )

"""Payments are posted once and close the invoice they pay."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from b1bridge.domain.customers import Address
from b1bridge.domain.documents import DocumentKind, DocumentLine, SalesDocument
from b1bridge.domain.money import Money
from b1bridge.domain.payments import IncomingPayment, Means, Settled
from b1bridge.errors import OutcomeUnknown, Rejected
from b1sim.company import clerk

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()
BANK, CASH = "_SYS00000000203", "_SYS00000000202"
REFERENCE = "shop-eu/payment/812:1"


def eur(amount):
    return Money.of(amount, "EUR")


AN_INVOICE = SalesDocument(
    kind=DocumentKind.INVOICE,
    reference="shop-eu/order/812",
    business_partner="C1",
    posted_on=TODAY,
    due_on=TODAY,
    currency="EUR",
    gross=False,
    lines=(DocumentLine("TEA", "", Decimal(1), eur("100.00"), "A20", Decimal(20), "01"),),
    expenses=(),
    rounding=eur(0),
    ship_to=Address(),
    bill_to=Address(),
)


@pytest.fixture
async def invoice(books):
    """Post an invoice of 120.00."""
    return await books.post_document(AN_INVOICE)


@pytest.fixture
def payment(invoice):
    return IncomingPayment(
        reference=REFERENCE,
        business_partner="C1",
        settles=(Settled(DocumentKind.INVOICE, invoice.entry, eur("120.00")),),
        account=BANK,
        means=Means.TRANSFER,
        amount=eur("120.00"),
        posted_on=TODAY,
        gateway_reference="ch_3N",
        remarks="BigCommerce 812",
    )


def part_of(payment, amount, **given):
    """Pay less of the same invoice."""
    settles = (replace(payment.settles[0], amount=eur(amount)),)
    return replace(payment, amount=eur(amount), settles=settles, **given)


def paid(world, invoice):
    header = world.company.read("Invoices", {"DocEntry": invoice.entry})
    return header["PaidToDate"], header["DocumentStatus"]


async def test_a_payment_closes_its_invoice_and_is_found(books, world, invoice, payment):
    posted = await books.post_payment(payment)

    assert paid(world, invoice) == (Decimal(120), "bost_Close")
    assert await books.find_payment(REFERENCE) == posted


async def test_two_payments_close_an_invoice_together(books, world, invoice, payment):
    await books.post_payment(part_of(payment, "50.00"))
    await books.post_payment(
        part_of(payment, "70.00", reference="other", means=Means.CASH, account=CASH)
    )

    assert paid(world, invoice) == (Decimal(120), "bost_Close")


async def test_a_payment_is_not_taken_for_one_whose_reference_is_longer(books, payment):
    await books.post_payment(replace(payment, reference=REFERENCE + "0"))

    assert await books.find_payment(REFERENCE) is None


async def test_a_cancelled_payment_counts_as_not_there(books, world, payment):
    posted = await books.post_payment(payment)
    world.company.act("IncomingPayments", {"DocEntry": posted.entry}, "Cancel")

    assert await books.find_payment(REFERENCE) is None


async def test_a_lost_answer_is_of_unknown_outcome_and_the_payment_is_found(books, world, payment):
    world.lose_reply("IncomingPayments")

    with pytest.raises(OutcomeUnknown):
        await books.post_payment(payment)

    assert await books.find_payment(REFERENCE) is not None


async def test_paying_again_leads_to_the_earlier_payment(books, world, payment):
    first = await books.post_payment(payment)

    assert await books.post_payment(payment) == first
    assert len(world.company.query("IncomingPayments")) == 1


async def test_an_invoice_somebody_else_paid_is_a_case(books, payment):
    await books.post_payment(replace(payment, reference="by hand"))

    with pytest.raises(Rejected) as caught:
        await books.post_payment(payment)

    assert caught.value.reason == "ALREADY_PAID"
    assert caught.value.fix


async def test_a_reference_with_a_quote_is_found(books, payment):
    odd = "shop's/payment/x') or startswith(Remarks,'"
    posted = await books.post_payment(replace(payment, reference=odd))

    assert await books.find_payment(odd) == posted
    assert await books.find_payment("x") is None


async def test_what_a_payment_does_not_settle_stays_on_the_partners_account(
    books, world, invoice, payment
):
    await books.post_payment(replace(payment, amount=eur("143.80")))

    assert paid(world, invoice) == (Decimal(120), "bost_Close")
    partner = world.company.read("BusinessPartners", {"CardCode": "C1"})
    assert partner["CurrentAccountBalance"] == Decimal("-23.80")


async def test_a_foreign_invoice_is_closed_by_a_payment_in_its_currency(books, world):
    clerk.add_partner(world.company, "C2", currency="##")
    clerk.set_rate(world.company, "SEK", TODAY, "0.0869")
    sek = Money.of("1150.00", "SEK")
    line = DocumentLine("TEA", "", Decimal(1), sek, "A0", Decimal(0), "01")
    foreign = replace(AN_INVOICE, business_partner="C2", currency="SEK", lines=(line,))
    invoice = await books.post_document(foreign)

    await books.post_payment(
        IncomingPayment(
            reference=REFERENCE,
            business_partner="C2",
            settles=(Settled(DocumentKind.INVOICE, invoice.entry, sek),),
            account=BANK,
            means=Means.TRANSFER,
            amount=sek,
            posted_on=TODAY,
            gateway_reference="",
            remarks="",
        )
    )

    assert paid(world, invoice)[1] == "bost_Close"

"""Money given back is posted once, settles what is open of credit memos, and is found again."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from b1bridge.domain.customers import Address
from b1bridge.domain.documents import DocumentKind, DocumentLine, SalesDocument
from b1bridge.domain.money import Money
from b1bridge.domain.outgoing_payments import OutgoingPayment, settled_by
from b1bridge.domain.payments import Means, Settled
from b1bridge.domain.standing import left_of
from b1bridge.errors import Rejected
from b1sim.company import clerk

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()
BANK, CASH = "_SYS00000000203", "_SYS00000000202"
REFERENCE = "shop-eu/refund/812/5"


def eur(amount):
    return Money.of(amount, "EUR")


A_MEMO = SalesDocument(
    kind=DocumentKind.CREDIT_MEMO,
    reference=REFERENCE,
    business_partner="C1",
    posted_on=TODAY,
    due_on=TODAY,
    currency="EUR",
    gross=False,
    lines=(DocumentLine("TEA", "", Decimal(1), eur("20.00"), "A20", Decimal(20), "01"),),
    expenses=(),
    rounding=eur(0),
    ship_to=Address(),
    bill_to=Address(),
)


@pytest.fixture
async def memo(books):
    """Post a credit memo of 24.00."""
    return await books.post_document(A_MEMO)


@pytest.fixture
def payment(memo):
    return OutgoingPayment(
        reference=REFERENCE,
        business_partner="C1",
        account=BANK,
        means=Means.TRANSFER,
        amount=eur("24.00"),
        posted_on=TODAY,
        gateway_reference="re_3N",
        remarks="Refund of order 812",
        settles=(Settled(DocumentKind.CREDIT_MEMO, memo.entry, eur("24.00")),),
    )


def state_of(world, memo):
    header = world.company.read("CreditNotes", {"DocEntry": memo.entry})
    return header["PaidToDate"], header["DocumentStatus"]


async def test_a_payment_out_closes_its_memo_and_is_found(books, world, memo, payment):
    posted = await books.post_outgoing(payment)

    (booked,) = world.company.query("VendorPayments")
    assert state_of(world, memo) == (Decimal(24), "bost_Close")
    assert await books.find_outgoing(REFERENCE) == posted
    assert (booked["DocType"], booked["TransferReference"]) == ("rCustomer", "re_3N")


async def test_the_second_payment_of_a_refund_is_not_taken_for_the_first(books, payment):
    await books.post_outgoing(replace(payment, reference=f"{REFERENCE}/2"))

    assert await books.find_outgoing(REFERENCE) is None


async def test_a_cancelled_payment_is_none(books, world, payment):
    posted = await books.post_outgoing(payment)
    world.company.act("VendorPayments", {"DocEntry": posted.entry}, "Cancel")

    assert await books.find_outgoing(REFERENCE) is None


async def test_a_memo_that_is_closed_names_who_might_have_closed_it(books, payment):
    await books.post_outgoing(replace(payment, reference="by hand"))

    with pytest.raises(Rejected) as refused:
        await books.post_outgoing(payment)

    assert refused.value.reason == "ALREADY_PAID"
    assert REFERENCE in refused.value.fix


async def test_posting_again_finds_what_had_closed_the_memo(books, payment):
    first = await books.post_outgoing(payment)

    assert await books.post_outgoing(payment) == first


async def test_what_settles_nothing_stays_on_account(books, world, payment):
    await books.post_outgoing(replace(payment, settles=(), means=Means.CASH, account=CASH))

    (booked,) = world.company.query("VendorPayments")
    assert (booked["PaymentInvoices"], booked["CashSum"]) == ([], Decimal(24))


async def test_memos_are_settled_in_their_order_as_far_as_they_are_open(books, memo, payment):
    await books.post_outgoing(
        replace(
            payment,
            amount=eur("4.00"),
            settles=(replace(payment.settles[0], amount=eur("4.00")),),
        )
    )
    other = await books.post_document(replace(A_MEMO, reference=f"{REFERENCE}9"))
    memos = [
        *await books.standing(DocumentKind.CREDIT_MEMO, REFERENCE),
        *await books.standing(DocumentKind.CREDIT_MEMO, f"{REFERENCE}9"),
    ]

    assert [str(left_of(one)) for one in memos] == ["20.00 EUR", "24.00 EUR"]
    assert [(one.entry, str(one.amount)) for one in settled_by(eur("30.00"), memos)] == [
        (memo.entry, "20.00 EUR"),
        (other.entry, "10.00 EUR"),
    ]


async def test_money_in_another_currency_names_its_rate(books, world):
    clerk.set_rate(world.company, "USD", TODAY, "0.5")
    clerk.add_partner(world.company, "C2", currency="USD")
    document = replace(
        A_MEMO,
        business_partner="C2",
        currency="USD",
        lines=(replace(A_MEMO.lines[0], amount=Money.of("20.00", "USD")),),
        rounding=Money.zero("USD"),
        ship_to=Address(),
    )
    memo = await books.post_document(document)
    amount = Money.of("24.00", "USD")

    await books.post_outgoing(
        OutgoingPayment(
            reference="shop-eu/refund/812/6",
            business_partner="C2",
            account=BANK,
            means=Means.TRANSFER,
            amount=amount,
            posted_on=TODAY,
            gateway_reference="",
            remarks="",
            settles=(Settled(DocumentKind.CREDIT_MEMO, memo.entry, amount),),
            rate=Decimal("0.5"),
        )
    )

    (booked,) = world.company.query("VendorPayments")
    assert (booked["DocCurrency"], booked["DocRate"]) == ("USD", Decimal("0.5"))
    assert state_of(world, memo)[1] == "bost_Close"

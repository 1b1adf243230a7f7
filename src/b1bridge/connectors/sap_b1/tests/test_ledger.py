"""What SAP holds under our references is listed: by date, by reference, cancelled or not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from b1bridge.connectors.sap_b1 import ledger_taxes
from b1bridge.domain.customers import Address
from b1bridge.domain.documents import BaseRow, DocumentKind, DocumentLine, Expense, SalesDocument
from b1bridge.domain.ledger import PaymentKind, TaxAmount
from b1bridge.domain.money import Money
from b1bridge.domain.payments import IncomingPayment, Means, Settled
from b1sim.company import clerk

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()
BANK, CASH = "_SYS00000000203", "_SYS00000000202"
INVOICES, COMING_IN = DocumentKind.INVOICE, PaymentKind.INCOMING


def eur(amount):
    return Money.of(amount, "EUR")


TEA = DocumentLine("TEA", "", Decimal(5), eur("100.00"), "A20", Decimal(20), "01")
MUG = DocumentLine("MUG", "", Decimal(1), eur("10.00"), "A7", Decimal(7), "01")
AN_INVOICE = SalesDocument(
    kind=INVOICES,
    reference="shop-eu/order/812",
    business_partner="C1",
    posted_on=TODAY,
    due_on=TODAY,
    currency="EUR",
    gross=False,
    lines=(TEA, MUG),
    expenses=(Expense(1, eur("10.00"), "A20", Decimal(20), "Shipping"),),
    rounding=eur(0),
    ship_to=Address(),
    bill_to=Address(),
)


def paying(entry, means=Means.TRANSFER, account=BANK):
    return IncomingPayment(
        reference="shop-eu/payment/812/7",
        business_partner="C1",
        settles=(Settled(DocumentKind.INVOICE, entry, eur("50.00")),),
        account=account,
        means=means,
        amount=eur("50.00"),
        posted_on=TODAY,
        gateway_reference="ch_3N",
        remarks="Order 812, stripe",
    )


async def dated(books, kind=INVOICES, prefix="shop-eu/", days=1):
    since, until = TODAY - timedelta(days=days), TODAY + timedelta(days=days)
    listed = books.documents_posted if kind in set(DocumentKind) else books.payments_posted
    return [one async for one in listed(kind, prefix, since, until)]


async def test_an_invoice_is_listed_with_its_tax_by_code(books):
    posted = await books.post_document(AN_INVOICE)

    (found,) = await dated(books)

    assert (found.posted, found.reference) == (posted, "shop-eu/order/812")
    assert (found.business_partner, found.posted_on) == ("C1", TODAY)
    assert (found.total, found.tax) == (eur("142.70"), eur("22.70"))
    assert (found.is_open, found.cancelled, found.paid) == (True, False, eur(0))
    assert set(found.taxes) == {
        TaxAmount("A20", Decimal(20), eur("110.00"), eur("22.00")),
        TaxAmount("A7", Decimal(7), eur("10.00"), eur("0.70")),
    }


async def post_of_all_sorts(books):
    """Two codes and freight, freight alone, other rates, other documents in between."""
    many = replace(MUG, amount=eur("3.33"))
    lines = {
        "shop-eu/order/1": (TEA, MUG, MUG),
        "shop-us/order/2": (TEA,),
        "shop-eu/order/3": (many,) * 13,
        "shop-eu/order/4": (replace(TEA, amount=eur("33.33")), replace(MUG, amount=eur("66.67"))),
    }
    for reference, rows in lines.items():
        await books.post_document(replace(AN_INVOICE, reference=reference, lines=rows))


@pytest.mark.parametrize(("code", "status"), [(-6006, 403), (702, 400)])
async def test_where_sql_is_forbidden_the_rows_tell_the_same(books, world, code, status):
    await post_of_all_sorts(books)
    by_sql = await dated(books)
    world.refuse("SQLQueries", code, "no", status=status, times=9)

    by_rows = await dated(books)

    assert by_rows == by_sql
    assert len(by_sql) == 3
    assert all(one.tax == sum_of_taxes(one) for one in by_sql)


def sum_of_taxes(document):
    return Money.sum((one.tax for one in document.taxes), "EUR")


async def test_no_row_of_any_document_is_read_where_sap_adds_them_up(books, world):
    await post_of_all_sorts(books)

    assert all(one.taxes for one in await dated(books))

    assert world.requests()["GET Invoices"] == 1
    assert {row["SqlName"] for row in world.company.query("SQLQueries")} == {
        "b1b_taxes_inv",
        "b1b_freight_inv",
    }


@pytest.mark.parametrize("is_forbidden", [False, True])
async def test_documents_are_asked_about_few_at_a_time(books, world, monkeypatch, is_forbidden):
    monkeypatch.setattr(ledger_taxes, "_AT_ONCE", 2)
    await post_of_all_sorts(books)
    if is_forbidden:
        world.refuse("SQLQueries", -6006, "no", status=403, times=99)

    found = [
        one for prefix in ("shop-eu/", "shop-us/") for one in await dated(books, prefix=prefix)
    ]

    assert [sum_of_taxes(one) for one in found] == [one.tax for one in found]
    assert len(found) == 4


@pytest.mark.parametrize("is_forbidden", [False, True])
async def test_the_tax_of_another_currency_is_told_in_it(books, world, is_forbidden):
    clerk.add_partner(world.company, "C2", "Bo Ek", currency="USD")
    clerk.set_rate(world.company, "USD", TODAY, "0.5")
    usd = [replace(line, amount=Money.of(line.amount.amount, "USD")) for line in (TEA, MUG)]
    freight = Expense(1, Money.of("10.00", "USD"), "A20", Decimal(20), "Shipping")
    await books.post_document(
        replace(
            AN_INVOICE,
            business_partner="C2",
            currency="USD",
            lines=tuple(usd),
            expenses=(freight,),
            rounding=Money.zero("USD"),
        )
    )
    if is_forbidden:
        world.refuse("SQLQueries", -6006, "no", status=403, times=9)

    (found,) = await dated(books)

    assert {(one.code, str(one.net), str(one.tax)) for one in found.taxes} == {
        ("A20", "110.00 USD", "22.00 USD"),
        ("A7", "10.00 USD", "0.70 USD"),
    }


@pytest.mark.parametrize("is_forbidden", [False, True])
async def test_a_memo_of_what_was_prepaid_is_known_as_such(books, world, is_forbidden):
    prepaid = replace(AN_INVOICE, kind=DocumentKind.DOWN_PAYMENT, expenses=())
    posted = await books.post_document(prepaid)
    memo = replace(
        prepaid,
        kind=DocumentKind.CREDIT_MEMO,
        lines=tuple(
            replace(line, base=BaseRow(DocumentKind.DOWN_PAYMENT, posted.entry, number))
            for number, line in enumerate(prepaid.lines)
        ),
    )
    await books.post_document(memo)
    await books.post_document(replace(AN_INVOICE, kind=DocumentKind.CREDIT_MEMO, reference="x/y/1"))
    if is_forbidden:
        world.refuse("SQLQueries", -6006, "no", status=403, times=9)

    (of_prepaid,) = await dated(books, DocumentKind.CREDIT_MEMO)
    (other,) = await dated(books, DocumentKind.CREDIT_MEMO, prefix="x/")

    assert (of_prepaid.of_prepaid, other.of_prepaid) == (True, False)


async def test_another_shop_and_another_day_are_left_out(books):
    await books.post_document(AN_INVOICE)
    await books.post_document(replace(AN_INVOICE, reference="shop-us/order/812"))
    await books.post_document(
        replace(AN_INVOICE, reference="shop-eu/order/1", posted_on=TODAY - timedelta(days=9))
    )

    assert [one.reference for one in await dated(books)] == ["shop-eu/order/812"]


async def test_a_cancelled_invoice_is_listed_once_and_as_cancelled(books, world):
    posted = await books.post_document(AN_INVOICE)
    world.company.act("Invoices", {"DocEntry": posted.entry}, "CreateCancellationDocument")

    (found,) = await dated(books)

    assert (found.posted, found.cancelled) == (posted, True)


async def test_documents_are_listed_by_reference_with_their_revisions(books):
    references = [f"shop-eu/order/{number}" for number in range(100, 145)]
    for reference in (references[0], f"{references[0]}+1", references[-1], "shop-eu/order/99"):
        await books.post_document(replace(AN_INVOICE, reference=reference))

    found = [one.reference async for one in books.documents_under(INVOICES, references)]

    assert found == ["shop-eu/order/100", "shop-eu/order/100+1", "shop-eu/order/144"]


@pytest.mark.parametrize(("means", "account"), [(Means.TRANSFER, BANK), (Means.CASH, CASH)])
async def test_a_payment_is_listed_with_its_account_and_what_it_settles(books, means, account):
    invoice = await books.post_document(AN_INVOICE)
    posted = await books.post_payment(paying(invoice.entry, means, account))

    (found,) = await dated(books, COMING_IN)

    assert (found.posted, found.reference) == (posted, "shop-eu/payment/812/7")
    assert (found.account, found.amount, found.cancelled) == (account, eur("50.00"), False)
    (settled,) = found.settles
    assert (settled.kind, settled.entry) == ("invoice", invoice.entry)
    assert settled.amount == eur("50.00")


async def test_a_cancelled_payment_is_listed_as_such(books, world):
    invoice = await books.post_document(AN_INVOICE)
    posted = await books.post_payment(paying(invoice.entry))
    world.company.act("IncomingPayments", {"DocEntry": posted.entry}, "Cancel")

    (found,) = [p async for p in books.payments_under(COMING_IN, ["shop-eu/payment/812/"])]

    assert found.cancelled


async def test_money_that_went_out_is_listed_too(books, world):
    world.company.create(
        "VendorPayments",
        {
            "DocType": "rCustomer",
            "CardCode": "C1",
            "TransferAccount": BANK,
            "TransferSum": "12.30",
            "Remarks": "shop-eu/refund/812/5 Order 812",
        },
    )

    (found,) = await dated(books, PaymentKind.OUTGOING)

    assert (found.reference, found.amount) == ("shop-eu/refund/812/5", eur("12.30"))

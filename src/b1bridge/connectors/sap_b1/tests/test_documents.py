"""Documents are posted once, to the cent, and found again whatever went wrong."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.domain.customers import Address
from b1bridge.domain.documents import DocumentKind, DocumentLine, Expense, SalesDocument
from b1bridge.domain.money import Money
from b1bridge.errors import ConnectionBroken, NeedsOperator, OutcomeUnknown, Rejected, Transient
from b1sim.company import clerk

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()
INVOICE, ORDER = DocumentKind.INVOICE, DocumentKind.SALES_ORDER
SETS = {INVOICE: "Invoices", ORDER: "Orders"}
REFERENCE = "shop-eu/order/812"


def eur(amount):
    return Money.of(amount, "EUR")


def row(amount, *, item="TEA", tax="A20", quantity=1, currency="EUR"):
    rate = {"A20": 20, "A19": 19, "A7": 7, "A0": 0}[tax]
    money = Money.of(amount, currency)
    return DocumentLine(item, item, Decimal(quantity), money, tax, Decimal(rate), "01")


def document(*lines, kind=INVOICE, **given):
    fields = {
        "kind": kind,
        "reference": REFERENCE,
        "business_partner": "C1",
        "posted_on": TODAY,
        "due_on": TODAY,
        "currency": "EUR",
        "gross": False,
        "lines": lines or (row("49.97", quantity=3),),
        "expenses": (),
        "rounding": eur(0),
        "ship_to": Address(),
        "bill_to": Address(),
    }
    return SalesDocument(**(fields | given))


def documents(world, kind=INVOICE):
    return world.company.query(SETS[kind])


@pytest.mark.parametrize("kind", [INVOICE, ORDER])
async def test_a_posted_document_is_found_by_our_reference(books, kind):
    assert await books.find_document(kind, REFERENCE) is None

    posted = await books.post_document(document(kind=kind))

    assert await books.find_document(kind, REFERENCE) == posted
    found = await books.booked(kind, REFERENCE)
    assert (found.posted, found.business_partner) == (posted, "C1")
    assert found.totals == await books.totals_of(posted)


async def test_an_order_is_not_taken_for_an_invoice(books):
    await books.post_document(document(kind=ORDER))

    assert await books.find_document(INVOICE, REFERENCE) is None


async def test_net_lines_and_freight_come_to_the_cent(books):
    freight = Expense(1, eur("8.36"), "A19", Decimal(19))
    lines = (row("49.97", quantity=3), row("10.70", item="MUG", tax="A7", quantity=7))

    totals = await books.totals_of(await books.post_document(document(*lines, expenses=(freight,))))

    assert totals.freight == eur("8.36")
    assert totals.tax == eur("9.99") + eur("0.75") + eur("1.59")
    assert totals.total == eur("49.97") + eur("10.70") + eur("8.36") + totals.tax


async def test_gross_lines_come_to_what_the_shopper_paid(books):
    lines = [row(amount, tax="A19") for amount in ("27.90", "23.90", "25.90")]
    freight = Expense(1, eur("9.95"), "A19", Decimal(19))

    posted = await books.post_document(document(*lines, gross=True, expenses=(freight,)))

    totals = await books.totals_of(posted)
    assert totals.total == eur("87.65")
    assert totals.freight == eur("8.36")


async def test_rounding_is_added_to_the_total(books):
    plain = document(row("10.00"))
    rounded = replace(plain, reference="shop-eu/order/813", rounding=eur("-0.01"))

    before = await books.totals_of(await books.post_document(plain))
    after = await books.totals_of(await books.post_document(rounded))

    assert after.total - before.total == eur("-0.01")


async def test_a_foreign_document_is_read_back_in_its_own_currency(books, world):
    clerk.add_partner(world.company, "C2", currency="##")
    clerk.set_rate(world.company, "SEK", TODAY, "0.0869")
    foreign = document(
        row("1150.00", tax="A0", currency="SEK"), business_partner="C2", currency="SEK"
    )

    totals = await books.totals_of(await books.post_document(foreign))

    assert totals.total == Money.of("1150.00", "SEK")


async def test_the_orders_addresses_stand_on_the_document(books, world):
    ship_to = Address("Ann", "O'Hara", "Ek & Co", "Weg 1", "2. OG", "Köln", "NRW", "50667", "DE")

    await books.post_document(document(ship_to=ship_to, comments="🦊 'quoted' & <b>"))

    header = documents(world)[0]
    extension = header["AddressExtension"]
    assert extension["ShipToStreet"] == "Weg 1"
    assert extension["ShipToAddress2"] == "Ann O'Hara"
    assert header["Comments"] == "🦊 'quoted' & <b>"


@pytest.mark.parametrize("kind", [INVOICE, ORDER])
async def test_a_cancelled_document_counts_as_not_there(books, world, kind):
    posted = await books.post_document(document(kind=kind))
    world.company.act(SETS[kind], {"DocEntry": posted.entry}, "Cancel")

    assert await books.find_document(kind, REFERENCE) is None


async def test_two_documents_with_our_reference_are_a_case(books):
    first = await books.post_document(document(kind=ORDER))
    second = await books.post_document(document(kind=ORDER))

    with pytest.raises(NeedsOperator, match=f"{first.number}, {second.number}") as caught:
        await books.find_document(ORDER, REFERENCE)

    assert caught.value.reason == "DUPLICATE_DOCUMENT"


@pytest.mark.parametrize("odd", ["shop's/order/x' or NumAtCard ne '", "a  b\t%27c", "🦊&#?"])
async def test_odd_references_find_only_themselves(books, odd):
    await books.post_document(document())
    posted = await books.post_document(document(reference=odd))

    assert await books.find_document(INVOICE, odd) == posted


@pytest.mark.parametrize("kind", [INVOICE, ORDER])
async def test_a_lost_answer_is_of_unknown_outcome_and_the_document_is_found(books, world, kind):
    world.lose_reply(SETS[kind])

    with pytest.raises(OutcomeUnknown):
        await books.post_document(document(kind=kind))

    assert await books.find_document(kind, REFERENCE) is not None
    assert len(documents(world, kind)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_balancers_page_in_place_of_an_answer_leaves_the_outcome_unknown(
    books, world, when
):
    world.bad_gateway("Invoices", method="POST", when=when)

    with pytest.raises(OutcomeUnknown, match="502"):
        await books.post_document(document())

    found = await books.find_document(INVOICE, REFERENCE)
    assert (found is not None) is (when == "after")


async def test_a_server_nobody_reaches_has_done_nothing(books, world):
    await books.rules()
    world.go_away(60, "refused")

    with pytest.raises(Transient):
        await books.post_document(document())

    world.come_back()
    assert documents(world) == []


async def test_dropped_sessions_cost_one_login_and_no_document(books, world):
    await books.find_document(INVOICE, REFERENCE)
    world.drop_sessions()

    await books.post_document(document())

    assert len(documents(world)) == 1
    assert world.requests()["POST Login"] == 2


@pytest.mark.parametrize("status", [400, 404])
async def test_a_document_taken_aside_for_approval_is_a_case_and_not_posted_again(
    books, world, status
):
    clerk.require_approval(world.company, "Orders", status=status)

    with pytest.raises(NeedsOperator, match="awaits approval") as posting:
        await books.post_document(document(kind=ORDER))
    with pytest.raises(NeedsOperator) as looking:
        await books.find_document(ORDER, REFERENCE)

    assert {posting.value.reason, looking.value.reason} == {"AWAITS_APPROVAL"}
    assert len(world.company.query("Drafts")) == 1


async def test_a_rejected_draft_says_so(books, world):
    clerk.require_approval(world.company, "Orders")
    with pytest.raises(NeedsOperator):
        await books.post_document(document(kind=ORDER))
    clerk.reject_draft(world.company, world.company.query("Drafts")[0]["DocEntry"])

    with pytest.raises(NeedsOperator, match="was rejected in approval"):
        await books.find_document(ORDER, REFERENCE)


async def test_a_draft_of_an_order_does_not_hold_back_the_invoice(books, world):
    clerk.require_approval(world.company, "Orders")
    with pytest.raises(NeedsOperator):
        await books.post_document(document(kind=ORDER))

    assert await books.find_document(INVOICE, REFERENCE) is None


def lock_period(world):
    clerk.lock_period(world.company, f"{TODAY:%Y-%m}")


def block_duplicates(world):
    clerk.change_settings(world.company, duplicate_reference="block")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"lines": (row("9", quantity=5000),)}, "STOCK_SHORT"),
        ({"lines": (row("9", item="NOPE"),)}, "MISSING_ITEM"),
        ({"business_partner": "NOPE"}, "MISSING_CUSTOMER"),
        ({"lines": (replace(row("9"), tax_code="X9"),)}, "TAX_MAP"),
        ({"lines": (replace(row("9"), warehouse="99"),)}, "WAREHOUSE_MAP"),
        ({"expenses": (Expense(99, eur("5"), "A20", Decimal(20)),)}, "FREIGHT_MAP"),
        ({"currency": "USD", "lines": (row("9", currency="USD"),)}, "CURRENCY"),
    ],
)
async def test_a_refusal_is_a_case_with_its_reason_and_a_way_out(books, world, given, reason):
    with pytest.raises(Rejected) as caught:
        await books.post_document(document(**given))

    assert caught.value.reason == reason
    assert caught.value.fix
    assert documents(world) == []


async def test_a_locked_period_is_a_case_of_its_own(books, world):
    lock_period(world)

    with pytest.raises(Rejected) as caught:
        await books.post_document(document())

    assert caught.value.reason == "PERIOD_LOCKED"


async def test_a_batch_item_on_an_invoice_is_a_case_of_its_own(books, world):
    clerk.add_item(world.company, "HONEY", batches=True)

    with pytest.raises(Rejected) as caught:
        await books.post_document(document(row("9", item="HONEY")))

    assert caught.value.reason == "BATCH_SHORT"


async def test_a_reference_the_company_blocks_leads_to_the_earlier_document(books, world):
    block_duplicates(world)
    first = await books.post_document(document())

    assert await books.post_document(document()) == first


async def test_an_injected_answer_of_any_kind_is_never_swallowed(books, world):
    world.refuse("Invoices", -1116, "Could not commit transaction", method="POST")

    with pytest.raises(Rejected, match=r"Could not commit transaction\..*\(-1116\)"):
        await books.post_document(document())


async def test_the_currency_must_be_known_before_anything_is_posted(world, line):
    world.refuse("CompanyService_GetAdminInfo", 501, "not here", status=501)
    books = SapBooks("sap", Settings(**world.settings()), line)

    with pytest.raises(ConnectionBroken, match="local_currency"):
        await books.post_document(document())

    await books.aclose()
    assert documents(world) == []

"""A won deal is one order in the books, whatever becomes of the deal or of us."""

from decimal import Decimal

import pytest

from b1bridge.domain.crm import DealStatus, TaxMethod
from b1bridge.domain.customers import BusinessPartner
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1bridge.procedures.deal_sales import end_sale
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun

from .conftest import euro
from .deal_desk import CROSSWALKS, DEAL, a_line, open_desk

pytestmark = pytest.mark.anyio
ORGANIZATION = Ref("crm", "organization", "5")


@pytest.fixture
def desk():
    return open_desk()


async def test_a_won_deal_becomes_a_sales_order_whose_number_is_noted(desk):
    outcome = await desk.tell()

    [order] = desk.books.documents
    assert (outcome.did, outcome.documents) == (Did.POSTED, (Posted("sales order", 0, 4700),))
    assert (order.kind, order.business_partner) == (DocumentKind.SALES_ORDER, "C1")
    assert order.reference == "crm/deal/55"
    assert [(row.item, row.quantity, row.amount, row.tax_code) for row in order.lines] == [
        ("A", Decimal(2), euro("20"), "A20")
    ]
    assert desk.crm.notes == [{"SAP order": "4700"}]


async def test_our_own_note_comes_back_and_asks_the_books_nothing(desk):
    await desk.tell()
    before = desk.books.asked

    echo = await desk.tell()

    assert echo.did is Did.ALREADY_THERE
    assert (desk.books.asked, desk.crm.reads, desk.crm.glances) == (before, 2, 1)
    assert len(desk.crm.notes) == 1


async def test_what_changes_while_we_write_our_note_is_followed(desk):
    desk.crm.meanwhile = lambda: desk.crm.change(lines=(a_line("B"),))
    await desk.tell()
    desk.crm.meanwhile = lambda: None

    await desk.tell()

    [order] = desk.in_force()
    assert [row.item for row in order.lines] == ["B"]


async def test_what_the_books_do_not_keep_of_a_deal_asks_them_nothing(desk):
    await desk.tell()
    before = desk.books.asked
    desk.crm.change(title="Bigger one")

    assert (await desk.tell()).did is Did.ALREADY_THERE
    assert desk.books.asked == before


async def test_a_deal_becomes_a_quotation_where_the_sync_says_so(desk):
    await desk.tell(document="quotation")

    assert [order.kind for order in desk.books.documents] == [DocumentKind.QUOTATION]
    assert desk.crm.notes == [{"SAP order": "quotation 4700"}]


async def test_a_quotation_is_cancelled_with_its_deal(desk):
    await desk.tell(document="quotation")
    desk.crm.change(status=DealStatus.LOST)

    await desk.tell(document="quotation")

    assert desk.in_force() == []


async def test_an_open_deal_is_nothing_to_the_books(desk):
    desk.crm.change(status=DealStatus.OPEN)

    assert (await desk.tell()).did is Did.SKIPPED
    assert desk.books.documents == []


async def test_a_deal_counts_from_the_stage_that_the_sync_names(desk):
    desk.crm.change(status=DealStatus.OPEN)

    await desk.tell(on="Negotiation")

    assert len(desk.books.documents) == 1


async def test_won_twice_is_one_order_and_the_second_time_changes_its_rows(desk):
    await desk.tell()
    desk.crm.change(status=DealStatus.OPEN)
    reopened = await desk.tell()
    desk.crm.change(status=DealStatus.WON, lines=(a_line(quantity="3"), a_line("B")))

    await desk.tell()

    assert "open again" in reopened.reason
    [order] = desk.in_force()
    assert [(row.item, row.quantity) for row in order.lines] == [("A", 3), ("B", 2)]


@pytest.mark.parametrize("status", [DealStatus.LOST, DealStatus.DELETED])
async def test_a_deal_that_is_lost_takes_its_order_with_it(desk, status):
    await desk.tell()
    desk.crm.change(status=status)

    await desk.tell()

    assert desk.in_force() == []


@pytest.mark.parametrize("status", [DealStatus.LOST, DealStatus.DELETED])
async def test_a_deal_that_was_never_won_and_is_lost_asks_the_books_nothing(desk, status):
    desk.crm.change(status=status)

    assert (await desk.tell()).did is Did.SKIPPED
    assert desk.books.asked == 0


async def test_a_deal_that_is_won_again_is_a_sale_of_its_own(desk):
    await desk.tell()
    desk.crm.change(status=DealStatus.LOST)
    await desk.tell()
    desk.crm.change(status=DealStatus.WON)

    await desk.tell()

    assert [order.reference for order in desk.in_force()] == ["crm/deal/55+1"]
    assert desk.crm.current.noted == {"SAP order": "4701"}


async def test_an_order_cancelled_by_hand_is_not_posted_again_until_sales_says_so(desk):
    await desk.tell()
    desk.books.cancelled.add(0)
    desk.crm.change(lines=(a_line("B"),))
    with pytest.raises(NeedsOperator) as case:
        await desk.tell()
    assert case.value.reason == "EDIT_CONFLICT"

    desk.crm.change(status=DealStatus.LOST)
    await desk.tell()
    desk.crm.change(status=DealStatus.WON)
    await desk.tell()

    assert [order.reference for order in desk.in_force()] == ["crm/deal/55+1"]


async def test_a_sale_without_a_document_has_nothing_to_end(desk):
    await end_sale(desk.run, DocumentKind.SALES_ORDER, DEAL)

    assert desk.run.links.known == {}


async def test_the_link_tells_the_customer_better_than_the_field(desk):
    desk.books.partners["C2"] = BusinessPartner("C2", "Another")
    await desk.run.links.link(ORGANIZATION, Ref("books", "business partner", "C2"))

    await desk.tell()

    assert desk.books.documents[0].business_partner == "C2"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"organization": "", "organization_key": ""}, "NO_ORGANIZATION"),
        ({"organization_key": ""}, "ORGANIZATION_UNLINKED"),
        ({"organization_key": "C404"}, "UNKNOWN_PARTNER"),
        ({"lines": ()}, "NO_LINES"),
        ({"lines": (a_line(item=""),)}, "MISSING_ITEM"),
        ({"lines": (a_line("X", tax=Decimal(19)),)}, "MISSING_ITEM"),
        ({"lines": (a_line(tax=Decimal(7)),)}, "TAX_MAP"),
        ({"lines": (a_line(quantity="-1"),)}, "BAD_QUANTITY"),
        ({"lines": (a_line(discount="20.01"),)}, "DEAL_DISCOUNT"),
        ({"currency": "USD", "lines": (a_line(currency="USD"),)}, "CURRENCY"),
    ],
)
async def test_what_cannot_be_sold_is_a_case_and_posts_nothing(desk, facts, reason):
    desk.crm.change(**facts)

    with pytest.raises(NeedsOperator) as case:
        await desk.tell()

    assert (case.value.reason, bool(case.value.fix)) == (reason, True)
    assert desk.books.documents == []


async def test_a_deal_that_shows_another_sum_than_its_order_is_told(desk):
    desk.crm.change(value=euro("30"))

    outcome = await desk.tell()

    assert "the deal shows 30" in outcome.reason
    assert "comes to 24" in outcome.reason


async def test_a_deal_that_shows_the_sum_of_its_order_needs_no_word(desk):
    desk.crm.change(value=euro("24"))

    assert (await desk.tell()).reason == ""


async def test_a_discount_of_all_is_an_order_that_comes_to_nothing(desk):
    desk.crm.change(lines=(a_line(discount="20"),))

    await desk.tell()

    assert [row.amount for row in desk.books.documents[0].lines] == [euro("0")]


async def test_a_customer_is_opened_once_where_the_sync_says_so(desk):
    desk.crm.change(organization_key="")

    await desk.tell(create_partner=True)
    desk.run.links.known.clear()
    desk.run.has_seen = ""
    await desk.tell(create_partner=True)

    [opened] = [code for code in desk.books.partners if code != "C1"]
    assert [order.business_partner for order in desk.in_force()] == [opened]
    assert desk.books.partners[opened].name == "Anna Ek AB"


async def test_prices_with_tax_stay_as_they_are(desk):
    desk.crm.change(lines=(a_line(price="12", quantity="1", tax_method=TaxMethod.INCLUSIVE),))

    await desk.tell()

    [order] = desk.books.documents
    assert (order.gross, order.lines[0].amount) == (True, euro("12"))


async def test_prices_with_and_without_tax_are_an_order_without(desk):
    inclusive = a_line(price="12", quantity="1", tax_method=TaxMethod.INCLUSIVE)
    desk.crm.change(lines=(inclusive, a_line("B", quantity="1")))

    await desk.tell()

    [order] = desk.books.documents
    assert [row.amount for row in order.lines] == [euro("10"), euro("10")]
    assert order.gross is False


async def test_tax_that_the_deal_leaves_open_is_the_items_own(desk):
    desk.crm.change(lines=(a_line(tax=Decimal(0), tax_method=TaxMethod.NONE),))

    await desk.tell()

    assert desk.books.documents[0].lines[0].tax_code == "A20"


async def test_another_rate_than_the_items_is_looked_up(desk):
    desk.crm.change(lines=(a_line(tax=Decimal(19)),))

    await desk.tell()

    assert desk.books.documents[0].lines[0].tax_code == "A19"


@pytest.mark.parametrize("nth", range(1, 9))
async def test_a_death_after_any_step_posts_one_order(desk, nth):
    run = CrashingRun(DEAL, links=desk.run.links, crosswalks=CROSSWALKS, nth_step=nth)
    with pytest.raises(Crash):
        await desk.tell(run)

    await desk.tell(run.resumed())

    assert len(desk.books.documents) == 1
    assert desk.crm.current.noted == {"SAP order": "4700"}


@pytest.mark.parametrize("nth", range(1, 9))
async def test_a_death_and_a_fresh_start_post_one_order(desk, nth):
    run = CrashingRun(DEAL, links=desk.run.links, crosswalks=CROSSWALKS, nth_step=nth)
    with pytest.raises(Crash):
        await desk.tell(run)

    await desk.tell(run.restarted())

    assert len(desk.books.documents) == 1


async def test_a_lost_answer_posts_one_order(desk):
    desk.books.losing = ["post_document"]

    await desk.tell()

    assert len(desk.books.documents) == 1


async def died(desk, nth):
    """Let a run die after its nth step, and return its next attempt."""
    run = CrashingRun(DEAL, links=desk.run.links, crosswalks=CROSSWALKS, nth_step=nth)
    with pytest.raises(Crash):
        await desk.tell(run)
    return run.restarted()


@pytest.mark.parametrize("nth", range(1, 9))
async def test_no_order_is_left_behind_by_a_deal_that_was_lost_after_a_death(desk, nth):
    run = await died(desk, nth)
    desk.crm.change(status=DealStatus.LOST)

    await desk.tell(run)

    assert desk.in_force() == []


@pytest.mark.parametrize("nth", range(1, 9))
async def test_the_order_of_a_deal_that_was_opened_after_a_death_is_noted(desk, nth):
    run = await died(desk, nth)
    desk.crm.change(status=DealStatus.OPEN)

    await desk.tell(run)

    noted = {"SAP order": "4700"} if desk.in_force() else {}
    assert desk.crm.current.noted == noted

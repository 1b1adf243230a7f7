"""A locked period is a case that names it, or the first open day where finance allows that."""

from datetime import UTC, datetime

import pytest

from b1sim.company.rules import periods

pytestmark = pytest.mark.anyio

FLOWS = ("order-to-invoice", "payment-to-incoming-payment")
# In New York on the last evening of October; in Berlin November has begun (rules 3.13).
CUT = datetime(2026, 11, 1, 3, 40, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 31, 9, 0, tzinfo=UTC)


@pytest.fixture
def months(town):
    def enter(*, october_locked, tax_from="2026-01-01"):
        """Enter two months; November's tax window may reach back."""
        books = town.company.books
        due = ("2026-10-01", "2027-12-31")
        october, november = ("2026-10-01", "2026-10-31"), ("2026-11-01", "2026-11-30")
        periods.add(books, "2026-10", october, due=due, locked=october_locked)
        tax = (tax_from, "2026-11-30")
        periods.add(books, "2026-11", november, due=due, tax=tax)

    return enter


async def ordered(town, at):
    order = town.store.shopper_orders([("MUG", 1, "10.00", "19")], placed_at=at)
    town.store.pays(order, at=at)
    await town.knock(order)
    return order


def dates(document):
    return tuple(str(document[name])[:10] for name in ("DocDate", "TaxDate"))


async def test_a_locked_period_is_a_case_that_names_period_and_date(town, months):
    months(october_locked=True)
    await town.switches_on(*FLOWS)

    order = await ordered(town, OCTOBER)

    (case,) = await town.hub.cases()
    assert case.reason == "PERIOD_LOCKED"
    assert "is dated 2026-10-31: posting period 2026-10" in case.message
    assert "unlock posting period 2026-10" in case.fix
    months(october_locked=False)
    await town.hub.retry_case(case.id, "finance")
    await town.settled()
    assert dates(town.posted("Invoices")[f"shop/order/{order}"]) == ("2026-10-31", "2026-10-31")
    assert town.owing() == {}


async def test_the_first_open_day_takes_it_and_the_original_date_stays(town, months):
    months(october_locked=True)
    late = {"locked_period": "first_open_day"}
    await town.switches_on(*FLOWS, **dict.fromkeys(FLOWS, late))

    order = await ordered(town, OCTOBER)

    assert await town.cases() == []
    invoice = town.posted("Invoices")[f"shop/order/{order}"]
    assert dates(invoice) == ("2026-11-01", "2026-10-31")
    assert "dated 2026-10-31" in invoice["Comments"]
    (payment,) = town.company.query("IncomingPayments")
    assert dates(payment) == ("2026-11-01", "2026-10-31")
    assert (town.owing(), town.still_open()) == ({}, [])


async def test_a_tax_window_that_has_begun_anew_takes_the_posting_date(town, months):
    months(october_locked=True, tax_from="2026-11-01")
    late = {"locked_period": "first_open_day"}
    await town.switches_on(*FLOWS, **dict.fromkeys(FLOWS, late))

    order = await ordered(town, OCTOBER)

    invoice = town.posted("Invoices")[f"shop/order/{order}"]
    assert dates(invoice) == ("2026-11-01", "2026-11-01")
    assert "dated 2026-10-31" in invoice["Comments"]


async def test_late_in_new_york_is_the_next_month_in_berlin(town, months):
    months(october_locked=True)
    await town.switches_on(*FLOWS)

    order = await ordered(town, CUT)

    assert await town.cases() == []
    invoice = town.posted("Invoices")[f"shop/order/{order}"]
    assert dates(invoice) == ("2026-11-01", "2026-11-01")
    assert "dated" not in invoice["Comments"]

"""The ledger of tokens: what Pipedrive bills, to the token, and what it will come to."""

from datetime import UTC, datetime

import pytest

from b1bridge.connectors.pipedrive import operations
from b1bridge.connectors.pipedrive.budget import forecast
from b1bridge.connectors.pipedrive.operations import DEALS, ME, ORGANIZATIONS, STAGES, Operation
from b1bridge.domain.budgets import BudgetReport
from b1bridge.domain.crm import Organization, Person, Product
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.errors import Spent

pytestmark = pytest.mark.anyio
DAY = "2026-11-21"
DAILY = 600_000


def hours(day, **costs):
    return {f"{day}T{hour.removeprefix('h')}": cost for hour, cost in costs.items()}


def our_operations():
    for value in vars(operations).values():
        if isinstance(value, Operation):
            yield value
        elif isinstance(value, dict):
            yield from (one for one in value.values() if isinstance(one, Operation))


def test_every_operation_costs_what_is_published(contract):
    if contract is None:
        pytest.skip("no published contract at hand: set B1BRIDGE_SHARED")
    for one in our_operations():
        found = contract.find(one.method, one.path.replace("{id}", "1"))

        assert found is not None, one
        assert one.cost == found.spec["x-token-cost"], one


def test_the_simulator_bills_what_is_published(contract, office):
    if contract is None:
        pytest.skip("no published contract at hand: set B1BRIDGE_SHARED")
    roots = {"v1": "/v1", "v2": "/api/v2"}
    for one in office.world.operations:
        path = one.path.replace("{id}", "1").replace("{line}", "2").replace("{code}", "name")
        found = contract.find(one.method, roots[one.version] + path)

        assert found is not None, one
        assert one.cost == found.spec["x-token-cost"], one


async def test_a_working_day_is_billed_as_we_count_it(office, crm):
    for number in range(30):
        organization = await crm.add_organization(Organization(f"C{number}", "Acme"))
        await crm.add_person(Person(f"C{number}/1", "Ann Lee", organization))
        await crm.add_product(Product(f"A{number}", "Pen", (Money.of("9.99", "EUR"),)))
        await crm.change_organization(organization, Organization(f"C{number}", "Acme Ltd"))
        office.reads_again()
        await crm.find_organization(f"C{number}")
    deal = office.world.add_deal("Big", 1)
    office.world.add_product_to_deal(deal, 1, "3", "9.99")
    await crm.deal(Ref("crm", "deal", str(deal)))
    await crm.change_organization("999", Organization("C999", "Nobody"))

    assert (await crm.budget()).used == office.world.ledger.spent[DAY]
    assert sum(office.usage.hours.values()) == office.world.ledger.spent[DAY]


async def test_the_catalogue_leaves_a_share_to_deals(make_office):
    office = make_office(plan="LITE", seats=1, own={"tokens_kept": 0.2})
    await office.usage.add("crm", f"{DAY}T08", 24_000)
    office.world.ledger.spent[DAY] = 24_000

    with pytest.raises(Spent, match="kept for deals") as caught:
        await office.client.call(ORGANIZATIONS["list"])
    await office.client.call(DEALS["list"])

    assert caught.value.code == "BUDGET"
    assert caught.value.retry_after == 15 * 3600 + 30
    assert [sent.url.path for sent in office.line.sent] == ["/api/v2/deals"]


async def test_a_day_that_is_spent_asks_nothing_more(make_office, clock):
    office = make_office(plan="LITE", seats=1)
    await office.usage.add("crm", f"{DAY}T08", 29_999)

    with pytest.raises(Spent, match="all are used"):
        await office.client.call(STAGES)
    assert office.line.sent == []
    clock.forward(hours=15, seconds=30)
    assert (await office.client.call(STAGES))["success"] is True


async def test_days_begin_at_the_data_centres_midnight(make_office, clock):
    office = make_office(plan="LITE", seats=1, own={"time_zone": "America/New_York"})
    report = await office.crm.budget()

    assert report.day == DAY
    assert (report.resets_at - clock()).total_seconds() == 20 * 3600


async def test_what_other_apps_use_counts_as_soon_as_pipedrive_says_so(make_office):
    office = make_office(plan="LITE", seats=1)
    office.world.ledger.spent_by_others = 10_000

    await office.client.call(ORGANIZATIONS["add"], payload={"name": "Acme"})

    assert (await office.crm.budget()).used == office.world.ledger.spent[DAY] + 10_000


async def test_two_processes_share_one_ledger(make_office):
    world = make_office(plan="LITE", seats=1).world
    one = make_office(world)
    other = make_office(world, usage=one.usage)
    for _ in range(150):
        await one.client.call(ME)
        await other.client.call(ME)
        one.clock.forward(seconds=1)
    await other.budget.save()

    assert (await one.crm.budget()).used == world.ledger.spent[DAY] == 600


async def test_a_process_that_is_killed_forgets_a_few_seconds_at_most(office, clock):
    for _ in range(4):
        await office.client.call(ME)
        clock.forward(seconds=2)
    await office.client.call(ME)

    assert office.world.ledger.spent[DAY] - sum(office.usage.hours.values()) <= 4


async def test_nobody_asks_on_while_it_is_still_yesterday_over_there(make_office, clock):
    office = make_office(plan="LITE", seats=1)
    await office.usage.add("crm", f"{DAY}T23", 29_999)
    clock.forward(hours=15, seconds=3)

    with pytest.raises(Spent):
        await office.client.call(STAGES)
    clock.forward(seconds=27)

    assert (await office.client.call(STAGES))["success"] is True


def test_queued_work_is_expected_as_far_as_the_day_pays_for_it():
    day = BudgetReport(
        DAY, 300_000, 100_000, 110_000, datetime(2026, 11, 22, tzinfo=UTC), kept=60_000
    )

    assert day.with_queue(50_000).forecast == 160_000
    assert day.with_queue(50_000).waiting == 0
    assert day.with_queue(200_000).forecast == 250_000
    assert day.with_queue(200_000).waiting == 60_000


async def test_a_restart_forgets_nothing_that_was_saved(make_office):
    first = make_office()
    await first.client.call(STAGES)
    await first.crm.aclose()

    again = make_office(first.world, usage=first.usage)

    assert (await again.crm.budget()).used == first.world.ledger.spent[DAY] == 5


def test_a_day_like_yesterday_is_expected_to_end_like_yesterday():
    pattern = [0] * 7 + [900, 1500, 1200, 800, 400, 300, 700, 900, 1000, 600, 200] + [50] * 6
    known = {f"2026-11-20T{hour:02}": cost for hour, cost in enumerate(pattern)}
    errors = []
    for hour in range(1, 24):
        known |= {f"{DAY}T{at:02}": cost for at, cost in enumerate(pattern[:hour])}
        told = sum(pattern[:hour]) + forecast(known, f"{DAY}T{hour:02}", 24 - hour, DAILY)
        errors.append(abs(told - sum(pattern)) / sum(pattern))

    assert max(errors) < 0.01


def test_a_first_day_goes_on_as_it_began():
    assert forecast(hours(DAY, h00=100, h01=100, h02=50), f"{DAY}T02", 21.5, DAILY) == 2150


def test_a_first_hour_tells_nothing_of_the_others():
    assert forecast(hours(DAY, h09=10_000), f"{DAY}T09", 14.9, DAILY) == 0


def test_a_load_is_no_habit_neither_today_nor_tomorrow():
    load = hours(DAY, h07=120, h08=120, h09=200_000, h10=100_000, h11=120)

    assert forecast(load, f"{DAY}T12", 12, DAILY) == 12 * 120
    assert forecast(load, "2026-11-22T08", 16, DAILY) == 240


def test_what_an_hour_has_cost_already_is_not_expected_once_more():
    known = hours("2026-11-20", h08=50, h10=50, h12=50) | hours(DAY, h08=50, h10=50)

    assert forecast(known, f"{DAY}T10", 13.9, DAILY) == 50


def test_a_monday_is_like_the_last_monday_and_not_like_sunday():
    known = {f"2026-11-16T{hour:02}": 100 for hour in range(24)}
    known |= {f"2026-11-22T{hour:02}": 1 for hour in range(24)}

    assert forecast(known, "2026-11-23T12", 12, DAILY) == 1200

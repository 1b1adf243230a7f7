"""The client stays within bursts and days, and knows what a refusal means."""

import asyncio

import httpx
import pytest

from b1bridge.connectors.pipedrive.bursts import Bursts
from b1bridge.connectors.pipedrive.operations import DEALS, ME, ORGANIZATIONS, STAGES
from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.errors import ConnectionBroken, ContractBroken, OutcomeUnknown, Rejected, Transient

pytestmark = pytest.mark.anyio


class Distant(httpx.AsyncBaseTransport):
    """A line that lets others speak before a request arrives, and before its answer does."""

    def __init__(self, line, clock):
        self.line = line
        self.clock = clock

    async def handle_async_request(self, request):
        await self.passes()
        response = await self.line.handle_async_request(request)
        await self.passes()
        return response

    async def passes(self):
        for _ in range(5):
            await asyncio.sleep(0)
        self.clock.forward(seconds=0.002)


CLOUDFLARE = "<!DOCTYPE html><html><title>Access denied</title></html>"


@pytest.fixture
def by_oauth(make_office, clock):
    """Return an office that comes in as an installed app."""
    world = Simulator(clock=clock)
    own = {
        "api_token": None,
        "client_id": "sim-client",
        "client_secret": "sim-client-secret",
        "refresh_token": world.oauth.install(),
        "oauth_url": world.base_url,
    }
    return make_office(world, own=own)


async def test_many_at_once_never_exceed_two_seconds(make_office, clock):
    office = make_office(plan="LITE", seats=10)
    start = clock()

    await asyncio.gather(*(office.client.call(ME) for _ in range(100)))

    assert office.world.ledger.refused["burst"] == 0
    assert 8 < (clock() - start).total_seconds() < 15


async def test_what_another_process_sends_with_our_token_counts(make_office):
    world = make_office(plan="LITE", seats=10).world
    ours, theirs = make_office(world), make_office(world)
    for _ in range(19):
        await theirs.client.call(ME)
    await ours.client.call(ME)

    await ours.client.call(ME)

    assert world.ledger.refused["burst"] == 0


async def test_a_request_that_arrives_late_counts_from_then_on():
    now = 0.0

    async def sleep(seconds):
        nonlocal now
        now += seconds

    bursts = Bursts(1, clock=lambda: now, sleep=sleep)
    async with bursts.turn():
        await sleep(0.7)

    async with bursts.turn() as sent_at:
        assert sent_at >= 0.7 + 2


@pytest.mark.parametrize("plan", ["LITE", "GROWTH"])
async def test_processes_that_share_a_token_stay_within_two_seconds_together(
    make_office, clock, plan
):
    world = make_office(plan=plan, seats=100).world
    processes = [make_office(world) for _ in range(3)]
    for office in processes:
        office.line.line = Distant(office.line.line, clock)

    async def hand(office):
        for _ in range(12):
            await office.client.call(ME)

    await asyncio.gather(*(hand(office) for office in processes for _ in range(8)))

    assert world.ledger.requests["GET /users/me"] == 3 * 8 * 12
    assert world.ledger.refused["burst"] == 0


async def test_a_burst_that_others_used_up_is_waited_for(make_office):
    office = make_office(plan="LITE", seats=10)
    for _ in range(20):
        await office.ask("GET", "/v1/users/me", token="sim-token")

    assert (await office.client.call(ME))["data"]["id"] == 101
    assert office.world.ledger.refused["burst"] == 1


async def test_a_refusal_that_names_no_time_is_left_to_the_engine(office):
    office.line.answer(429, text='{"success": false, "error": "too many"}')

    with pytest.raises(Transient) as caught:
        await office.client.call(ME)

    assert caught.value.retry_after == 300
    assert len(office.line.sent) == 0


async def test_the_end_of_the_day_stops_us_until_midnight(make_office, clock):
    office = make_office(plan="LITE", seats=1)
    office.world.ledger.spent_by_others = 29_999

    with pytest.raises(Transient) as caught:
        await office.client.call(STAGES)
    asked = len(office.line.sent)
    with pytest.raises(Transient, match="all are used"):
        await office.client.call(STAGES)

    assert 15 * 3600 - 5 <= caught.value.retry_after <= 15 * 3600 + 5
    assert len(office.line.sent) == asked == 1
    clock.forward(hours=15, minutes=1)
    office.world.ledger.spent_by_others = 0
    assert (await office.client.call(STAGES))["success"] is True


async def test_cloudflares_page_means_some_minutes(office):
    office.line.answer(403, {"content-type": "text/html"}, CLOUDFLARE)

    with pytest.raises(Transient) as caught:
        await office.client.call(ME)

    assert caught.value.retry_after == 300


async def test_a_reached_limit_of_the_plan_is_no_matter_of_patience(office):
    text = '{"success": false, "error": "Deals limit", "code": "feature_capping_deals_limit"}'
    office.line.answer(403, {"content-type": "application/json"}, text)

    with pytest.raises(Rejected, match="Deals limit") as caught:
        await office.client.call(DEALS["add"], payload={"title": "one too many"})

    assert caught.value.reason == "CRM_LIMIT"


async def test_a_missing_permission_breaks_the_connection(office):
    office.world.company.scopes_refused.add("organizations")

    with pytest.raises(ConnectionBroken, match="Scope"):
        await office.client.call(ORGANIZATIONS["list"])


async def test_a_wrong_token_breaks_the_connection(make_office):
    office = make_office(own={"api_token": "old"})

    with pytest.raises(ConnectionBroken, match="unauthorized"):
        await office.client.call(ME)


async def test_an_answer_that_is_no_json_is_a_broken_contract(office):
    office.line.answer(200, text=CLOUDFLARE)

    with pytest.raises(ContractBroken):
        await office.client.call(ME)


async def test_a_write_without_an_answer_is_of_unknown_outcome(office):
    office.line.lose_reply()

    with pytest.raises(OutcomeUnknown):
        await office.client.call(ORGANIZATIONS["add"], payload={"name": "Acme"})


async def test_lists_are_read_to_their_end(office):
    for number in range(1203):
        office.world.add_organization(f"Customer {number}")

    pages = [page async for page in office.client.pages(ORGANIZATIONS["list"])]

    assert [len(page) for page in pages] == [500, 500, 203]
    assert len({row["id"] for page in pages for row in page}) == 1203


async def test_one_renewal_serves_all_who_wait(by_oauth):
    await asyncio.gather(*(by_oauth.client.call(ME) for _ in range(30)))

    assert by_oauth.world.oauth.renewals == 1


async def test_a_token_is_renewed_before_its_hour_ends(by_oauth, clock):
    await by_oauth.client.call(ME)
    clock.forward(minutes=59, seconds=30)

    await by_oauth.client.call(ME)

    assert by_oauth.world.oauth.renewals == 2
    assert [sent.url.path for sent in by_oauth.line.sent].count("/oauth/token") == 2


async def test_a_token_taken_back_is_renewed_once_for_many(by_oauth):
    await by_oauth.client.call(ME)
    by_oauth.world.oauth.access.clear()

    await asyncio.gather(*(by_oauth.client.call(ME) for _ in range(10)))

    assert by_oauth.world.oauth.renewals == 2


async def test_a_removed_app_breaks_the_connection(by_oauth):
    await by_oauth.client.call(ME)
    by_oauth.world.oauth.uninstall()

    with pytest.raises(ConnectionBroken, match="install the app again"):
        await by_oauth.client.call(ME)


@pytest.mark.parametrize("rotates", [True, False])
async def test_the_newest_refresh_token_survives_a_restart(by_oauth, make_office, clock, rotates):
    by_oauth.world.oauth.rotates = rotates
    await by_oauth.client.call(ME)
    own = by_oauth.settings.model_dump()

    again = make_office(by_oauth.world, own=own, renewed=by_oauth.renewed)
    await again.client.call(ME)
    assert by_oauth.world.oauth.renewals == 1
    clock.forward(hours=2)

    assert (await again.client.call(ME))["data"]["id"] == 101
    assert (await by_oauth.client.call(ME))["data"]["id"] == 101
    assert by_oauth.world.oauth.renewals == 2


async def test_processes_that_renew_at_once_both_go_on(by_oauth, make_office):
    own = by_oauth.settings.model_dump()
    other = make_office(by_oauth.world, own=own, renewed=by_oauth.renewed)

    answers = await asyncio.gather(by_oauth.client.call(ME), other.client.call(ME))

    assert [one["data"]["id"] for one in answers] == [101, 101]

"""A load is repeated without a request, and a deal is sold while a load waits for midnight."""

from datetime import UTC, datetime

import pytest

from b1sim.company import clerk

from .hubs import TO_CRM, hub_between

pytestmark = pytest.mark.anyio
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CATALOGUE = TO_CRM[:3]


async def load(between, *flows):
    for flow in flows:
        await between.hub.sync_now(flow, LONG_AGO)
        await between.settled()


async def test_a_second_load_asks_nothing_and_one_record_by_hand_is_sent_again(tmp_path):
    async with hub_between(tmp_path) as between:
        between.invoice()
        await load(between, *CATALOGUE)
        asked, runs = len(between.asked("crm")), len(await between.hub.runs())

        await load(between, *CATALOGUE)

        assert len(await between.hub.runs()) > runs
        assert between.asked("crm")[asked:] == []
        [organization] = between.pipedrive.company.rows["organization"]
        between.pipedrive.change_organization(organization, name="Not hers")
        [run] = await between.hub.runs(sync="partner-to-organization", limit=1)
        await between.hub.start("partner-to-organization", run.ref, "test")
        await between.settled()
        assert between.pipedrive.company.rows["organization"][organization]["name"] == "Anna Ek AB"


async def test_a_deal_is_sold_while_the_catalogue_waits_for_midnight(tmp_path):
    async with hub_between(tmp_path) as between:
        await load(between, *CATALOGUE)
        await _use_up(between, share=0.9)
        for number in range(8):
            clerk.add_partner(between.sap.company, f"N{number}", "New")
        await between.hub.sync_now(CATALOGUE[0], LONG_AGO)
        await _waiting(between, 8)
        expected = await between.hub.crm.budget("crm")
        between.pipedrive.win_deal(between.deal())

        await between.hub.sync_now("deal-to-sales-order")
        await _waiting(between, 8)

        assert expected.waiting == 8 * await cost_of_a_partner(between)
        assert expected.forecast == expected.used
        assert len(between.orders()) == 1
        assert await between.hub.cases() == []
        between.clock.move(24 * 3600)
        await between.settled()
        assert len(between.pipedrive.company.rows["organization"]) == 9
        assert between.pipedrive.ledger.refused.total() == 0


async def cost_of_a_partner(between):
    """Return what a run for a customer has cost on average: one was sent, and then not again."""
    runs = await between.hub.runs(sync=CATALOGUE[0], state="finished")
    return sum(run.figures.get("cost", 0) for run in runs) / len(runs)


async def _use_up(between, share):
    """Let another program of ours have spent a share of the day."""
    ledger, line = between.pipedrive.ledger, await between.hub.open_connection("crm")
    spent = round(ledger.daily * share)
    await line._client.budget.spend(spent)  # noqa: SLF001 - no request of ours costs so much
    ledger.spent[ledger.today] += spent


async def _waiting(between, number):
    """Wait until nothing is under way but what waits for its time."""
    while True:
        counts = await between.hub.counts()
        if not counts["queued"] and not counts["running"]:
            assert counts["waiting"] == number
            return

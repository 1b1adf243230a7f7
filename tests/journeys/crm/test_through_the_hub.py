"""Customers, items, invoices and a deal through the durable engine, on a database."""

import pytest

from b1bridge.domain.identity import Ref

from .hubs import FROM_CRM, TO_CRM, hub_between

pytestmark = pytest.mark.anyio


@pytest.fixture
async def between(tmp_path):
    async with hub_between(tmp_path) as opened:
        yield opened


async def test_all_is_shown_and_looking_again_writes_nothing(between):
    between.invoice()
    await between.look(*TO_CRM)
    before = between.written()

    runs = len(await between.hub.runs())
    company, pipedrive = between.sap.company, between.pipedrive.company
    company.patch("BusinessPartners", {"CardCode": "C1"}, {"Notes": "nothing for sales"})
    company.patch("Items", {"ItemCode": "TEA"}, {"User_Text": "nothing for sales"})
    await between.look(*TO_CRM)

    assert await between.hub.cases() == []
    assert len(await between.hub.runs()) > runs
    assert [row["name"] for row in pipedrive.rows["organization"].values()] == ["Anna Ek AB"]
    assert [row["name"] for row in pipedrive.rows["person"].values()] == ["Bo Ek"]
    assert [row["code"] for row in pipedrive.rows["product"].values()] == ["TEA"]
    assert len(pipedrive.notes) == 1
    assert between.written() == before


async def test_a_won_deal_is_one_order_however_often_it_is_told(between):
    await between.look(*TO_CRM)
    deal = between.pipedrive.win_deal(between.deal())

    await between.tell(*reversed(between.letters("1.0", "2.0", "2.0")))
    await between.look(*TO_CRM, *FROM_CRM)
    before = between.written()
    await between.tell(*between.letters("2.0"))
    await between.look(*TO_CRM, *FROM_CRM)

    assert await between.hub.cases() == []
    [order] = between.sap.company.query("Orders")
    assert order["NumAtCard"] == f"crm/deal/{deal}"
    assert between.written() == before


@pytest.mark.parametrize(("version", "tokens"), [("2.0", 0), ("1.0", 1)])
async def test_an_echo_of_our_note_asks_sap_nothing(between, version, tokens):
    await between.look(*TO_CRM)
    between.pipedrive.win_deal(between.deal())
    await between.tell(between.pipedrive.notice())
    assert len(between.orders()) == 1
    spent, asked = sum(between.pipedrive.ledger.spent.values()), between.asked("books")

    await between.tell(between.pipedrive.notice(version=version))

    assert between.pipedrive.company.changes[-1].actor.user_id == between.pipedrive.service_user
    assert between.asked("books") == asked
    assert sum(between.pipedrive.ledger.spent.values()) - spent == tokens


async def test_lost_and_won_again_one_order_stands_and_its_number_is_noted(between):
    await between.look(*TO_CRM)
    deal = between.deal()
    for turn in (between.pipedrive.win_deal, between.pipedrive.lose_deal) * 2:
        turn(deal)
        await between.tell(between.pipedrive.notice())
    between.pipedrive.win_deal(deal)

    await between.tell(*reversed(between.letters("1.0", "2.0")))

    assert await between.hub.cases() == []
    [order] = between.orders()
    assert order["NumAtCard"] == f"crm/deal/{deal}+2"
    assert len(between.orders(standing=False)) == 3
    found = await (await between.hub.open_connection("crm")).deal(Ref("crm", "deal", str(deal)))
    assert found.noted["SAP order"] == str(order["DocNum"])


async def test_a_case_of_a_deal_goes_on_once_what_it_lacked_is_there(between):
    await between.look(*TO_CRM)
    deal = between.pipedrive.add_deal("Nothing yet", 1)
    between.pipedrive.win_deal(deal)
    await between.tell(between.pipedrive.notice())
    [case] = await between.hub.cases()
    assert (case.reason, between.orders()) == ("NO_LINES", [])
    [product] = between.pipedrive.company.rows["product"]
    taxed = {"tax": "20", "tax_method": "exclusive"}
    between.pipedrive.add_product_to_deal(deal, product, "1", "10", **taxed)

    await between.tell(between.pipedrive.notice())

    assert await between.hub.cases() == []
    assert len(between.orders()) == 1


async def test_what_was_told_once_is_no_gap_afterwards(between):
    between.invoice()
    await between.look(*TO_CRM)
    between.clock.move(3600)
    before = {flow: len(await between.hub.runs(sync=flow)) for flow in TO_CRM}

    swept = await between.hub.sweep()
    await between.settled()

    assert swept >= len(TO_CRM)
    assert {flow: len(await between.hub.runs(sync=flow)) for flow in TO_CRM} == before

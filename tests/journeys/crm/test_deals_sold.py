"""A deal won in Pipedrive is one document of SAP, and hears what becomes of it."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from b1bridge.connectors.pipedrive import CONNECTOR
from b1bridge.connectors.pipedrive.settings import Settings as PipedriveSettings
from b1bridge.domain.crm import CrmRecord
from b1bridge.domain.crm_fields import ALL
from b1bridge.domain.identity import Ref
from b1bridge.engine.dry_run import Trial
from b1bridge.engine.flow import Did
from b1bridge.engine.options import options_of
from b1bridge.errors import NeedsOperator
from b1bridge.flows import (
    deal_to_sales_order,
    delivery_to_deal,
    invoice_to_note,
    sales_order_to_deal,
)
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun
from b1sim.company import clerk

from .conftest import TO_CRM

pytestmark = pytest.mark.anyio


async def test_a_delivery_of_a_part_shows_as_a_part(bridge):
    deal = await bridge.won_deal()
    await bridge.tell(deal_to_sales_order.FLOW, deal)
    [order] = bridge.sap.company.query("Orders")
    drawn = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0, "Quantity": 1}
    made = bridge.sap.company.create("DeliveryNotes", {"CardCode": "C1", "DocumentLines": [drawn]})

    [told] = await bridge.look(delivery_to_deal.FLOW)
    [again] = await bridge.look(delivery_to_deal.FLOW)

    assert bridge.custom("deal", "SAP delivery") == [f"partly delivered: {made['DocNum']}"]
    assert (told.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)


async def test_what_is_open_and_when_it_comes_shows_on_the_deal(bridge):
    deal = await bridge.won_deal()
    await bridge.tell(deal_to_sales_order.FLOW, deal)
    [order] = bridge.sap.company.query("Orders")
    await bridge.look(sales_order_to_deal.FLOW)
    assert bridge.custom("deal", "SAP open") == ["TEA 2 of 2"]
    due = str(order["DocumentLines"][0]["ShipDate"])[:10]
    assert bridge.custom("deal", "SAP expected") == [due]
    later = {"DocumentLines": [{"LineNum": 0, "ShipDate": "2030-02-01"}]}
    bridge.sap.company.patch("Orders", {"DocEntry": order["DocEntry"]}, later)

    [moved] = await bridge.look(sales_order_to_deal.FLOW)
    before = len(bridge.pipedrive.company.changes)
    [again] = await bridge.look(sales_order_to_deal.FLOW)

    assert moved.reason == "deal 1: SAP expected: 2030-02-01"
    assert again.did is Did.ALREADY_THERE
    assert len(bridge.pipedrive.company.changes) == before
    drawn = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0}
    bridge.sap.company.create("DeliveryNotes", {"CardCode": "C1", "DocumentLines": [drawn]})
    await bridge.look(delivery_to_deal.FLOW)
    assert bridge.custom("deal", "SAP open") == [""]
    assert bridge.custom("deal", "SAP expected") == [None]


async def test_an_order_of_a_deal_that_was_deleted_is_left_alone(bridge):
    deal = await bridge.won_deal()
    await bridge.tell(deal_to_sales_order.FLOW, deal)
    bridge.pipedrive.delete("deal", int(deal.id))

    [outcome] = await bridge.look(sales_order_to_deal.FLOW)

    assert outcome.did is Did.ALREADY_THERE


async def test_orders_of_nobody_s_deal_are_not_looked_at(bridge):
    bridge.post("Orders", NumAtCard="PO 7")

    assert await bridge.look(sales_order_to_deal.FLOW) == []


async def test_a_won_deal_is_a_sales_order_and_hears_of_its_delivery_and_invoice(bridge):
    deal = await bridge.won_deal()

    posted = await bridge.tell(deal_to_sales_order.FLOW, deal)
    [order] = bridge.sap.company.query("Orders")
    assert (order["NumAtCard"], order["CardCode"]) == (str(deal), "C1")
    assert Decimal(str(order["DocTotal"])) == Decimal(24)
    assert bridge.custom("deal", "SAP order") == [str(order["DocNum"])]
    assert posted.did is Did.POSTED

    drawn = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0}
    delivery = bridge.sap.company.create(
        "DeliveryNotes", {"CardCode": "C1", "DocumentLines": [drawn | {"Quantity": 2}]}
    )
    await bridge.look(delivery_to_deal.FLOW)
    assert bridge.custom("deal", "SAP delivery") == [f"delivered: {delivery['DocNum']}"]

    drawn = {"BaseType": 15, "BaseEntry": delivery["DocEntry"], "BaseLine": 0}
    invoice = bridge.sap.company.create(
        "Invoices", {"CardCode": "C1", "NumAtCard": str(deal), "DocumentLines": [drawn]}
    )
    await bridge.look(invoice_to_note.FLOW)
    assert bridge.custom("deal", "SAP invoice") == [f"24.00 EUR open: {invoice['DocNum']}"]


async def test_our_note_on_a_deal_comes_back_and_costs_one_token(bridge):
    deal = await bridge.won_deal()
    await bridge.tell(deal_to_sales_order.FLOW, deal)
    spent = bridge.spent()

    await bridge.tell(deal_to_sales_order.FLOW, deal)

    assert bridge.spent() - spent == 1


async def test_a_deleted_deal_cancels_its_order(bridge):
    deal = await bridge.won_deal()
    await bridge.tell(deal_to_sales_order.FLOW, deal)
    bridge.pipedrive.delete("deal", int(deal.id))

    await bridge.tell(deal_to_sales_order.FLOW, deal)

    assert bridge.sap.company.query("Orders")[0]["Cancelled"] == "tYES"


async def test_a_deal_changed_after_it_was_won_changes_its_order(bridge):
    deal = await bridge.won_deal()
    await bridge.tell(deal_to_sales_order.FLOW, deal)
    [line] = bridge.pipedrive.company.lines.values()
    bridge.pipedrive.change_line(line["id"], quantity="5")

    await bridge.tell(deal_to_sales_order.FLOW, deal)

    [order] = bridge.sap.company.query("Orders")
    assert Decimal(str(order["DocTotal"])) == Decimal(60)


async def test_a_currency_without_a_rate_is_a_case_until_there_is_one(bridge):
    deal = await bridge.won_deal()
    bridge.pipedrive.change_deal(int(deal.id), currency="USD")
    clerk.add_partner(bridge.sap.company, "C2", "Any currency", Currency="##")
    other = Ref("books", "business partner", "C2")
    [organization] = bridge.rows("organization")
    await bridge.run.links.link(Ref("crm", "organization", str(organization["id"])), other)

    bridge.sap.company.db.execute("DELETE FROM ORTT")

    with pytest.raises(NeedsOperator) as case:
        await bridge.tell(deal_to_sales_order.FLOW, deal, currencies=("USD",))
    today = datetime.now(ZoneInfo(bridge.sap.company.settings.time_zone)).date()
    clerk.set_rate(bridge.sap.company, "USD", today, "0.9")
    await bridge.tell(deal_to_sales_order.FLOW, deal, currencies=("USD",))

    assert case.value.reason == "RATE_MISSING"
    assert [order["DocCurrency"] for order in bridge.sap.company.query("Orders")] == ["USD"]


async def test_a_quotation_follows_its_deal_until_it_is_taken_over(bridge):
    deal = await bridge.won_deal()
    await bridge.tell(deal_to_sales_order.FLOW, deal, document="quotation")
    [line] = bridge.pipedrive.company.lines.values()
    bridge.pipedrive.change_line(line["id"], quantity="5")
    await bridge.tell(deal_to_sales_order.FLOW, deal, document="quotation")
    [quotation] = bridge.sap.company.query("Quotations")
    assert Decimal(str(quotation["DocTotal"])) == Decimal(60)
    drawn = {"BaseType": 23, "BaseEntry": quotation["DocEntry"], "BaseLine": 0}
    bridge.post("Orders", DocumentLines=[drawn])
    bridge.pipedrive.change_line(line["id"], quantity="6")

    with pytest.raises(NeedsOperator) as case:
        await bridge.tell(deal_to_sales_order.FLOW, deal, document="quotation")

    assert case.value.reason == "EDIT_CONFLICT"


async def test_a_deal_for_an_unknown_organization_opens_a_customer_that_is_shown_as_it(bridge):
    deal = await bridge.won_deal()
    stranger = bridge.pipedrive.add_organization("New & Co")
    bridge.pipedrive.change_deal(int(deal.id), org_id=stranger)

    await bridge.tell(deal_to_sales_order.FLOW, deal, create_partner=True)
    await bridge.look(TO_CRM[0])

    code = bridge.sap.company.query("Orders")[0]["CardCode"]
    assert bridge.custom("organization", "SAP customer code") == ["C1", code]
    assert len(bridge.rows("organization")) == 2


async def test_a_field_that_is_missing_is_a_case_and_the_order_is_posted_once(bridge):
    deal = await bridge.won_deal()
    fields = bridge.pipedrive.company.fields["deal"]
    for code in [code for code, one in fields.items() if one.name == "SAP order"]:
        del fields[code]
    bridge.crm._fields._known.pop(CrmRecord.DEAL, None)  # noqa: SLF001 - five minutes pass

    with pytest.raises(NeedsOperator) as case:
        await bridge.tell(deal_to_sales_order.FLOW, deal)
    await bridge.crm.make_fields(ALL)
    await bridge.tell(deal_to_sales_order.FLOW, deal)

    assert case.value.reason == "FIELD_MISSING"
    [order] = bridge.sap.company.query("Orders")
    assert bridge.custom("deal", "SAP order") == [str(order["DocNum"])]


async def test_a_dry_run_says_what_it_would_write_and_writes_nothing(bridge):
    deal = await bridge.won_deal()
    bridge.post("Invoices")
    before = len(bridge.pipedrive.company.changes)
    memory = SimpleNamespace(
        links=bridge.run.links, in_flight=bridge.run.in_flight, crosswalks=bridge.run
    )

    async def preview(flow, ref):
        to_crm = flow in TO_CRM
        ends = (bridge.books, bridge.crm) if to_crm else (bridge.crm, bridge.books)
        target = "crm" if to_crm else "books"
        trial = Trial(flow, {}, target, *ends, memory, bridge.run.now)
        return (await trial.preview(ref)).would

    would = [
        await preview(TO_CRM[0], Ref("books", "business partner", "C1")),
        await preview(TO_CRM[1], Ref("books", "item", "TEA")),
        await preview(TO_CRM[2], Ref("books", "invoice", "1")),
        await preview(deal_to_sales_order.FLOW, deal),
    ]

    written = [[line for line in one if not line.endswith("already there")] for one in would]
    assert [one[0].partition(":")[0] for one in written] == [
        "change organization",
        "change product",
        "add note",
        "post document",
    ]
    assert len(bridge.pipedrive.company.changes) == before
    assert bridge.sap.company.query("Orders") == []


async def test_each_notice_three_times_and_in_any_order_is_one_order(bridge):
    deal = await bridge.won_deal()
    settings = PipedriveSettings(**bridge.pipedrive.settings())
    letters = [
        bridge.pipedrive.notice(number, version=version, attempt=attempt)
        for number in range(len(bridge.pipedrive.company.changes))
        for version in ("1.0", "2.0")
        for attempt in (1, 2, 3)
    ]
    told = [CONNECTOR.notices("crm", settings, *one, datetime.now(UTC)) for one in letters]
    refs = [notice.ref for found in told for notice in found if notice.ref.kind == "deal"]

    for ref in reversed(refs):
        await bridge.tell(deal_to_sales_order.FLOW, ref)

    assert len(refs) > 6
    assert set(refs) == {deal}
    assert len(bridge.sap.company.query("Orders")) == 1


@pytest.mark.parametrize("nth", range(1, 9))
async def test_a_death_at_any_step_and_a_fresh_start_post_one_order(bridge, nth):
    deal = await bridge.won_deal()
    run = CrashingRun(deal, "books", bridge.run.links, nth_step=nth)
    with pytest.raises(Crash):
        await deal_to_sales_order.FLOW.body(
            run, bridge.crm, bridge.books, options_of(deal_to_sales_order.FLOW, {})
        )

    await bridge.tell(deal_to_sales_order.FLOW, deal)

    [order] = bridge.sap.company.query("Orders")
    assert bridge.custom("deal", "SAP order") == [str(order["DocNum"])]

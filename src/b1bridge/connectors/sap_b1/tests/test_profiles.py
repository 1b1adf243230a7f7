"""What sales is told of customers, items and invoices, and how SAP's changes of them are found."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1sim.company import clerk
from b1sim.company.refusals import Refusal
from b1sim.world import World

pytestmark = pytest.mark.anyio
PARTNER = Ref("sap", "business partner", "C1")
TEA = Ref("sap", "item", "TEA")
BANK = "_SYS00000000203"
URL = "https://sap.test:50000"


def euro(amount):
    return Money.of(amount, "EUR")


@pytest.fixture
def world():
    """Found a company whose clock stands still at noon."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    with World(seed=False, clock=lambda: noon) as world:
        bo = {"Name": "Bo Ek", "FirstName": "Bo", "LastName": "Ek", "E_Mail": "bo@x.se"}
        clerk.add_partner(world.company, "C1", "Anna Ek", ContactEmployees=[bo], CreditLimit=100)
        clerk.add_item(world.company, "TEA", "Earl Grey", stock="100", vat_group="A20")
        clerk.add_item(world.company, "MUG", "Mug", stock="100", vat_group="A7")
        yield world


@pytest.fixture(params=["v2", "v1"])
def world_settings(request, world):
    zone = world.company.settings.time_zone
    return Settings(**world.settings(), version=request.param, time_zone=zone)


def now(world):
    return world.clock()


def zone(world):
    return ZoneInfo(world.company.settings.time_zone)


def invoice(world, *, due=30, item="TEA", base=None, **header):
    day = now(world).date()
    rows = [base or {"ItemCode": item, "Quantity": 2, "UnitPrice": 10}]
    fields = {"CardCode": "C1", "DocDueDate": str(day + timedelta(days=due))}
    return world.company.create("Invoices", fields | header | {"DocumentLines": rows})


def pay(world, made, amount, **header):
    settled = {"DocEntry": made["DocEntry"], "InvoiceType": "it_Invoice", "SumApplied": amount}
    fields = {"CardCode": "C1", "TransferAccount": BANK, "TransferSum": amount}
    return world.company.create(
        "IncomingPayments", fields | header | {"PaymentInvoices": [settled]}
    )


def ref_of(made):
    return Ref("sap", "invoice", str(made["DocEntry"]))


async def told(changes):
    return [(ref.id, moment) async for ref, moment in changes]


async def ids(changes):
    return {ref.id async for ref, _ in changes}


async def test_a_customer_is_told_with_people_balance_and_what_is_overdue(world, books):
    day = now(world).date()
    invoice(world, due=5)
    late = invoice(world, due=-1, DocDate=str(day - timedelta(days=9)))
    pay(world, late, 4)

    found = await books.partner_profile(PARTNER, now(world))

    assert (found.balance, found.overdue, found.credit_limit) == (euro(44), euro(20), euro(100))
    assert (found.price_list, found.segment) == ("Base price", "Customers")
    assert [(one.first_name, one.email) for one in found.contacts] == [("Bo", "bo@x.se")]
    assert (found.is_active, found.is_lead) == (True, False)


async def test_of_an_invoice_in_parts_only_what_was_due_is_overdue(world, books):
    day = now(world).date()
    parts = [
        {"DueDate": str(day - timedelta(days=2)), "Percentage": 50},
        {"DueDate": str(day + timedelta(days=30)), "Percentage": 50},
    ]
    earlier = str(day - timedelta(days=9))
    made = invoice(world, due=30, DocDate=earlier, DocumentInstallments=parts)

    assert (await books.partner_profile(PARTNER, now(world))).overdue == euro(12)
    pay(world, made, 5)
    assert (await books.partner_profile(PARTNER, now(world))).overdue == euro(7)
    pay(world, made, 10)
    assert (await books.partner_profile(PARTNER, now(world))).overdue == euro(0)


@pytest.mark.parametrize(("how", "overdue"), [("dptInvoice", 24), ("dptRequest", 0)])
async def test_a_down_payment_is_overdue_once_it_is_invoiced(world, books, how, overdue):
    day = now(world).date()
    dates = {"DocDate": str(day - timedelta(days=9)), "DocDueDate": str(day - timedelta(days=1))}
    rows = [{"ItemCode": "TEA", "Quantity": 2, "UnitPrice": 10}]
    head = {"CardCode": "C1", "DownPaymentType": how, "DocumentLines": rows}
    world.company.create("DownPayments", head | dates)

    found = await books.partner_profile(PARTNER, now(world))

    assert (found.overdue, found.balance) == (euro(overdue), euro(overdue))


async def test_a_credit_memo_is_in_the_balance_and_its_invoice_is_settled(world, books):
    day = now(world).date()
    late = invoice(world, due=-1, DocDate=str(day - timedelta(days=9)))
    drawn = {"BaseType": 13, "BaseEntry": late["DocEntry"], "BaseLine": 0, "Quantity": 1}
    world.company.create("CreditNotes", {"CardCode": "C1", "DocumentLines": [drawn]})

    found = await books.partner_profile(PARTNER, now(world))

    assert (found.balance, found.overdue) == (euro(12), euro(12))


async def test_open_orders_are_told_when_they_come_and_when_they_go(world, books):
    head = {"CardCode": "C1", "DocDueDate": "2030-01-31"}
    rows = [{"ItemCode": "TEA", "Quantity": 2, "UnitPrice": 10}]
    order = world.company.create("Orders", head | {"DocumentLines": rows})
    world.clock.move(7200)
    since = now(world) - timedelta(minutes=1)
    assert PARTNER.id not in await ids(books.business_partners_changed_since(since))
    ordered = await books.partner_profile(PARTNER, now(world))

    drawn = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0}
    world.company.create("DeliveryNotes", {"CardCode": "C1", "DocumentLines": [drawn]})
    delivered = await books.partner_profile(PARTNER, now(world))

    assert (ordered.open_orders, ordered.open_deliveries) == (euro(24), euro(0))
    assert (delivered.open_orders, delivered.open_deliveries) == (euro(0), euro(24))
    assert PARTNER.id in await ids(books.business_partners_changed_since(since))


async def test_suppliers_and_strangers_are_nobody(world, books):
    clerk.add_partner(world.company, "V1", "Vendor", CardType="cSupplier")

    assert await books.partner_profile(Ref("sap", "business partner", "V1"), now(world)) is None
    assert await books.partner_profile(Ref("sap", "business partner", "C404"), now(world)) is None


async def test_a_frozen_customer_is_not_active(world, books):
    world.company.patch("BusinessPartners", {"CardCode": "C1"}, {"Frozen": "tYES", "Valid": "tNO"})

    assert (await books.partner_profile(PARTNER, now(world))).is_active is False


TIMES = [
    ({"Valid": "tYES", "ValidFrom": 1}, False),
    ({"Valid": "tYES", "ValidFrom": 0, "ValidTo": 0}, True),
    ({"Valid": "tYES", "ValidTo": -1}, False),
    ({"Valid": "tNO", "Frozen": "tYES"}, False),
    ({"Valid": "tNO", "Frozen": "tYES", "FrozenFrom": 1}, True),
    ({"Valid": "tNO", "Frozen": "tYES", "FrozenFrom": -9, "FrozenTo": 0}, False),
    ({"Valid": "tYES", "Frozen": "tYES", "FrozenTo": -1}, True),
]


@pytest.mark.parametrize(("said", "active"), TIMES)
async def test_a_card_is_active_on_the_days_that_it_names(world, books, said, active):
    """Active or not is what SAP takes on an order of that day."""
    today = now(world).date()
    card = {k: str(today + timedelta(days=v)) if isinstance(v, int) else v for k, v in said.items()}
    head = {"CardCode": "C1", "DocDueDate": "2030-01-31"}
    order = head | {"DocumentLines": [{"ItemCode": "TEA", "Quantity": 1}]}
    for name, key in (("BusinessPartners", {"CardCode": "C1"}), ("Items", {"ItemCode": "TEA"})):
        world.company.patch(name, key, card)
        partner = await books.partner_profile(PARTNER, now(world))
        item = await books.item_profile(TEA, now(world))
        assert (partner.is_active and item.is_sold) is active
        if active:
            world.company.create("Orders", order)
        else:
            with pytest.raises(Refusal):
                world.company.create("Orders", order)


async def test_an_invoice_is_told_with_what_paid_and_credited_it(world, books):
    made = invoice(world, NumAtCard="PO 7")
    invoice(world)
    pay(world, made, 5)
    other = pay(world, made, 6)
    world.company.act("IncomingPayments", {"DocEntry": other["DocEntry"]}, "Cancel")
    drawn = {"BaseType": 13, "BaseEntry": made["DocEntry"], "BaseLine": 0, "Quantity": 1}
    world.company.create("CreditNotes", {"CardCode": "C1", "DocumentLines": [drawn]})

    found = await books.invoice_profile(ref_of(made))

    assert (found.partner, found.reference, found.total) == ("C1", "PO 7", euro(24))
    assert [(one.posted.kind, one.amount) for one in found.settlements] == [
        ("incoming payment", euro(5)),
        ("credit memo", euro(12)),
    ]
    assert found.paid == euro(17)
    assert found.is_open


async def test_an_invoice_in_another_currency_is_told_in_it(world, books):
    day = now(world).date()
    clerk.add_partner(world.company, "C7", "Any currency", Currency="##")
    clerk.set_rate(world.company, "USD", day, "0.8")
    made = invoice(world, CardCode="C7", DocCurrency="USD")
    settled = {"DocEntry": made["DocEntry"], "InvoiceType": "it_Invoice", "AppliedFC": 4}
    head = {"CardCode": "C7", "DocCurrency": "USD", "TransferAccount": BANK, "TransferSum": 4}
    world.company.create("IncomingPayments", head | {"PaymentInvoices": [settled]})

    found = await books.invoice_profile(ref_of(made))

    dollars = (Money.of(24, "USD"), Money.of(4, "USD"))
    assert (found.total, found.paid) == dollars
    assert [one.amount for one in found.settlements] == [Money.of(4, "USD")]
    partner = await books.partner_profile(Ref("sap", "business partner", "C7"), now(world))
    assert partner.balance == euro("16")


async def test_whose_balance_moved_is_told_once_for_each_journal_entry(world, books):
    since = now(world) + timedelta(hours=1)
    assert PARTNER.id not in await ids(books.business_partners_changed_since(since))

    made = invoice(world)
    first = await told(books.business_partners_changed_since(since))
    again = await told(books.business_partners_changed_since(since))
    pay(world, made, 4)
    second = await told(books.business_partners_changed_since(since))

    assert [code for code, _ in first] == ["C1"]
    assert again == first
    assert second[0][1] > first[0][1]


async def test_a_payment_that_was_dated_back_is_told_all_the_same(world, books):
    day = now(world).date() - timedelta(days=9)
    made = invoice(world, DocDate=str(day))
    since = now(world) + timedelta(hours=1)
    before = await told(books.business_partners_changed_since(since))
    pay(world, made, 4, DocDate=str(day))

    assert await told(books.business_partners_changed_since(since)) != before
    assert ref_of(made).id in await ids(books.invoices_changed_since(since))


async def test_an_invoice_falls_overdue_at_the_midnight_after_its_day(world, books):
    invoice(world, due=2)
    later = now(world) + timedelta(days=3)
    since = later - timedelta(hours=12, minutes=5)
    books.now = lambda: later - timedelta(days=1)
    assert await told(books.business_partners_changed_since(since)) == []
    books.now = lambda: later

    [(code, moment)] = await told(books.business_partners_changed_since(since))

    midnight = datetime.combine(later.date(), datetime.min.time(), zone(world))
    assert (code, moment) == ("C1", midnight)


async def test_where_sql_may_not_run_the_entries_themselves_are_read(world, books):
    since = now(world) + timedelta(hours=1)
    made = invoice(world)
    pay(world, made, 4)
    world.refuse("SQLQueries", -6006, "no permission", status=403, times=9)

    partners = await told(books.business_partners_changed_since(since))
    invoices = await told(books.invoices_changed_since(since))

    assert {code for code, _ in partners} == {"C1"}
    assert {code for code, _ in invoices} == {ref_of(made).id}

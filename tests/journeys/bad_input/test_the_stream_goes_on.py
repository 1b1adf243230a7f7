"""Everything that can be wrong with an order, in one stream: the others are posted all the same."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from b1sim.company import clerk

from .conftest import INVOICING

pytestmark = pytest.mark.anyio

MUG = ("MUG", 2, "4.00", "20")
SHELVES = {"allocate": "fefo", "warehouse": "01"}
ELSEWHERE = 10_000_002


@dataclass
class Trouble:
    """An order that cannot come through: why, what its case must tell, and what mends it."""

    order: int
    reason: str
    told: tuple[str, ...]
    fix: str
    mend: object
    total: str


@pytest.fixture
async def stream(office):
    """Let the hub follow refunds as well, and take batches from one warehouse."""
    await office.hub.set_crosswalk("refund_account", "goodwill", "_SYS00000000401")
    refunds = {"flow": "refund-to-credit-memo", "source": "shop", "target": "books"}
    await office.hub.add_sync("shop refunds", **refunds)
    await office.hub.add_sync(
        "shop order-to-invoice",
        flow="order-to-invoice",
        source="shop",
        target="books",
        options=INVOICING | SHELVES,
    )
    return office


def contradicts_itself(office):
    order = office.store.place_raw({"total_inc_tax": "19.6000", "total_ex_tax": "18.0000"}, [MUG])

    def mend():
        office.store.store.orders[order].raw = {}

    told = ("it charged 19.60 EUR", "sum to 9.60 EUR")
    return Trouble(order, "UNKNOWN_AMOUNT", told, "correct the order", mend, "9.60")


def gives_back_too_much(office):
    order = office.store.shopper_orders([MUG])
    office.store.pays(order)
    office.store.refunds(order, amount="9.60")
    (refund,) = office.store.store.orders[order].refunds
    right = refund.amount, refund.items, refund.payments

    def says(amount):
        refund.amount = amount
        refund.items = [replace(item, amount=amount) for item in refund.items]
        refund.payments = [replace(one, amount=amount) for one in refund.payments]

    says(Decimal("9.61"))

    def mend():
        refund.amount, refund.items, refund.payments = right

    told = ("9.61 EUR", "9.60 EUR")
    return Trouble(order, "REFUND_TOO_LARGE", told, "retry the case", mend, "9.60")


def was_placed_in_a_locked_month(office):
    order = office.store.shopper_orders([MUG], placed_at="2026-08-15T10:00:00+00:00")
    clerk.lock_period(office.company, "2026-08")

    def mend():
        clerk.unlock_period(office.company, "2026-08")

    return Trouble(order, "PERIOD_LOCKED", ("2026-08-15",), "unlock", mend, "9.60")


def has_no_rate(office):
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Berlin")).date()
    clerk.set_rate(office.company, "USD", today, "0")
    order = office.store.shopper_orders([MUG], currency="USD", email="us@x.com")

    def mend():
        clerk.set_rate(office.company, "USD", today, "0.50")

    told = (f"no rate of USD for {today}",)
    return Trouble(order, "RATE_MISSING", told, "enter the rate", mend, "4.80")


def runs_short_of_a_batch(office):
    clerk.add_item(office.company, "CREAM", batches=True)
    clerk.receive_stock(office.company, "CREAM", "6", batch="B1", cost="1")
    order = office.store.shopper_orders([("CREAM", 10, "4.00", "20")])

    def mend():
        clerk.receive_stock(office.company, "CREAM", "4", batch="B2", cost="1")

    told = ("row 1 needs 10 of CREAM", "6 in B1")
    return Trouble(order, "BATCH_SHORT", told, "retry", mend, "48.00")


def would_go_below_zero(office):
    clerk.add_item(office.company, "LAST", stock="1")
    order = office.store.shopper_orders([("LAST", 3, "4.00", "20")])

    def mend():
        clerk.receive_stock(office.company, "LAST", "2")

    return Trouble(order, "STOCK_SHORT", ("line 1 sells LAST",), "retry", mend, "14.40")


def is_refunded_and_unknown(office):
    """The notice of a refund comes, and the shop does not know its order."""
    order = office.store.shopper_orders([MUG])
    office.store.store.orders[ELSEWHERE] = office.store.store.orders.pop(order)

    def mend():
        office.store.store.orders[order] = office.store.store.orders.pop(ELSEWHERE)

    return Trouble(order, "NOT_FOUND", ("404",), "retry", mend, "9.60")


TROUBLES = (
    contradicts_itself,
    gives_back_too_much,
    was_placed_in_a_locked_month,
    has_no_rate,
    runs_short_of_a_batch,
    would_go_below_zero,
    is_refunded_and_unknown,
)


async def hears(office, order):
    """Deliver a notice of a refund of the order, without waiting for what it brings."""
    headers, body = office.store.notice(order, scope="store/order/refund/created")
    await office.hub.accept("shop", headers, body, datetime.now(UTC))


async def test_whatever_cannot_come_through_is_a_case_and_all_others_are_posted(stream, store):
    troubles = [trouble(stream) for trouble in TROUBLES]
    good = [store.shopper_orders([("PEN", n + 1, "1.00", "20")]) for n in range(12)]
    for order in good:
        store.pays(order)
    dropped, called_off = (store.shopper_orders([MUG]) for _ in range(2))
    store.pays(called_off)
    store.cancels(dropped)
    store.cancels(called_off)
    notices = [*good, dropped, called_off, *(trouble.order for trouble in troubles)]
    random.Random(11).shuffle(notices)  # noqa: S311 - an order of arrival, not a secret

    for order in notices:
        await hears(stream, order)
    await stream.settled(120)

    for number, order in enumerate(good, start=1):
        assert stream.total(order) == f"{Decimal(number) * Decimal('1.20'):.2f}"
        assert len(stream.payments(order)) == 1
    assert stream.holds_nothing(dropped)
    assert stream.comes_to(called_off) == "0.00"
    for trouble in troubles:
        case = await stream.stuck(trouble.order, told=False)
        assert case.reason == trouble.reason
        assert all(part in case.message for part in trouble.told), case.message
        assert trouble.fix in case.fix, case.fix

    for trouble in troubles:
        case = await stream.stuck(trouble.order, told=False)
        trouble.mend()
        await stream.retry(case)
        assert stream.total(trouble.order) == trouble.total
    assert await stream.hub.cases() == []

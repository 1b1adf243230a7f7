"""A delivery is shown once per parcel, whatever dies on the way."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.refunds import MoneyBack, MoneyState, Refund, Refunded, RefundPart
from b1bridge.domain.shipments import DeliveredRow, Delivery
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator, OutcomeUnknown
from b1bridge.flows.delivery_to_fulfillment import FLOW, Options
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun, InMemoryRun

from .conftest import MOMENT, ORDER, euro, line, order

pytestmark = pytest.mark.anyio
REF = Ref("books", "delivery", "77")
CROSSWALKS = {"carrier": {"3": "ups"}}


@dataclass
class Warehouse:
    """Deliveries by their record."""

    deliveries: dict = field(default_factory=dict)

    async def delivery(self, ref):
        return self.deliveries[ref]

    def leaves(self, *rows, entry=77, tracking="A", carrier="3"):
        ref = Ref("books", "delivery", str(entry))
        posted = Posted("delivery", entry, 1000 + entry)
        self.deliveries[ref] = Delivery(ref, posted, False, carrier, tracking, rows)  # noqa: FBT003
        return ref


@dataclass
class Shop:
    """One order and what is shown of it."""

    about: object
    shown: list = field(default_factory=list)
    given_back: list = field(default_factory=list)
    writes: int = 0
    lose_reply: bool = False

    async def order(self, _ref):
        return self.about

    async def fulfillments(self, _order):
        return tuple(self.shown)

    async def refunds(self, _order):
        return tuple(self.given_back)

    async def fulfill(self, fulfillment):
        self.writes += 1
        self.shown.append(replace(fulfillment, id=str(100 + len(self.shown))))
        if self.lose_reply:
            self.lose_reply = False
            msg = "no answer"
            raise OutcomeUnknown(msg)
        return self.shown[-1].id

    async def correct(self, id_, fulfillment):
        self.writes += 1
        self.shown = [fulfillment if one.id == id_ else one for one in self.shown]

    async def withdraw(self, id_, _fulfillment):
        self.writes += 1
        self.shown = [one for one in self.shown if one.id != id_]

    def told(self):
        return [(dict(one.lines), one.carrier, one.tracking) for one in self.shown]


def mugs(quantity, reference=str(ORDER)):
    return DeliveredRow(reference, "MUG", 0, Decimal(quantity))


@pytest.fixture
def shop():
    return Shop(order(line("MUG", "100.00", quantity="10")))


@pytest.fixture
def warehouse():
    return Warehouse()


async def tell(warehouse, shop, ref=REF, run=None, **options):
    run = run or InMemoryRun(ref, target="shop", crosswalks=CROSSWALKS)
    return await FLOW.body(run, warehouse, shop, Options(**options))


async def test_two_deliveries_are_two_fulfillments_and_one_piece_is_told_as_missing(
    warehouse, shop
):
    first = await tell(warehouse, shop, warehouse.leaves(mugs(6)))
    second = await tell(warehouse, shop, warehouse.leaves(mugs(3), entry=78, tracking="B"))

    assert shop.told() == [
        ({"line of MUG": 6}, "ups", "A"),
        ({"line of MUG": 3}, "ups", "B"),
    ]
    assert (first.figures, second.figures) == (
        {"parcels": 1, "open": 4},
        {"parcels": 1, "open": 1},
    )
    assert second.reason == "1 still to come"


async def test_a_repeat_writes_nothing(warehouse, shop):
    ref = warehouse.leaves(mugs(6), tracking="A, B")
    await tell(warehouse, shop, ref)

    again = await tell(warehouse, shop, ref)

    assert again.did is Did.ALREADY_THERE
    assert shop.writes == 2


async def test_a_correction_of_tracking_updates(warehouse, shop):
    await tell(warehouse, shop, warehouse.leaves(mugs(6)))

    outcome = await tell(warehouse, shop, warehouse.leaves(mugs(6), tracking="C"))

    assert outcome.did is Did.POSTED
    assert "now has tracking 'C'" in outcome.reason
    assert shop.told() == [({"line of MUG": 6}, "ups", "C")]


async def test_a_carrier_that_nobody_entered_is_told(warehouse, shop):
    outcome = await tell(warehouse, shop, warehouse.leaves(mugs(10), carrier="9"))

    assert "shipping type 9 has no entry in the carrier crosswalk" in outcome.reason
    assert shop.told() == [({"line of MUG": 10}, "", "A")]


async def test_a_cancelled_delivery_is_taken_back(warehouse, shop):
    ref = warehouse.leaves(mugs(6), tracking="A, B")
    await tell(warehouse, shop, ref)
    warehouse.deliveries[ref] = replace(warehouse.deliveries[ref], is_cancelled=True)

    outcome = await tell(warehouse, shop, ref)
    again = await tell(warehouse, shop, ref)

    assert (outcome.did, again.did) == (Did.POSTED, Did.SKIPPED)
    assert shop.shown == []


async def test_a_delivery_that_replaces_a_cancelled_one_makes_room_for_itself(warehouse, shop):
    wrong = warehouse.leaves(mugs(10))
    await tell(warehouse, shop, wrong)
    warehouse.deliveries[wrong] = replace(warehouse.deliveries[wrong], is_cancelled=True)

    outcome = await tell(warehouse, shop, warehouse.leaves(mugs(4), entry=78, tracking="B"))

    assert "fulfillment 100 was taken back" in outcome.reason
    assert shop.told() == [({"line of MUG": 4}, "ups", "B")]


async def test_what_stands_is_not_taken_back_for_a_delivery_too_many(warehouse, shop):
    await tell(warehouse, shop, warehouse.leaves(mugs(10)))

    with pytest.raises(NeedsOperator, match="4 of MUG more"):
        await tell(warehouse, shop, warehouse.leaves(mugs(4), entry=78, tracking="B"))

    assert shop.told() == [({"line of MUG": 10}, "ups", "A")]


async def test_the_day_of_the_rest_is_told(warehouse, shop):
    ref = warehouse.leaves(mugs(6))
    expected = MOMENT.date()
    warehouse.deliveries[ref] = replace(warehouse.deliveries[ref], expected=expected)

    outcome = await tell(warehouse, shop, ref)

    assert outcome.reason == f"4 still to come, expected by {expected}"


async def test_a_cancelled_delivery_may_be_a_case_instead(warehouse, shop):
    ref = warehouse.leaves(mugs(6))
    await tell(warehouse, shop, ref)
    warehouse.deliveries[ref] = replace(warehouse.deliveries[ref], is_cancelled=True)

    with pytest.raises(NeedsOperator) as caught:
        await tell(warehouse, shop, ref, withdraw=False)

    assert caught.value.reason == "DELIVERY_CANCELLED"
    assert len(shop.shown) == 1


async def test_what_was_not_ordered_in_this_shop_is_skipped(warehouse, shop):
    ref = warehouse.leaves(mugs(1, "other/order/5"), mugs(1, "PO 4711"))

    outcome = await tell(warehouse, shop, ref)

    assert outcome.did is Did.SKIPPED
    assert "not drawn from an order of shop" in outcome.reason


@pytest.mark.parametrize(
    ("state", "is_case"), [(MoneyState.SETTLED, True), (MoneyState.DECLINED, False)]
)
async def test_only_a_refund_that_was_paid_cancels_pieces(warehouse, shop, state, is_case):
    part = RefundPart(Refunded.GOODS, "line of MUG", Decimal(1))
    money = MoneyBack("card", euro("12.00"), state)
    ref = Ref("shop", "refund", f"{ORDER.id}/5")
    shop.given_back.append(Refund(ref, ORDER, MOMENT, (part,), (money,), euro("12.00")))
    left = warehouse.leaves(mugs(10))

    if is_case:
        with pytest.raises(NeedsOperator, match="1 of MUG more"):
            await tell(warehouse, shop, left)
    else:
        await tell(warehouse, shop, left)
        assert shop.told() == [({"line of MUG": 10}, "ups", "A")]


async def test_a_lost_reply_is_looked_for(warehouse, shop):
    shop.lose_reply = True

    await tell(warehouse, shop, warehouse.leaves(mugs(6)))

    assert shop.writes == 1
    assert len(shop.shown) == 1


@pytest.mark.parametrize("again", ["resumed", "restarted"])
@pytest.mark.parametrize("nth_step", [1, 2, 3, 4])
async def test_a_crash_at_any_step_enters_each_parcel_once(warehouse, shop, nth_step, again):
    ref = warehouse.leaves(mugs(6), tracking="A, B")
    run = CrashingRun(ref, target="shop", crosswalks=CROSSWALKS, nth_step=nth_step)

    with pytest.raises(Crash):
        await tell(warehouse, shop, run=run)
    await tell(warehouse, shop, run=getattr(run, again)())

    assert shop.told() == [
        ({"line of MUG": 3}, "ups", "A"),
        ({"line of MUG": 3}, "ups", "B"),
    ]
    assert shop.writes == 2


async def test_every_parcel_is_linked_to_its_delivery(warehouse, shop):
    ref = warehouse.leaves(mugs(6))
    run = InMemoryRun(ref, target="shop")

    outcome = await tell(warehouse, shop, run=run)

    assert await run.links.linked(ref, "fulfillment") == Ref("shop", "fulfillment", "101/100")
    assert outcome.documents == (Posted("fulfillment", 100, 100),)

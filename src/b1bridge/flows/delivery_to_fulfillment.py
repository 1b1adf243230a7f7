"""A delivery of the books becomes fulfillments of the shop: parcels with their tracking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.items import is_item, item_code, sku_of
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order
from b1bridge.domain.parcels import (
    ShownOrder,
    delivery_of,
    has_room,
    orders_of,
    own,
    parcel_number,
    parcels_of,
)
from b1bridge.domain.refunds import Refund, Refunded
from b1bridge.domain.shipments import Delivery, Fulfillment
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run, Written
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import DeliverySource
from b1bridge.ports.shop import FulfillmentTarget, RefundSource

KIND = "fulfillment"


@dataclass(frozen=True, kw_only=True)
class Options:
    """`withdraw` takes fulfillments of a cancelled delivery back; otherwise it is a case."""

    withdraw: bool = True


@dataclass(slots=True)
class Told:
    """What a run did in the shop."""

    parcels: list[Posted] = field(default_factory=list)
    wrote: bool = False
    notes: list[str] = field(default_factory=list)
    open: Decimal = Decimal(0)


async def delivery_to_fulfillment(
    run: Run, books: DeliverySource, shop: FulfillmentTarget, options: Options
) -> Outcome:
    """Show what left, once per parcel; what the shop shows already is corrected, never doubled."""
    delivery = await run.step("read delivery", lambda: books.delivery(run.ref))
    orders = orders_of(delivery, run.target)
    if not orders:
        why = f"delivery {delivery.posted.number} was not drawn from an order of {run.target}"
        return Outcome(Did.SKIPPED, why)
    told = Told()
    for order in orders:
        shown = await _read(run, shop, order)
        if delivery.is_cancelled:
            await _withdraw(run, shop, delivery, shown, told, options)
        else:
            shown = await _without_cancelled(run, books, shop, delivery, shown, told, options)
            await _show(run, shop, delivery, shown, told)
    return _outcome(delivery, told)


async def _read(run: Run, shop: FulfillmentTarget, order: Ref) -> ShownOrder:
    async def read() -> ShownOrder:
        refunds = await shop.refunds(order) if isinstance(shop, RefundSource) else ()
        return ShownOrder(
            await shop.order(order), await shop.fulfillments(order), _refunded_goods(refunds)
        )

    return await run.step(f"read order {order.id}", read)


def _refunded_goods(refunds: Iterable[Refund]) -> dict[str, Decimal]:
    """Count what was refunded of each line; money that never went back cancels nothing."""
    goods: dict[str, Decimal] = {}
    for refund in refunds:
        gone: Money = refund.returned + refund.pending
        for part in refund.parts if gone else ():
            if part.what is Refunded.GOODS:
                goods[part.name] = goods.get(part.name, Decimal(0)) + part.quantity
    return goods


async def _show(
    run: Run, shop: FulfillmentTarget, delivery: Delivery, shown: ShownOrder, told: Told
) -> None:
    carrier = await _carrier(run, delivery, told)
    parcels = parcels_of(delivery, shown, await _items(run, shown.order), carrier)
    for parcel in parcels.new:
        written = await _enter(run, shop, parcel)
        told.wrote = told.wrote or not written.already_there
        await _keep(run, delivery, parcel, written.value, told)
    for changed in parcels.changed:
        await run.step(f"correct {changed.mark}", partial(shop.correct, changed.id, changed))
        told.wrote = True
        told.notes.append(f"fulfillment {changed.id} now has tracking '{changed.tracking}'")
    for kept in own(delivery.ref, shown.fulfillments).values():
        await _keep(run, delivery, kept, kept.id, told)
    now = replace(shown, fulfillments=(*shown.fulfillments, *parcels.new))
    told.open += now.to_come()


async def _enter(run: Run, shop: FulfillmentTarget, parcel: Fulfillment) -> Written[str]:
    async def find() -> str | None:
        there = await shop.fulfillments(parcel.order)
        return next((one.id for one in there if one.mark == parcel.mark), None)

    return await run.write_once(
        f"enter {parcel.mark}", find=find, write=lambda: shop.fulfill(parcel)
    )


async def _keep(run: Run, delivery: Delivery, parcel: Fulfillment, id_: str, told: Told) -> None:
    """Link the first parcel to the delivery, and every parcel from its own side."""
    there = Ref(run.target, KIND, f"{parcel.order.id}/{id_}")
    if parcel_number(delivery.ref, parcel.mark) == 1:
        await run.links.link(delivery.ref, there, number=id_)
    number = int(id_) if id_.isdecimal() else 0
    told.parcels.append(Posted(KIND, number, number))


async def _withdraw(
    run: Run,
    shop: FulfillmentTarget,
    delivery: Delivery,
    shown: ShownOrder,
    told: Told,
    options: Options,
) -> None:
    there = own(delivery.ref, shown.fulfillments)
    if there and not options.withdraw:
        raise _cancelled(delivery, shown.order, there.values())
    for parcel in there.values():
        await run.step(f"withdraw {parcel.mark}", partial(shop.withdraw, parcel.id, parcel))
        told.wrote = True
        told.notes.append(f"fulfillment {parcel.id} was taken back")


async def _without_cancelled(
    run: Run,
    books: DeliverySource,
    shop: FulfillmentTarget,
    delivery: Delivery,
    shown: ShownOrder,
    told: Told,
    options: Options,
) -> ShownOrder:
    """Take back what was cancelled to make room for this delivery, should it come first.

    Deliveries take their turns in any order; the books say which of them stand.
    """
    if not options.withdraw or has_room(delivery, shown, await _items(run, shown.order)):
        return shown
    others = {one.mark: delivery_of(one.mark) for one in shown.fulfillments}
    named = {ref for ref in others.values() if ref and ref.connection == delivery.ref.connection}
    for ref in sorted(named - {delivery.ref}):
        other = await run.step(f"read delivery {ref.id}", partial(books.delivery, ref))
        if other.is_cancelled:
            await _withdraw(run, shop, other, shown, told, options)
            shown = replace(
                shown,
                fulfillments=tuple(o for o in shown.fulfillments if others[o.mark] != ref),
            )
    return shown


async def _carrier(run: Run, delivery: Delivery, told: Told) -> str:
    found = (await run.crosswalk("carrier")).find(delivery.carrier)
    if delivery.carrier and found is None:
        told.notes.append(
            f"shipping type {delivery.carrier} has no entry in the carrier crosswalk, "
            "so the shop shows no carrier"
        )
    return found or ""


async def _items(run: Run, order: Order) -> dict[str, str]:
    sku = await run.crosswalk("sku")
    return {line.id: item_code(sku_of(line), sku) for line in order.lines if is_item(line, sku)}


def _outcome(delivery: Delivery, told: Told) -> Outcome:
    figures = {"parcels": len(told.parcels), "open": int(told.open)}
    did = Did.POSTED if told.wrote else Did.ALREADY_THERE
    if delivery.is_cancelled:
        told.notes.insert(0, f"delivery {delivery.posted.number} is cancelled in the books")
        did = Did.POSTED if told.wrote else Did.SKIPPED
    elif told.open:
        day = f", expected by {delivery.expected}" if delivery.expected else ""
        told.notes.append(f"{told.open.normalize():f} still to come{day}")
    return Outcome(did, "; ".join(told.notes), tuple(told.parcels), figures)


def _cancelled(delivery: Delivery, order: Order, shown: Iterable[Fulfillment]) -> NeedsOperator:
    number, named = delivery.posted.number, ", ".join(one.id for one in shown)
    msg = (
        f"{order.ref}: delivery {number} was cancelled in the books, and the shop shows it as "
        f"fulfillment {named} of order {order.number}"
    )
    fix = (
        "delete the fulfillment in the shop and retry the case, or ignore the case with what "
        "became of the goods as the reason"
    )
    return NeedsOperator(msg, reason="DELIVERY_CANCELLED", fix=fix)


FLOW = Flow(
    name="delivery-to-fulfillment",
    on="delivery",
    source=DeliverySource,
    target=FulfillmentTarget,
    body=delivery_to_fulfillment,
    options=Options,
)

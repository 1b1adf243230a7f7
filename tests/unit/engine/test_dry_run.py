"""Which methods of the ports a dry run holds back."""

import inspect

import pytest

from b1bridge.domain.customers import Address, NewBusinessPartner
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.dry_run import Trial, writes
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.looking import NoOptions
from b1bridge.errors import NeedsOperator
from b1bridge.ports import books, crm, crm_books, shop
from b1bridge.testing.clocks import Clock

ORDER = Ref("shop", "order", "812")

READING = {
    "order", "orders_changed_since", "version", "payments", "customer", "stock", "rules",
    "find_partner", "partners_by_email", "partners_by_tax_id", "partners_by_name",
    "partners", "placing", "ship_to_addresses",
    "items", "items_like", "find_document", "totals_of",
    "booked", "find_payment", "stock_levels", "levels_of", "stock_kits",
    "items_moved", "units_sold", "sold_items", "tax_rates", "periods",
    "unit", "kits", "batches", "delivery", "deliveries_changed_since",
    "find_outgoing", "refunds", "standing", "subscriptions",
    "find_organization", "find_person", "find_product", "find_note", "is_there",
    "deal", "glance", "noted", "deals_changed_since", "missing_fields",
    "order_reference", "sales_orders_changed_since",
    "partner_profile", "business_partners_changed_since", "item_profile", "items_changed_since",
    "invoice_profile", "invoices_changed_since", "item_taxes",
}  # fmt: skip


def methods():
    for port in (books, shop, crm, crm_books):
        for kind in vars(port).values():
            if inspect.isclass(kind) and kind.__module__ == port.__name__:
                yield from (n for n in vars(kind) if not n.startswith("_"))


@pytest.mark.parametrize("name", sorted(set(methods())))
def test_every_method_of_a_port_is_known_to_read_or_held_back(name):
    assert writes(name) != (name in READING)


class Target:
    def __init__(self):
        self.posted = []

    async def open_partner(self, partner: NewBusinessPartner) -> str:
        self.posted.append(partner)
        return "real"

    async def post_payment(self, payment: str) -> Posted:
        self.posted.append(payment)
        return Posted("payment", 1, 1)

    async def set_stock(self, levels: list[str]) -> None:
        self.posted.append(levels)

    async def annotate(self, order: Ref, posted: Posted) -> None:
        self.posted.append((order, posted))

    async def totals_of(self, posted: Posted) -> int:
        if posted.entry == 0:
            raise NeedsOperator(str(posted))
        return 1


class Memory:
    links = in_flight = crosswalks = None

    async def linked(self, *_):
        return None

    quantities = unread = linked


async def nothing():
    return None


async def everything(run, source, target, options):
    del source, options
    partner = NewBusinessPartner("C1", "Anna", "a@b.c", "", "EUR", Address())
    code = await run.write_once(
        "open partner", find=nothing, write=lambda: target.open_partner(partner)
    )
    await run.links.link(run.ref, Ref("books", "partner", code.value))
    await run.in_flight.hold(run.ref, {})
    await target.set_stock(["a", "b"])
    await run.progress(1)
    posted = await run.write_once(
        "post payment", find=nothing, write=lambda: target.post_payment(code.value)
    )
    await run.in_flight.release(run.ref)
    await target.annotate(run.ref, posted.value)
    await run.step("read back", lambda: target.totals_of(posted.value))
    return Outcome(Did.POSTED, str(run.now().year))


async def trial(body, target):
    memory = Memory()
    memory.links = memory.in_flight = memory
    flow = Flow(name="f", on="order", source=object, target=object, body=body, options=NoOptions)
    return await Trial(flow, {}, "books", object(), target, memory, Clock()).preview(ORDER)


@pytest.mark.anyio
async def test_every_write_is_told_and_none_is_made():
    target = Target()

    preview = await trial(everything, target)

    assert preview.would == (
        "open partner: NewBusinessPartner C1",
        "set stock: 2 records",
        "post payment: str",
        "annotate: shop/order/812, Posted not posted",
    )
    assert preview.outcome == "stops here, for nothing was written"
    assert target.posted == []


@pytest.mark.anyio
async def test_what_stops_a_record_before_any_write_is_told_as_it_is():
    async def refuses(run, source, target, options):
        del source, target, options
        msg = f"{run.ref} has no tax code"
        raise NeedsOperator(msg)

    preview = await trial(refuses, Target())

    assert (preview.would, preview.outcome) == ((), "shop/order/812 has no tax code")

"""What happens to deals in the CRM, and what the hub makes of it, in a few words."""

import asyncio
from decimal import Decimal

from b1bridge.connectors.pipedrive import CONNECTOR
from b1bridge.domain.crm_fields import ALL
from b1bridge.testing.worlds import connect

DEALS = "deal-to-sales-order"


async def hears(between):
    """Tell the hub of all that happened in Pipedrive; what it knows is nothing new to it."""
    await between.tell(*between.letters("2.0"))


async def wins(between, deal):
    between.pipedrive.win_deal(deal)
    await hears(between)


async def retries(between, case):
    await between.hub.retry_case(case.id, "sales")
    await between.settled()


def total(between):
    """Return what the one order comes to, tax included."""
    (order,) = between.orders()
    return Decimal(str(order["DocTotal"]))


def line_of(between):
    (line,) = between.pipedrive.company.lines.values()
    return line["id"]


def the(between, entity):
    (number,) = [n for n, row in between.pipedrive.company.rows[entity].items()]
    return number


async def options(between, **given):
    await between.hub.add_sync(DEALS, flow=DEALS, source="crm", target="books", options=given)


def key_of(between, entity, name):
    fields = between.pipedrive.company.custom_fields(entity)
    return next(code for code, one in fields.items() if one.name == name)


def drops_field(between, entity, name):
    del between.pipedrive.company.fields[entity][key_of(between, entity, name)]


async def some_time_passes(between):
    """Let what the hub read of fields and records a while ago be read again."""
    await between.hub._lines.drop("crm")  # noqa: SLF001


async def provisions(between):
    """Run `b1bridge provision`, which is another process than the hub."""
    await asyncio.sleep(1.1)  # nobody is quicker
    other = connect(CONNECTOR, between.pipedrive, name="crm")
    await other.make_fields(ALL)


def rows(between, entity):
    return [
        (number, row)
        for number, row in between.pipedrive.company.rows[entity].items()
        if not row["is_deleted"]
    ]


def named(between, entity, name):
    return next(number for number, row in rows(between, entity) if row["name"] == name)

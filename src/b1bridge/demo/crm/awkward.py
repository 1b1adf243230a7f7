"""The deals that no order can be made of at once: what is wrong, and what a clerk does about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from b1bridge.demo.crm.app import App, Market
from b1bridge.demo.crm.books import BRITISH, NO_RATE, TIME_ZONE
from b1bridge.demo.crm.deals import EURO, NewDeal, line_of

_BOX, _NEWCOMER = "TASTING-BOX", "C10020"
_HOME = "C10003"
Mend = Callable[["Desk", int], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Desk:
    """A clerk's desk: the app on one screen, SAP on the other."""

    app: App
    sap: httpx.AsyncClient
    market: Market

    async def in_sap(self, verb: str, **arguments: Any) -> None:
        """Do one thing at SAP's screens."""
        (await self.sap.post(f"clerk/{verb}", json=arguments)).raise_for_status()

    async def line_on(self, deal: int) -> int:
        """Return the number of a deal's first line."""
        lines = (await self.app.state())["lines"]
        return next(int(one["id"]) for one in lines if one["deal_id"] == deal)


@dataclass(frozen=True, slots=True)
class Awkward:
    """A deal, the reason of the case it must come to, and the remedy; `mend` says what it did."""

    deal: NewDeal
    reason: str
    mend: Mend


async def awkward_deals(app: App, market: Market) -> list[Awkward]:
    """Put them together; a product and an organization are entered by hand for it."""
    tea, home = market.offers[0], market.organizations[_HOME]
    plain = NewDeal("", home, (line_of(tea, EURO, 3),))
    box = await app.act("add_product", name="Tasting box", code=_BOX, price="25", tax=20)
    stranger = await app.act("add_organization", name="Gasthof Zur Linde")
    too_much = line_of(tea, EURO, 1, off=Decimal(1000))
    in_pounds = replace(line_of(tea, EURO, 4), price=tea.prices[EURO], product=market.offers[1].id)
    return [
        Awkward(replace(plain, title="For whom?", organization=None), "NO_ORGANIZATION", _choose),
        Awkward(
            replace(plain, title="A box", lines=(replace(plain.lines[0], product=box),)),
            "MISSING_ITEM",
            _add_item,
        ),
        Awkward(
            NewDeal("In pounds", market.organizations[BRITISH], (in_pounds,), NO_RATE),
            "RATE_MISSING",
            _enter_rate,
        ),
        Awkward(
            replace(plain, title="A new inn", organization=stranger),
            "ORGANIZATION_UNLINKED",
            _open_customer,
        ),
        Awkward(
            replace(plain, title="Too cheap", lines=(too_much,)), "DEAL_DISCOUNT", _less_discount
        ),
    ]


async def _choose(desk: Desk, deal: int) -> str:
    await desk.app.act("change_deal", deal=deal, org_id=desk.market.organizations[_HOME])
    return "chose the organization"


async def _add_item(desk: Desk, deal: int) -> str:
    del deal
    await desk.in_sap("add_item", code=_BOX, name="Tasting box", price="25", stock="100")
    return f"added the item {_BOX} to SAP"


async def _enter_rate(desk: Desk, deal: int) -> str:
    del deal
    day = datetime.now(ZoneInfo(TIME_ZONE)).date().isoformat()
    await desk.in_sap("set_rate", currency=NO_RATE, day=day, rate="1.17")
    return f"entered today's rate of {NO_RATE}"


async def _open_customer(desk: Desk, deal: int) -> str:
    found = (await desk.app.state())["deal"]
    organization = next(one["org_id"] for one in found if one["id"] == deal)
    code = {desk.market.key: _NEWCOMER}
    await desk.app.act("change_organization", organization=organization, custom_fields=code)
    await desk.in_sap("add_partner", code=_NEWCOMER, name="Gasthof Zur Linde")
    return f"entered the code {_NEWCOMER} in Pipedrive and opened this customer in SAP"


async def _less_discount(desk: Desk, deal: int) -> str:
    line = await desk.line_on(deal)
    await desk.app.act("change_line", line=line, discount="1")
    return "took the discount back to 1.00"

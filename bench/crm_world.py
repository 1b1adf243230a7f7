"""SAP and a CRM in processes of their own, the hub in this one, and one clock for all three."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from b1bridge.bootstrap import Hub
from b1bridge.demo.processes import Family, free_port
from b1bridge.domain.budgets import BudgetReport
from b1bridge.engine.records import Schedule
from b1sim.company.growing import item

CRM, BOOKS = "crm", "books"
TO_CRM = ("item-to-product", "partner-to-organization", "invoice-to-note")
DEALS = "deal-to-sales-order"
_LOGIN = {"CompanyDB": "SBODEMO", "UserName": "manager", "Password": "b1sim"}
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_HANDS = 8
_QUIET_SECONDS = 5.0


@dataclass(slots=True)
class Clocks:
    """The machine's time, and how far all three were moved ahead of it."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC) + self.ahead


@dataclass(slots=True)
class Crm:
    """The simulated company's control door."""

    http: httpx.AsyncClient

    async def act(self, verb: str, **given: Any) -> Any:
        """Let a clerk do something; return what came of it."""
        return await self._posted(verb, given)

    async def ledger(self) -> dict[str, Any]:
        """Return what was spent and refused, as the company's own books say."""
        reply = await self.http.get("/control/ledger")
        reply.raise_for_status()
        found: dict[str, Any] = reply.json()
        return found

    async def install(self) -> dict[str, str]:
        """Return what opens the API for an app."""
        reply = await self.http.post("/control/install")
        reply.raise_for_status()
        found: dict[str, str] = reply.json()
        return found

    async def move(self, seconds: float) -> None:
        """Let time pass there."""
        await self._posted("clock", {"seconds": seconds})

    async def _posted(self, path: str, given: dict[str, Any]) -> Any:
        reply = await self.http.post(f"/control/{path}", json=given)
        reply.raise_for_status()
        return reply.json().get("result")


@dataclass(slots=True)
class Office:
    """All that runs."""

    hub: Hub
    crm: Crm
    sap: httpx.AsyncClient
    clocks: Clocks

    async def sleep_until(self, day: int, hour: float) -> None:
        """Move all three clocks to an hour of a day, counted from the first."""
        now = self.clocks()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        seconds = (midnight + timedelta(days=day, hours=hour) - now).total_seconds()
        self.clocks.ahead += timedelta(seconds=seconds)
        await self.crm.move(seconds)
        moved = await self.sap.post("/control/clock", json={"seconds": seconds})
        moved.raise_for_status()
        # b1sim's sessions end with the hours that pass; the hub logs in anew by itself.
        (await self.sap.post("/b1s/v2/Login", json=_LOGIN)).raise_for_status()

    async def look(self, *, all_of_it: bool = False) -> None:
        """Let the hub look for what changed, or at everything there is."""
        for flow in TO_CRM:
            await self.hub.sync_now(flow, _LONG_AGO if all_of_it else None)

    async def settled(self, watch: Callable[[], Awaitable[None]] | None = None) -> None:
        """Wait until nothing is queued or running, and nothing that waits was woken for a while."""
        quiet_since = time.perf_counter()
        while time.perf_counter() - quiet_since < _QUIET_SECONDS and not await self.hub.idle():
            counts = await self.hub.counts()
            if counts["queued"] or counts["running"]:
                quiet_since = time.perf_counter()
                if watch is not None:
                    await watch()
            await asyncio.sleep(0.25)

    async def budget(self) -> BudgetReport:
        """Return how the day stands, as the hub says."""
        return await self.hub.crm.budget(CRM)

    async def sells(self, organization: int) -> int:
        """Let a clerk win a deal of one piece of the first item; return its number."""
        state = (await self.crm.http.get("/control/state")).json()
        product = next(row["id"] for row in state["product"] if row["code"] == item(0))
        deal = await self.crm.act("add_deal", title="A deal", organization=organization)
        await self.crm.act(
            "add_product_to_deal", deal=deal, product=product, quantity="1", price="9.90"
        )
        await self.crm.act("win_deal", deal=deal)
        return int(deal)


@asynccontextmanager
async def opened(folder: Path, company: Path, plan: str, seats: int) -> AsyncIterator[Office]:
    """Start both simulators and connect a hub to them, the CRM as an app with OAuth."""
    crm_port, sap_port, clocks = free_port(), free_port(), Clocks()
    crm_url, sap_url = f"http://127.0.0.1:{crm_port}", f"http://127.0.0.1:{sap_port}"
    with Family(folder) as family:
        serve = ["serve", "--port", str(sap_port), "--data", str(company), "--tls", "none"]
        sap_child = family.start("sap", "b1sim", [*serve, "--control"])
        simulator = "b1bridge.connectors.pipedrive.simulator"
        size = ["--plan", plan.upper(), "--seats", str(seats)]
        crm_child = family.start("crm", simulator, ["--port", str(crm_port), *size])
        await sap_child.ready(sap_port)
        await crm_child.ready(crm_port)
        async with (
            httpx.AsyncClient(base_url=crm_url, timeout=300) as line,
            httpx.AsyncClient(base_url=sap_url, timeout=300) as sap,
            await Hub.open(folder / "hub", executor="bench", clock=clocks) as hub,
        ):
            (await sap.post("/b1s/v2/Login", json=_LOGIN)).raise_for_status()
            office = Office(hub, Crm(line), sap, clocks)
            own = {"api_url": crm_url, "oauth_url": crm_url, "plan": plan, "seats": seats}
            await hub.add_connection(CRM, "pipedrive", own | await office.crm.install())
            await hub.add_connection(BOOKS, "sap-b1", _books(sap_url))
            await _switch_on(hub)
            yield office


def _books(url: str) -> dict[str, Any]:
    return {
        "url": url,
        "company_db": _LOGIN["CompanyDB"],
        "user": _LOGIN["UserName"],
        "password": _LOGIN["Password"],
        "local_currency": "EUR",
    }


async def _switch_on(hub: Hub) -> None:
    await hub.crm.provision(CRM)
    for flow in TO_CRM:
        await hub.add_sync(flow, flow=flow, source=BOOKS, target=CRM, schedule=Schedule())
    await hub.add_sync(DEALS, flow=DEALS, source=CRM, target=BOOKS, schedule=Schedule())
    await hub.start_worker(concurrency=_HANDS, schedule=False)

"""A CRM filled from the books and kept up: tokens, forecast, refusals, time (Pipedrive, OAuth).

A company of BENCH_SEATS (1 by default) times 2,000 customers, 3,000 contacts and 1,000 items, on a
plan of so many seats: on Growth the first load fits into a day, on Lite it does not.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from b1sim.company.growing import item, partner
from bench.crm_books import Scale, contacts_of, write_company
from bench.crm_world import CRM, DEALS, Office, opened
from bench.figures import Figure, Say, cpu_seconds, peak_megabytes

SEATS = int(os.environ.get("BENCH_SEATS", "1"))
SCALE = Scale(2_000 * SEATS, 3_000 * SEATS, 1_000 * SEATS)
_LOAD_HOUR, _LOOK_HOURS = 9.0, (8.0, 10.0, 12.0, 14.0, 16.0)
_FORECAST_EVERY = 10.0 * SEATS  # seconds


@dataclass(slots=True)
class Day:
    """What one day, or one load, came to; `told` holds forecasts with the share of it done."""

    office: Office
    name: str
    told: list[tuple[str, int]] = field(default_factory=list)

    async def measured(self, work: Callable[[], Awaitable[None]]) -> list[Figure]:
        """Do it and tell what it cost."""
        before, begun = await self.office.crm.ledger(), time.perf_counter()
        cpu = cpu_seconds(os.getpid())
        await work()
        seconds = time.perf_counter() - begun
        cpu = cpu_seconds(os.getpid()) - cpu
        after = await self.office.crm.ledger()
        tokens = sum(after["spent"].values()) - sum(before["spent"].values())
        requests = sum(after["requests"].values()) - sum(before["requests"].values())
        return [
            self.figure("tokens", tokens, f"of {after['daily']:,} a day"),
            self.figure("requests", requests, ""),
            self.figure("writes", after["writes"] - before["writes"], ""),
            self.figure("refused (429)", _refused(after) - _refused(before), ""),
            self.figure("wall time", seconds, "s"),
            self.figure("CPU of hub", cpu, "s"),
            self.figure("most memory of hub", peak_megabytes(os.getpid()), "MB"),
        ]

    async def forecast(self) -> None:
        """Note what the hub expects the day to come to."""
        report = await self.office.budget()
        self.told.append((f"{self.office.clocks():%H:%M}, {report.used:,} used", report.forecast))

    async def errors(self) -> list[Figure]:
        """Compare each forecast with what the day came to; the budget is the measure as well."""
        ledger = await self.office.crm.ledger()
        came = ledger["spent"].get(self.office.clocks().date().isoformat(), 0)
        return [
            figure
            for when, told in self.told
            for figure in (
                self.figure(
                    f"forecast at {when}: error", 100 * abs(told - came) / came, "% of day"
                ),
                self.figure(
                    f"forecast at {when}: error",
                    100 * abs(told - came) / ledger["daily"],
                    "% of plan",
                ),
            )
        ]

    def figure(self, what: str, value: float, unit: str) -> Figure:
        """Make one line of the table."""
        return Figure("crm", f"{self.name}, {what}", value, unit)


async def measure(say: Say) -> list[Figure]:
    """Measure the plan that is large enough, then the one that is not."""
    with TemporaryDirectory(prefix="b1bridge-bench-") as name:
        path = Path(name)
        company = path / "company.db"
        say(f"{SCALE} in the books")
        write_company(company, SCALE)
        return await _enough(say, path, company) + await _too_little(say, path, company)


async def _enough(say: Say, path: Path, company: Path) -> list[Figure]:
    async with _office(path / "growth", company, "growth") as office:
        load = Day(office, "first load")
        await office.sleep_until(1, _LOAD_HOUR)
        await office.look()
        say(f"first load of {SCALE.records} records")
        found = await load.measured(lambda: _loaded(load))
        await office.sleep_until(0, 23.9)
        found += await load.errors()
        for name in ("day of 1 %", "another day of 1 %"):
            say(name)
            await office.sleep_until(1, 0.5)
            found += await _ordinary(Day(office, name))
        say("everything once more, nothing changed")
        again = Day(office, "second load")
        return found + await again.measured(lambda: _loaded(again))


async def _ordinary(day: Day) -> list[Figure]:
    found = await day.measured(lambda: _day_of_changes(day))
    return found + await day.errors()


async def _too_little(say: Say, path: Path, company: Path) -> list[Figure]:
    async with _office(path / "lite", company, "lite") as office:
        today = Day(office, "Lite, first day")
        await office.sleep_until(1, _LOAD_HOUR)
        say("first load on a plan that is too small for it")
        found = await today.measured(lambda: _loaded(today))
        found.append(today.figure("records that wait", await _waiting(office), ""))
        await office.sleep_until(0, 15)
        say("a deal is won")
        found += await _sold(today)
        await office.sleep_until(0, 23.9)
        found += await today.errors()
        say("the next day goes on")
        await office.sleep_until(1, 0.2)
        next_day = Day(office, "Lite, next day")
        found += await next_day.measured(office.settled)
        found.append(next_day.figure("records that wait", await _waiting(office), ""))
        return found


def _office(home: Path, company: Path, plan: str) -> AbstractAsyncContextManager[Office]:
    home.mkdir()
    return opened(home, Path(shutil.copyfile(company, home / "company.db")), plan, SEATS)


async def _loaded(load: Day) -> None:
    """Look at everything, and ask for the forecast on the way."""
    office, asked_at = load.office, time.perf_counter()
    await office.look(all_of_it=True)

    async def ask() -> None:
        nonlocal asked_at
        if time.perf_counter() - asked_at >= _FORECAST_EVERY:
            asked_at = time.perf_counter()
            await load.forecast()

    await office.settled(ask)


async def _day_of_changes(day: Day) -> None:
    """Let a fifth of one per cent of everything change before each look."""
    fifth = len(_LOOK_HOURS) * 100
    for turn, hour in enumerate(_LOOK_HOURS):
        await day.office.sleep_until(0, hour)
        for number in range(turn, SCALE.customers, fifth):
            await _customer_changes(day.office, number, f"{day.name} {hour}")
        for number in range(turn, SCALE.items, fifth):
            price = {"PriceList": 1, "Price": 20 + turn + len(day.name)}
            await _patch(day.office, f"Items('{item(number)}')", {"ItemPrices": [price]})
        await day.office.look()
        await day.office.settled()
        await day.forecast()
    await day.office.sleep_until(0, 23.9)


async def _customer_changes(office: Office, number: int, turn: str) -> None:
    """Rename it, change its people, and invoice it one piece."""
    name = {"CardName": f"Renamed {number} {turn}"}
    people = [
        {"InternalCode": code, "MobilePhone": f"+49 40 {code} {turn}"}
        for code in contacts_of(number, SCALE)
    ]
    card = f"BusinessPartners('{partner(number)}')"
    await _patch(office, card, name | {"ContactEmployees": people})
    lines = [{"ItemCode": item(number % SCALE.items), "Quantity": 1}]
    given = {"CardCode": partner(number), "DocDueDate": "2099-12-01", "DocumentLines": lines}
    (await office.sap.post("/b1s/v2/Invoices", json=given)).raise_for_status()


async def _patch(office: Office, path: str, payload: dict[str, Any]) -> None:
    (await office.sap.patch(f"/b1s/v2/{path}", json=payload)).raise_for_status()


async def _sold(today: Day) -> list[Figure]:
    """Let a deal be won while the catalogue waits, and tell whether it is an order by then."""
    office, begun = today.office, time.perf_counter()
    deal = await office.sells(organization=1)
    await office.hub.sync_now(DEALS)
    await office.settled()
    seconds = time.perf_counter() - begun
    asked = {"$filter": f"NumAtCard eq '{CRM}/deal/{deal}'", "$select": "DocEntry"}
    orders = (await office.sap.get("/b1s/v2/Orders", params=asked)).json()["value"]
    return [
        today.figure("orders of the deal won", len(orders), ""),
        today.figure("from the deal to the order", seconds, "s"),
    ]


async def _waiting(office: Office) -> int:
    return (await office.hub.counts())["waiting"]


def _refused(ledger: dict[str, Any]) -> int:
    return sum(ledger["refused"].values())

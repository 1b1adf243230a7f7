"""The story that the demo tells: sales sells what finance knows, and the books follow."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from rich.progress import Progress

from b1bridge.bootstrap import Hub
from b1bridge.demo.crm.app import App
from b1bridge.demo.crm.books import open_books
from b1bridge.demo.crm.chapters import Chapters
from b1bridge.demo.crm.configuring import connect
from b1bridge.demo.crm.evidence import gather
from b1bridge.demo.crm.proof import Evidence, examples, prove
from b1bridge.demo.crm.report import CrmReport
from b1bridge.demo.crm.settings import PLAN, SEATS, CrmDemo
from b1bridge.demo.crm.tokens import Spent, spent, token_checks
from b1bridge.demo.hubs import start_hub, start_workers
from b1bridge.demo.processes import Family
from b1bridge.demo.sap import COMPANY, PASSWORD, USER, sap_control, start_sap, trusting
from b1bridge.demo.sap_ledger import SapLedger
from b1bridge.demo.settings import Places
from b1bridge.demo.watch import Watch


async def tell(settings: CrmDemo, progress: Progress) -> CrmReport:
    """Run the whole demo in child processes and return what it came to."""
    places = Places(settings.folder)
    places.home.mkdir(parents=True, exist_ok=True)
    open_books(places.company)
    with Family(settings.folder) as family:
        await _start_worlds(family, settings, places)
        async with _open_app(places) as app, sap_control(places) as sap:
            async with await _open_hub(settings, places) as hub:
                await connect(hub, places)
                chapters = Chapters(Watch(hub, progress), app, sap, places, settings)
                processes = [
                    await start_hub(family, settings, places),
                    *start_workers(family, settings, places),
                ]
                started = time.monotonic()
                await chapters.tell()
                seconds = time.monotonic() - started
                counts = await hub.counts()
                for process in processes:
                    process.stop()
            used = await _spent(settings, places, app)
            evidence = await _evidence(places, app, chapters)
        family.stop()
    return CrmReport(
        checks=(*prove(evidence), *token_checks(used), *chapters.checks),
        examples=examples(evidence),
        seconds=seconds,
        cpu_seconds=family.cpu_seconds,
        peak_megabytes=family.peak_megabytes,
        counts=counts,
        figures=chapters.figures | used.figures(),
    )


async def _start_worlds(family: Family, settings: CrmDemo, places: Places) -> None:
    sap = start_sap(family, settings, places)
    crm = family.start(
        "crm",
        "b1bridge.connectors.pipedrive.simulator",
        ["--port", str(places.front_port), "--plan", PLAN.upper(), "--seats", str(SEATS)],
    )
    await sap.ready(places.sap_port)
    await crm.ready(places.front_port)


@asynccontextmanager
async def _open_app(places: Places) -> AsyncIterator[App]:
    async with httpx.AsyncClient(base_url=places.front_url, timeout=120) as http:
        yield App(http)


async def _open_hub(settings: CrmDemo, places: Places) -> Hub:
    return await Hub.open(places.home, database_url=settings.database_url, executor="demo")


async def _spent(settings: CrmDemo, places: Places, app: App) -> Spent:
    """Compare the hub's ledger, once all its processes have closed it, with Pipedrive's bill."""
    async with await _open_hub(settings, places) as hub:
        return await spent(hub, app)


async def _evidence(places: Places, app: App, chapters: Chapters) -> Evidence:
    with httpx.Client(base_url=places.sap_url, verify=trusting(places), timeout=120) as line:
        sap = SapLedger(line, COMPANY, USER, PASSWORD)
        return await gather(app, sap, chapters.market.key)

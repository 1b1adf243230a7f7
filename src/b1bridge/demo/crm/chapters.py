"""The chapters of the story, each told in a line as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx

from b1bridge.demo.crm.afterwards import Twins, change_their_minds, merge_twins, win_back
from b1bridge.demo.crm.app import App, Market
from b1bridge.demo.crm.awkward import Awkward, Desk, awkward_deals
from b1bridge.demo.crm.configuring import FROM_CRM, POLL_SECONDS, TO_CRM, inbound_door, switch_on
from b1bridge.demo.crm.deals import NewDeal, free_of_charge, made_up, win
from b1bridge.demo.crm.proof import Check
from b1bridge.demo.crm.settings import CRM, CrmDemo
from b1bridge.demo.crm.staff import send
from b1bridge.demo.sap import send_sap_away, writes_of_sap
from b1bridge.demo.settings import Places
from b1bridge.demo.watch import Watch
from b1bridge.domain.identity import Ref
from b1bridge.engine.records import CaseState

BATCH = 10
_SOMEBODY = "C10001"
_ACTOR = "demo"


@dataclass(slots=True)
class Chapters:
    """Tells them one after the other; `checks` and `figures` are what only they can know."""

    watch: Watch
    app: App
    sap: httpx.AsyncClient
    places: Places
    settings: CrmDemo
    checks: list[Check] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    market: Market = field(default_factory=lambda: Market(""))
    awkward: dict[int, Awkward] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """Where the clerk works."""
        return Desk(self.app, self.sap, self.market)

    async def tell(self) -> None:
        """Tell all of them."""
        await self._open()
        await self._show_what_finance_knows()
        won = await self._sell()
        await self._change_minds(won)
        await self._merge()
        await self._answer_cases()
        await self._send_goods()
        await self._idle()

    async def _open(self) -> None:
        made = await self.watch.hub.crm.provision(CRM)
        hooks = await self.watch.hub.register_webhooks(CRM, _ACTOR)
        # What an app of former years left behind tells everything a second time, in the old form.
        await self.app.add_old_webhooks(
            f"{inbound_door(self.places)}?old", ("deal", "organization")
        )
        self._say(f"{len(made)} custom fields made, {len(hooks)} webhooks registered")

    async def _show_what_finance_knows(self) -> None:
        hub = self.watch.hub
        for names in (("customers",), tuple(TO_CRM)[1:], tuple(FROM_CRM)):
            await switch_on(hub, *names)
            await self._look(names)
        self.market = await self.app.market(_SOMEBODY)
        state = await self.app.state()
        shown = ", ".join(
            f"{len(state[kind])} {kind}s" for kind in ("organization", "person", "product")
        )
        self._say(f"sales sees {shown}, {len(state['notes'])} invoices as notes")

    async def _sell(self) -> list[int]:
        """Win deals in batches; SAP goes away in their midst."""
        awkward = await awkward_deals(self.app, self.market)
        ordinary = list(made_up(self.market, self.settings.count, self.settings.seed))
        deals = [*ordinary, *(one.deal for one in awkward), free_of_charge(self.market)]
        bar = self.watch.progress.add_task("deals won", total=len(deals))
        numbers: list[int] = []
        away = self.settings.away_seconds
        for at in range(0, len(deals), BATCH):
            if away and at <= len(deals) * 2 // 5 < at + BATCH:
                await send_sap_away(self.places, away)
            numbers += await win(self.app, deals[at : at + BATCH])
            await self._post(at)
            self.watch.progress.update(bar, completed=len(numbers))
            await self.watch.look()
        self.awkward = dict(zip(numbers[len(ordinary) :], awkward, strict=False))
        await self._settle()
        self._say(
            f"{len(deals)} deals won; each webhook came {self.settings.copies} times, shuffled, in "
            f"two forms, {self.settings.lost_notices:.0%} never; SAP was away for {away:g} s"
        )
        return numbers[: len(ordinary)]

    async def _change_minds(self, won: list[int]) -> None:
        for turn in (change_their_minds, win_back):
            turns = await turn(self.desk, won)
            await self._post(len(won))
            await self._settle()
            for told in turns:
                self._say(told)

    async def _merge(self) -> None:
        twins: Twins = await merge_twins(self.app, self.market)
        # Nothing but its notices tells of a merger: these must come.
        await self.app.post_notices(copies=self.settings.copies, shuffle=self.settings.seed)
        await self.watch.until_idle()
        await win(self.app, [NewDeal("After the merger", twins.survivor, twins.lines)])
        await self._post(1)
        await self._settle()
        self._say(f"two organizations merged: the survivor stands for {twins.customer} now")

    async def _answer_cases(self) -> None:
        """Let a clerk mend what is wrong and try again, where the case is one that was foreseen."""
        hub, answered = self.watch.hub, 0
        for case in await hub.cases():
            lesson = self.awkward.get(_deal_of(case.ref))
            if lesson is None or lesson.reason != case.reason:
                self._say(f"{case.reason} {case.ref}: {case.message}", sign="✗")
                continue
            done = await lesson.mend(self.desk, _deal_of(case.ref))
            again = await hub.case(case.id)
            if again is not None and again.state == CaseState.OPEN:
                await hub.retry_case(case.id, _ACTOR)
            answered += 1
            self._say(f"{case.reason}: {case.message}\n  → the clerk {done}, and tried again")
        await self._post(2)
        await self._settle()
        left = [f"{case.reason} {case.ref}: {case.message}" for case in await hub.cases()]
        missing = len(self.awkward) - answered
        foreseen = [f"{missing} cases that had to come did not"] if missing else []
        self.figures["cases answered"] = answered
        told = (*left, *foreseen)
        self.checks.append(Check("cases answered, none left", str(answered), str(len(left)), told))

    async def _send_goods(self) -> None:
        """Let SAP's staff work on every other order, and show sales what became of it."""
        sent = await send(self.places)
        await self._look(tuple(TO_CRM))
        await self._post(3)
        await self._settle()
        self._say(
            f"{sent.delivered} orders delivered, {sent.invoiced} invoiced, {sent.paid} paid: shown "
            f"on their deals, and in what customers owe ({sent.left} could not leave)"
        )

    async def _idle(self) -> None:
        """Let nobody do anything: the hub looks and sweeps, finds nothing, and writes nothing."""
        await self.app.post_notices()
        await self._settle()
        before = await self._written()
        await self.watch.hub.sweep()
        await asyncio.sleep(POLL_SECONDS)
        await self._settle()
        after = await self._written()
        crm, sap, tokens = (now - then for now, then in zip(after, before, strict=True))
        told = (f"{crm} writes to Pipedrive, {sap} to SAP",) if crm or sap else ()
        self.checks.append(Check("written while nothing changes", str(crm), str(sap), told))
        self._say(f"nobody does anything: {crm + sap} writes, {tokens} tokens to look for changes")

    async def _written(self) -> tuple[int, int, int]:
        """Count the writes both sides were asked for, and the tokens of Pipedrive's bill."""
        bill = await self.app.bill()
        asked = sum(n for what, n in bill["requests"].items() if not what.startswith("GET"))
        return asked, await writes_of_sap(self.places), sum(bill["spent"].values())

    async def _settle(self) -> None:
        """Find what no notice told of, wait until all is worked off, and show what it moved."""
        await self.watch.until_idle()
        await self._look(("deals",))
        await self._look(tuple(TO_CRM))

    async def _look(self, syncs: Iterable[str]) -> None:
        for name in syncs:
            await self.watch.hub.sync_now(name)
        await self.watch.until_idle()

    async def _post(self, seed: int) -> None:
        await self.app.post_notices(
            copies=self.settings.copies,
            shuffle=self.settings.seed + seed,
            drop=self.settings.lost_notices,
        )

    def _say(self, text: str, sign: str = "✓") -> None:
        self.watch.progress.console.print(f"{sign} {text}", markup=False, highlight=False)


def _deal_of(ref: str) -> int:
    """Return the number in crm/deal/812; 0 where the record is no deal."""
    found = Ref.parse(ref) if ref.count("/") > 1 else None
    return int(found.id) if found is not None and found.kind == "deal" else 0

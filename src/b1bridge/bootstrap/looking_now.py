"""Looking at a source at once, on a person's word; dry or for real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from b1bridge.bootstrap.lines import Lines
from b1bridge.domain.identity import Ref
from b1bridge.engine.dry_run import Trial
from b1bridge.engine.flow import Flow
from b1bridge.engine.looking import OVERLAP, batches, changes_since, look
from b1bridge.engine.records import Preview, Sync, Synced
from b1bridge.errors import NeedsOperator
from b1bridge.storage.opening import Storage

_ACTOR = "sync now"


@dataclass(frozen=True, slots=True)
class LookingNow:
    """Looks through the sources of a flow's syncs, or of one sync."""

    storage: Storage
    lines: Lines
    flows: Mapping[str, Flow]
    clock: Callable[[], datetime]

    async def look(self, name: str, since: datetime | None, *, dry_run: bool) -> Synced:
        """Queue what changed, or preview it; an explicit moment takes in known records too.

        Where a flow mirrors records, those that are as they were sent last are not sent again.
        """
        queued = 0
        previews: list[Preview] = []
        for sync in await self._chosen(name):
            if dry_run:
                trial = await self._trial(sync)
                records = self._records(sync, since)
                previews.extend([await trial.preview(ref) async for ref in records])
            elif since is None and self.flows[sync.flow].on != "schedule":
                queued += await self._from_watermark(sync)
            else:
                queued += await self._from(sync, since)
        return Synced(queued, tuple(previews))

    async def _chosen(self, name: str) -> list[Sync]:
        syncs = await self.storage.syncs.syncs()
        chosen = [s for s in syncs if s.name == name] or [
            s for s in syncs if s.flow == name and s.enabled
        ]
        if not chosen:
            known = ", ".join(sorted({s.name for s in syncs} | {s.flow for s in syncs})) or "none"
            msg = f"no sync and no flow that is switched on is named {name!r}; there are: {known}"
            raise NeedsOperator(msg, reason="UNKNOWN_SYNC", fix="add a sync, or choose one")
        return chosen

    async def _records(self, sync: Sync, since: datetime | None) -> AsyncIterator[Ref]:
        kind = self.flows[sync.flow].on
        if kind == "schedule":
            yield Ref(sync.source, "all", sync.flow)
            return
        async for ref, _ in await self._changed(sync, since):
            yield ref

    async def _changed(
        self, sync: Sync, since: datetime | None
    ) -> AsyncIterator[tuple[Ref, datetime]]:
        kind = self.flows[sync.flow].on
        changed = changes_since((await self.lines.line(sync.source)).capabilities, kind)
        if changed is None:
            msg = f"{sync.source} cannot list its changed {kind} records"
            raise NeedsOperator(msg, reason="CAPABILITY", fix="start single records instead")
        mark = since or await self.storage.watermarks.watermark(sync.source, kind)
        return changed(mark or self.clock() - OVERLAP)

    async def _from_watermark(self, sync: Sync) -> int:
        kind = self.flows[sync.flow].on
        source = (await self.lines.line(sync.source)).capabilities
        _, new = await look(
            sync.source, kind, source, self.storage.inbox, self.storage.watermarks, self.clock
        )
        return new

    async def _from(self, sync: Sync, since: datetime | None) -> int:
        flow, queued = self.flows[sync.flow], 0
        if flow.on == "schedule":
            ref = Ref(sync.source, "all", sync.flow)
            await self.storage.syncs.queue(sync.name, ref, _ACTOR, self.clock())
            return 1
        async for batch in batches(await self._changed(sync, since)):
            refs = [ref for ref, _ in batch]
            await self.storage.syncs.queue_bulk(
                sync.name, refs, _ACTOR, self.clock(), anew=not flow.mirrors
            )
            queued += len(batch)
        return queued

    async def _trial(self, sync: Sync) -> Trial:
        return Trial(
            self.flows[sync.flow],
            sync.options,
            sync.target,
            (await self.lines.line(sync.source)).capabilities,
            (await self.lines.line(sync.target)).capabilities,
            self.storage.memory,
            self.clock,
        )

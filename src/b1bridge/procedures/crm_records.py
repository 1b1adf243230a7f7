"""Puts a record of the books into the CRM: the one it is linked to, or that has its key, or new."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from b1bridge.domain.identity import Ref
from b1bridge.engine.run import Run
from b1bridge.errors import Transient


@dataclass(frozen=True, slots=True)
class Writes:
    """How one record is found by its key (as of a moment), added, and made what it should be."""

    find: Callable[[datetime | None], Awaitable[str | None]]
    add: Callable[[], Awaitable[str]]
    change: Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Put:
    """The record's id in the CRM, and whether it was made just now, or was linked before."""

    id: str
    is_new: bool = False
    was_linked: bool = False


async def linked_id(run: Run, ref: Ref, kind: str) -> str:
    """Return the id of the record it is linked to, or nothing; remembered by the run."""
    return await run.step(f"look up {kind} of {ref.id}", lambda: _linked(run, ref, kind))


async def put(run: Run, ref: Ref, kind: str, writes: Writes) -> Put:
    """Change what is linked; what was merged or deleted there is looked for, or made anew."""
    made = await _put(run, ref, kind, writes, by_link=True)
    if made is None:
        made = await _put(run, ref, kind, writes, by_link=False)
    if made is None:
        msg = f"{run.target}: the {kind} of {ref} was deleted while it was being changed"
        raise Transient(msg)
    return made


async def _put(run: Run, ref: Ref, kind: str, writes: Writes, *, by_link: bool) -> Put | None:
    """Add it or change what is there; None when that is there no longer."""

    async def known() -> tuple[str, bool] | None:
        linked = await _linked(run, ref, kind) if by_link else ""
        if linked:
            return linked, True
        found = await writes.find(run.as_of)
        return None if found is None else (found, False)

    async def add() -> tuple[str, bool]:
        return await writes.add(), False

    anew = "" if by_link else " anew"
    written = await run.write_once(f"find or add {kind} of {ref.id}{anew}", find=known, write=add)
    id_, was_linked = written.value
    if written.already_there:
        change = f"change {kind} of {ref.id}{anew}"
        if not await run.step(change, lambda: writes.change(id_)):
            return None
    if not was_linked:
        await run.links.link(ref, Ref(run.target, kind, id_), number=id_)
    return Put(id_, is_new=not written.already_there, was_linked=was_linked)


async def _linked(run: Run, ref: Ref, kind: str) -> str:
    found = await run.links.linked(ref, kind)
    return found.id if found is not None and found.connection == run.target else ""

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

    async def look() -> str:
        found = await run.links.linked(ref, kind)
        return found.id if found is not None and found.connection == run.target else ""

    return await run.step(f"look up {kind} of {ref.id}", look)


async def put(run: Run, ref: Ref, kind: str, writes: Writes) -> Put:
    """Change what is linked; what was merged or deleted there is looked for, or made anew."""
    known = await linked_id(run, ref, kind)
    if known:
        is_there = await run.step(f"change {kind} of {ref.id}", lambda: writes.change(known))
        if is_there:
            return Put(known, was_linked=True)
    written = await run.write_once(
        f"add {kind} of {ref.id}", find=lambda: writes.find(run.as_of), write=writes.add
    )
    id_ = written.value
    if written.already_there:
        changed = await run.step(f"correct {kind} of {ref.id}", lambda: writes.change(id_))
        if not changed:
            msg = f"{run.target}: {kind} {id_} of {ref} was deleted while it was being changed"
            raise Transient(msg)
    await run.links.link(ref, Ref(run.target, kind, id_), number=id_)
    return Put(id_, is_new=not written.already_there)

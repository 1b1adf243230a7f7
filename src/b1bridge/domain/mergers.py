"""Two records of a CRM that people made one."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.crm import CrmRecord
from b1bridge.domain.identity import Ref
from b1bridge.errors import NeedsOperator


@dataclass(frozen=True, slots=True)
class Merger:
    """Which record is gone, and which one took its place."""

    record: CrmRecord
    gone: Ref
    survivor: Ref


def merger_of(ref: Ref) -> Merger:
    """Read what a notice of a merger named: "organization/1/5"."""
    record, gone, survivor = ref.id.split("/")
    kind = CrmRecord(record)
    return Merger(kind, Ref(ref.connection, kind, gone), Ref(ref.connection, kind, survivor))


def check_same(merger: Merger, ours: Ref, theirs: Ref | None) -> None:
    """Raise NeedsOperator (MERGED_CUSTOMERS) where both stood for different records of ours."""
    if theirs is None or theirs == ours:
        return
    msg = (
        f"{merger.gone} was merged into {merger.survivor}, and they stood for two: "
        f"{ours.id} and {theirs.id}"
    )
    fix = (
        f"ignore the case where they are two: {merger.survivor.id} stays {theirs.id}, and "
        f"{ours.id} is shown anew with its next change; where they are one, freeze one of them "
        "in the books first"
    )
    raise NeedsOperator(msg, reason="MERGED_CUSTOMERS", fix=fix)

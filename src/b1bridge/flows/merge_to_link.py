"""Two organizations or persons that were merged in the CRM: the survivor takes over the link."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.crm import MERGE, CrmRecord
from b1bridge.domain.crm_records import organization_from, person_from, person_key
from b1bridge.domain.identity import Ref
from b1bridge.domain.mergers import Merger, check_same, merger_of
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.crm import CrmMerges
from b1bridge.ports.crm_books import PartnerProfiles

PARTNER = "business partner"
_OURS = {CrmRecord.ORGANIZATION: PARTNER, CrmRecord.PERSON: "contact employee"}


@dataclass(frozen=True, kw_only=True)
class Options:
    """There is nothing to set."""


async def merge_to_link(
    run: Run, crm: CrmMerges, books: PartnerProfiles, options: Options
) -> Outcome:
    """Link the survivor to what the other one stood for, and write our key and fields onto it."""
    del options
    merger = merger_of(run.ref)
    ours, theirs = await run.step("look up links", lambda: _links(run, merger))
    if ours is None:
        return Outcome(Did.SKIPPED, f"{merger.gone} stood for nothing of {run.target}")
    if await run.step("look for it", lambda: crm.is_there(merger.record, merger.gone.id)):
        return Outcome(Did.SKIPPED, f"{merger.gone} is still there")
    check_same(merger, ours, theirs)
    stands = ours
    shown = await run.step("write onto survivor", lambda: _write(run, crm, books, merger, stands))
    await run.links.link(ours, merger.survivor, number=merger.survivor.id)
    told = f"{merger.survivor} stands for {ours.id} now"
    return Outcome(Did.POSTED, told if shown else f"{told}; it shows with its next change")


async def _links(run: Run, merger: Merger) -> tuple[Ref | None, Ref | None]:
    kind = _OURS[merger.record]
    found = [await run.links.linked(ref, kind) for ref in (merger.gone, merger.survivor)]
    ours, theirs = (one if one and one.connection == run.target else None for one in found)
    return ours, theirs


async def _write(
    run: Run, crm: CrmMerges, books: PartnerProfiles, merger: Merger, ours: Ref
) -> bool:
    """Tell whether the survivor shows what the books know."""
    if merger.record is CrmRecord.ORGANIZATION:
        profile = await books.partner_profile(ours, run.now())
        wanted = organization_from(profile) if profile else None
        return wanted is not None and await crm.change_organization(merger.survivor.id, wanted)
    partner = Ref(ours.connection, PARTNER, ours.id.rpartition("/")[0])
    profile = await books.partner_profile(partner, run.now())
    linked = await run.links.linked(partner, CrmRecord.ORGANIZATION)
    for contact in profile.contacts if profile and linked else ():
        if profile and linked and person_key(profile, contact) == ours.id:
            person = person_from(ours.id, contact, linked.id)
            return await crm.change_person(merger.survivor.id, person)
    return False


FLOW = Flow(
    name="merge-to-link",
    on=MERGE,
    source=CrmMerges,
    target=PartnerProfiles,
    body=merge_to_link,
    options=Options,
)

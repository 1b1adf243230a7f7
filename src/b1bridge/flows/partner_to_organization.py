"""A customer of the books becomes an organization of the CRM, and its people become persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from b1bridge.domain.contacts import Contact
from b1bridge.domain.crm import CrmRecord, Person, content_hash
from b1bridge.domain.crm_fields import STATUS
from b1bridge.domain.crm_profiles import PartnerProfile
from b1bridge.domain.crm_records import (
    GONE,
    gone_fields,
    organization_from,
    person_from,
    person_key,
)
from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.crm import OrganizationTarget
from b1bridge.ports.crm_books import PartnerProfiles
from b1bridge.procedures.crm_records import Put, Writes, linked_id, put

KIND, PERSON = CrmRecord.ORGANIZATION.value, CrmRecord.PERSON.value
CONTACT = "contact employee"
_GONE = "gone"
_SHORT = 12  # characters of a digest that tell two versions of one record apart


@dataclass(frozen=True, kw_only=True)
class Options:
    """`leads` shows them besides customers; `persons` shows the people of each.

    `remove_inactive` deletes from the CRM what is frozen, invalid or gone in the books, which is
    otherwise marked.
    """

    leads: bool = False
    persons: bool = True
    remove_inactive: bool = False


async def partner_to_organization(
    run: Run, books: PartnerProfiles, crm: OrganizationTarget, options: Options
) -> Outcome:
    """Send what differs from what was sent last; nothing at all where nothing does."""
    profile = await run.step(
        "read business partner", lambda: books.partner_profile(run.ref, run.now())
    )
    if profile is None or (options.remove_inactive and not profile.is_active):
        return await _gone(run, crm, profile, options)
    if profile.is_lead and not options.leads:
        return Outcome(Did.SKIPPED, f"{run.ref.id} is a lead, and the sync shows customers only")
    versions = _versions(profile, options)
    run.saw(_written(versions))
    sent = _read(run.seen)
    if versions == sent:
        return Outcome(Did.ALREADY_THERE, "nothing that is shown has changed")
    made = await _organization(run, crm, profile, changed=versions[""] != sent.get(""))
    changed = [
        one
        for one in (profile.contacts if options.persons else ())
        if not made.was_linked or versions[str(one.code)] != sent.get(str(one.code))
    ]
    shown = await _persons(run, crm, profile, made.id, changed)
    gone = await _left(run, crm, [code for code in sent if code not in versions], options)
    return _outcome(made.id, shown, gone)


def _versions(profile: PartnerProfile, options: Options) -> dict[str, str]:
    """Digest the organization, under no name, and each person under the contact's number."""
    found = {"": content_hash(organization_from(profile))[:_SHORT]}
    for one in profile.contacts if options.persons else ():
        found[str(one.code)] = content_hash(person_from("", one, ""))[:_SHORT]
    return found


def _written(versions: Mapping[str, str]) -> str:
    return " ".join(f"{code}:{digest}" for code, digest in versions.items())


def _read(seen: str) -> dict[str, str]:
    parts = (part.partition(":") for part in seen.split() if ":" in part)
    return {code: digest for code, _, digest in parts}


async def _organization(
    run: Run, crm: OrganizationTarget, profile: PartnerProfile, *, changed: bool
) -> Put:
    """Return the organization, once it is what the books say."""
    if not changed:
        known = await linked_id(run, run.ref, KIND)
        if known:
            return Put(known, was_linked=True)
    wanted = organization_from(profile)
    writes = Writes(
        find=lambda as_of: crm.find_organization(wanted.key, as_of),
        add=lambda: crm.add_organization(wanted),
        change=lambda id_: crm.change_organization(id_, wanted),
    )
    return await put(run, run.ref, KIND, writes)


async def _persons(
    run: Run,
    crm: OrganizationTarget,
    profile: PartnerProfile,
    organization: str,
    changed: Iterable[Contact],
) -> int:
    """Show these people; whoever is inactive is marked, and not shown anew."""
    shown = 0
    for contact in changed:
        key = person_key(profile, contact)
        ref = Ref(run.ref.connection, CONTACT, key)
        wanted = person_from(key, contact, organization)
        if not contact.is_active and not await linked_id(run, ref, PERSON):
            continue
        await put(run, ref, PERSON, _person_writes(crm, wanted))
        shown += 1
    return shown


def _person_writes(crm: OrganizationTarget, wanted: Person) -> Writes:
    return Writes(
        find=lambda as_of: crm.find_person(wanted.key, as_of),
        add=lambda: crm.add_person(wanted),
        change=lambda id_: crm.change_person(id_, wanted),
    )


async def _left(run: Run, crm: OrganizationTarget, codes: list[str], options: Options) -> int:
    """Delete the persons of contacts that the books have no longer, where the sync wants that."""
    if not options.remove_inactive:
        return 0
    gone = 0
    for code in filter(None, codes):
        gone += await _remove(run, crm, CrmRecord.PERSON, _contact(run, code))
    return gone


async def _gone(
    run: Run, crm: OrganizationTarget, profile: PartnerProfile | None, options: Options
) -> Outcome:
    """Mark or delete the records of one who may not be sold to any more, once."""
    why = f"{run.ref.id} is no customer that may be sold to"
    run.saw(_GONE)  # should it come back as it was, it is shown again
    known = await linked_id(run, run.ref, KIND)
    if not known or run.seen == _GONE:
        return Outcome(Did.ALREADY_THERE if known else Did.SKIPPED, why)
    contacts = (str(one.code) for one in (profile.contacts if profile else ()))
    codes = list(dict.fromkeys([*filter(None, _read(run.seen)), *contacts]))
    if options.remove_inactive:
        await _left(run, crm, codes, options)
        await _remove(run, crm, CrmRecord.ORGANIZATION, run.ref)
        return Outcome(Did.POSTED, f"{why}; organization {known} was deleted")
    fields = gone_fields()
    await run.step(
        "mark organization", lambda: crm.change_fields(CrmRecord.ORGANIZATION, known, fields)
    )
    await _mark_people(run, crm, codes)
    return Outcome(Did.POSTED, f"{why}; organization {known} was marked")


async def _mark_people(run: Run, crm: OrganizationTarget, codes: Iterable[str]) -> None:
    for code in codes:
        known = await linked_id(run, _contact(run, code), PERSON)
        if known:
            mark = partial(crm.change_fields, CrmRecord.PERSON, known, {STATUS: GONE})
            await run.step(f"mark person {code}", mark)


def _contact(run: Run, code: str) -> Ref:
    return Ref(run.ref.connection, CONTACT, f"{run.ref.id}/{code}")


async def _remove(run: Run, crm: OrganizationTarget, record: CrmRecord, ref: Ref) -> int:
    """Delete the record that is linked; the link stays, for nobody reuses an id."""
    id_ = await linked_id(run, ref, record.value)
    if not id_:
        return 0
    await run.step(f"delete {record} of {ref.id}", partial(crm.remove, record, id_))
    return 1


def _outcome(organization: str, shown: int, gone: int) -> Outcome:
    told = f"organization {organization}".rstrip()
    if shown:
        told = f"{told}, {shown} of its persons"
    if gone:
        told = f"{told}, {gone} deleted"
    return Outcome(Did.POSTED, told, figures={"persons": shown})


FLOW = Flow(
    name="partner-to-organization",
    on="business partner",
    source=PartnerProfiles,
    target=OrganizationTarget,
    body=partner_to_organization,
    options=Options,
    mirrors=True,
    daily=True,
)

"""A contact that a client handed in becomes a contact employee of its business partner."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.contacts import Contact, NewContact, same_person
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.errors import NeedsOperator
from b1bridge.ports.lookups import ContactBook, ContactSource

KIND = "contact employee"


@dataclass(frozen=True, kw_only=True)
class Options:
    """There is nothing to set."""


async def contact_to_contact_employee(
    run: Run, client: ContactSource, books: ContactBook, options: Options
) -> Outcome:
    """Add somebody to a customer's card, once; who is there already is left as they are."""
    del options
    wanted = await run.step("read contact", lambda: client.contact(run.ref))

    async def find() -> Contact | None:
        return same_person(wanted, await _people(books, wanted))

    written = await run.write_once(
        "add contact", find=find, write=lambda: books.post_contact(wanted)
    )
    made = written.value
    other = Ref(run.target, KIND, f"{wanted.partner}/{made.code}")
    await run.links.link(run.ref, other, number=str(made.code))
    did = Did.ALREADY_THERE if written.already_there else Did.POSTED
    told = f"{made.name} of {wanted.partner}"
    return Outcome(did, told, (Posted(KIND, made.code, made.code),))


async def _people(books: ContactBook, wanted: NewContact) -> tuple[Contact, ...]:
    found = await books.contacts_of(wanted.partner)
    if found is not None:
        return found
    msg = f"there is no customer {wanted.partner} to whom {wanted.full_name} could be added"
    fix = "open the customer in the books and retry the case, or ignore it"
    raise NeedsOperator(msg, reason="MISSING_CUSTOMER", fix=fix)


FLOW = Flow(
    name="contact-to-contact-employee",
    on="contact",
    source=ContactSource,
    target=ContactBook,
    body=contact_to_contact_employee,
    options=Options,
)

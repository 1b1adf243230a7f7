"""Somebody is added to a customer's card once, whenever the hub dies and whatever gets lost."""

from dataclasses import dataclass, field

import pytest

from b1bridge.domain.contacts import Contact, NewContact, free_name, same_person
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator, OutcomeUnknown, Transient
from b1bridge.flows.contact_to_contact_employee import FLOW
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun, InMemoryRun

pytestmark = pytest.mark.anyio
REF = Ref("api", "contact", "P-1")
ADA = NewContact("C1", "Ada", "Lovelace", "ada@example.com")


@dataclass
class FakeCard:
    """The card of one customer; `losing` loses an answer, `refusing` is raised before anything."""

    people: list[Contact] = field(default_factory=list)
    losing: bool = False
    refusing: list[Exception] = field(default_factory=list)

    async def contact(self, ref):
        assert ref == REF
        return ADA

    async def contacts_of(self, partner):
        return tuple(self.people) if partner == "C1" else None

    async def post_contact(self, contact):
        if self.refusing:
            raise self.refusing.pop()
        name = free_name(contact, [one.name for one in self.people])
        facts = (contact.first_name, contact.last_name, contact.email)
        made = Contact(len(self.people) + 1, name, *facts)
        self.people.append(made)
        if self.losing:
            self.losing = False
            msg = "no answer"
            raise OutcomeUnknown(msg)
        return made


@pytest.fixture
def card():
    return FakeCard()


async def tell(run, card):
    return await FLOW.body(run, card, card, FLOW.options())


async def test_somebody_new_is_added_and_linked(card):
    run = InMemoryRun(REF)

    outcome = await tell(run, card)

    assert outcome.did is Did.POSTED
    assert outcome.documents == (Posted("contact employee", 1, 1),)
    assert await run.links.linked(REF, "contact employee") == Ref(
        "books", "contact employee", "C1/1"
    )


async def test_who_is_there_is_left_as_they_are(card):
    there = Contact(9, "Countess", "ADA", "Lovelace", "Ada@Example.com", "123")
    card.people.append(there)

    outcome = await tell(InMemoryRun(REF), card)

    assert (outcome.did, outcome.documents[0].entry) == (Did.ALREADY_THERE, 9)
    assert card.people == [there]


@pytest.mark.parametrize("nth_step", [1, 2])
@pytest.mark.parametrize("then", ["resumed", "restarted"])
async def test_a_death_at_any_step_adds_nobody_twice(card, nth_step, then):
    run = CrashingRun(REF)
    run.nth_step = nth_step

    with pytest.raises(Crash):
        await tell(run, card)
    await tell(getattr(run, then)(), card)

    assert [one.name for one in card.people] == ["Ada Lovelace"]


async def test_a_lost_answer_adds_nobody_twice(card):
    card.losing = True

    outcome = await tell(InMemoryRun(REF), card)

    assert outcome.did is Did.ALREADY_THERE
    assert same_person(ADA, card.people)
    assert len(card.people) == 1


async def test_a_name_taken_at_the_same_moment_is_tried_again(card):
    card.refusing = [Transient("somebody else")]
    run = InMemoryRun(REF)

    with pytest.raises(Transient):
        await tell(run, card)
    await tell(run.restarted(), card)

    assert len(card.people) == 1


async def test_an_unknown_customer_is_a_case(card, monkeypatch):
    monkeypatch.setattr(card, "contact", unknown)

    with pytest.raises(NeedsOperator, match="there is no customer C9") as caught:
        await tell(InMemoryRun(REF), card)

    assert caught.value.reason == "MISSING_CUSTOMER"


async def unknown(ref):
    del ref
    return NewContact("C9", "Ada")

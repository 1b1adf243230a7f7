"""A customer and its people reach the CRM once, and again only where they differ."""

from dataclasses import replace

import pytest

from b1bridge.domain.contacts import Contact
from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1bridge.flows import partner_to_organization
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun

from .crm_desk import NOW, PARTNER, a_partner, desk_of, euro

pytestmark = pytest.mark.anyio


@pytest.fixture
def partners():
    return desk_of(partner_to_organization, PARTNER)


async def test_a_customer_is_shown_with_its_people_and_what_it_owes(partners):
    outcome = await partners.tell()

    [organization] = partners.crm.told("organization")
    assert outcome.did is Did.POSTED
    assert (organization.key, organization.name) == ("C1", "Anna <Ek> AB")
    assert organization.address == "Storgatan 1, 111 22 Stockholm"
    assert organization.fields["SAP balance"] == euro("120")
    assert organization.fields["SAP credit status"] == "over limit"
    people = {
        one.key: (one.name, one.emails, one.organization) for one in partners.crm.told("person")
    }
    assert people == {"C1/7": ("Bo Ek", ("bo@x.se",), "100"), "C1/8": ("Siv", (), "100")}


async def test_what_has_not_changed_is_not_sent(partners):
    await partners.tell()

    again = await partners.tell()

    assert again.did is Did.ALREADY_THERE
    assert partners.crm.writes == []


async def test_a_payment_changes_the_organization_and_none_of_its_people(partners):
    await partners.tell()
    partners.books.partner = a_partner(balance=euro("50"), overdue=euro("0"))

    await partners.tell()

    assert partners.crm.writes == [("change", "organization", "100")]
    assert partners.crm.told("organization")[0].fields["SAP credit status"] == "good"


async def test_a_new_mail_address_is_sent_for_that_person_alone(partners):
    await partners.tell()
    [bo, siv] = a_partner().contacts
    partners.books.partner = a_partner(contacts=(replace(bo, email="bo@y.se"), siv))

    await partners.tell()

    assert partners.crm.writes == [("change", "person", "101")]


@pytest.mark.parametrize("nth", range(1, 5))
async def test_a_death_after_any_step_makes_nothing_twice(partners, nth):
    known = (PARTNER, "crm", partners.run.links, partners.run.in_flight, {}, lambda: NOW)
    run = CrashingRun(*known, nth_step=nth)
    with pytest.raises(Crash):
        await partners.tell(run)

    await partners.tell(run.resumed())

    assert len(partners.crm.told("organization")) == 1
    assert sorted(one.key for one in partners.crm.told("person")) == ["C1/7", "C1/8"]


async def test_a_lost_answer_makes_no_second_organization(partners):
    partners.crm.losing = True

    await partners.tell()

    assert len(partners.crm.told("organization")) == 1


async def test_two_organizations_for_one_customer_are_a_case(partners):
    wanted = (await partners.tell(), partners.crm.told("organization")[0])[1]
    partners.crm.records["organization", "7"] = wanted
    partners.run.links.known.clear()
    partners.run.has_seen = ""

    with pytest.raises(NeedsOperator) as case:
        await partners.tell()

    assert case.value.reason == "CRM_DUPLICATE"


async def test_a_merged_organization_is_linked_to_the_one_that_has_its_key(partners):
    await partners.tell()
    partners.crm.records["organization", "77"] = partners.crm.records.pop(("organization", "100"))
    partners.books.partner = a_partner(balance=euro("1"))

    await partners.tell()

    linked = await partners.run.links.linked(PARTNER, "organization")
    assert linked == Ref("crm", "organization", "77")
    assert len(partners.crm.told("organization")) == 1


async def test_the_people_of_an_organization_that_was_deleted_move_to_the_new_one(partners):
    await partners.tell()
    del partners.crm.records["organization", "100"]
    partners.books.partner = a_partner(balance=euro("1"))

    await partners.tell()

    linked = await partners.run.links.linked(PARTNER, "organization")
    assert {one.organization for one in partners.crm.told("person")} == {linked.id}


async def test_people_who_are_not_to_be_shown_any_more_are_left_alone(partners):
    await partners.tell()
    partners.books.partner = a_partner(balance=euro("1"))

    await partners.tell(persons=False)

    assert partners.crm.writes == [("change", "organization", "100")]


async def test_a_frozen_customer_is_marked_and_not_deleted(partners):
    await partners.tell()
    partners.books.partner = a_partner(is_active=False)

    await partners.tell()

    [organization] = partners.crm.told("organization")
    assert organization.fields["SAP status"] == "frozen or invalid in SAP"
    assert organization.fields["SAP credit status"] == "blocked"


async def test_a_frozen_customer_is_deleted_where_the_sync_says_so(partners):
    await partners.tell()
    partners.books.partner = a_partner(is_active=False)

    await partners.tell(remove_inactive=True)

    assert partners.crm.records == {}


async def test_people_are_deleted_even_where_nobody_remembers_what_was_sent(partners):
    await partners.tell()
    partners.run.has_seen = ""
    partners.books.partner = a_partner(is_active=False)

    await partners.tell(remove_inactive=True)

    assert partners.crm.records == {}


async def test_a_customer_who_was_deleted_there_and_comes_back_is_shown_again(partners):
    await partners.tell(remove_inactive=True)
    partners.books.partner = a_partner(is_active=False)
    await partners.tell(remove_inactive=True)
    partners.books.partner = a_partner()

    await partners.tell(remove_inactive=True)

    assert len(partners.crm.told("organization")) == 1
    assert len(partners.crm.told("person")) == 2


async def test_leads_are_shown_only_where_the_sync_says_so(partners):
    partners.books.partner = a_partner(is_lead=True)

    assert (await partners.tell()).did is Did.SKIPPED
    assert (await partners.tell(leads=True)).did is Did.POSTED


async def test_a_contact_who_leaves_is_marked_and_one_who_had_left_is_not_shown(partners):
    gone = Contact(9, "Pre", is_active=False)
    partners.books.partner = a_partner(contacts=(*a_partner().contacts, gone))
    await partners.tell()
    [bo, siv] = a_partner().contacts
    partners.books.partner = a_partner(contacts=(replace(bo, is_active=False), siv, gone))

    await partners.tell()

    shown = {one.key: one.fields["SAP status"] for one in partners.crm.told("person")}
    assert shown == {"C1/7": "frozen or invalid in SAP", "C1/8": "active"}


async def test_a_customer_that_is_gone_is_marked_once_with_its_people(partners):
    await partners.tell()
    partners.books.partner = None

    first = await partners.tell()
    again = await partners.tell()

    assert (first.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert partners.crm.writes == []
    [organization] = partners.crm.told("organization")
    assert organization.fields["SAP credit status"] == "blocked"
    assert organization.fields["SAP balance"] == euro("120")
    gone = {one.fields["SAP status"] for one in partners.crm.told("person")}
    assert gone == {"no customer in SAP any more"}


async def test_a_customer_that_is_gone_is_deleted_with_its_people_where_the_sync_says_so(partners):
    await partners.tell(remove_inactive=True)
    partners.books.partner = None

    await partners.tell(remove_inactive=True)

    assert partners.crm.records == {}


async def test_nobody_owes_more_that_is_late_than_he_owes_in_all(partners):
    """A payment on account stands in the balance before it is applied to an invoice."""
    partners.books.partner = a_partner(balance=euro("-5"), overdue=euro("20"))

    await partners.tell()

    [organization] = partners.crm.told("organization")
    assert organization.fields["SAP overdue"] == euro("0")
    assert organization.fields["SAP credit status"] == "good"


async def test_orders_and_deliveries_count_against_the_limit(partners):
    """The worked numbers of correctness-rules 3.18."""
    facts = {"balance": euro("8200"), "overdue": euro("0"), "credit_limit": euro("10000")}
    facts |= {"open_deliveries": euro("900"), "open_orders": euro("500")}
    partners.books.partner = a_partner(**facts)
    await partners.tell()
    assert partners.crm.told("organization")[0].fields["SAP credit status"] == "good"
    partners.books.partner = a_partner(**facts | {"open_orders": euro("1690")})

    await partners.tell()

    [organization] = partners.crm.told("organization")
    assert organization.fields["SAP credit status"] == "over limit"
    assert organization.fields["SAP open orders"] == euro("1690")

"""Who is who: found after a lost answer, never by name, and never one of two."""

import pytest

from b1bridge.domain.crm import CrmRecord, Note, Organization, Person, Product
from b1bridge.domain.money import Money
from b1bridge.errors import NeedsOperator, OutcomeUnknown

pytestmark = pytest.mark.anyio
ACME = Organization("C1", "Acme")
PEN = Product("A1", "Pen", (Money.of("9.99", "EUR"),))


def code_of(office, entity, name):
    fields = office.world.company.custom_fields(entity)
    return next(code for code, field in fields.items() if field.name == name)


async def test_a_lost_answer_does_not_make_a_second_one(office, crm):
    assert await crm.find_organization("C1") is None
    office.line.lose_reply()
    with pytest.raises(OutcomeUnknown):
        await crm.add_organization(ACME)

    assert await crm.find_organization("C1") == "1"


async def test_what_an_earlier_attempt_in_another_process_added_is_found(
    make_office, office, crm, clock
):
    assert await crm.find_organization("C1") is None
    other = make_office(office.world)
    clock.forward(seconds=5)
    id_ = await other.crm.add_organization(ACME)
    clock.forward(seconds=2)

    assert await crm.find_organization("C1", clock()) == id_


async def test_what_people_gave_our_key_to_is_found_after_a_while(office, crm, clock):
    assert await crm.find_organization("C1") is None
    code = code_of(office, "organization", "SAP customer code")
    id_ = office.world.add_organization("Acme", custom_fields={code: "C1"})

    clock.forward(seconds=15)

    assert await crm.find_organization("C1") == str(id_)


async def test_first_attempts_cost_one_list_and_those_woken_together_one_more(office, crm, clock):
    lists = lambda: office.world.ledger.requests["GET /organizations"]  # noqa: E731
    for number in range(20):
        assert await crm.find_organization(f"C{number}") is None
        await crm.add_organization(Organization(f"C{number}", "Acme"))
        clock.forward(seconds=0.5)
    assert lists() == 1

    woken = clock()
    for number in range(20, 40):
        assert await crm.find_organization(f"C{number}", woken) is None
        clock.forward(seconds=0.5)

    assert lists() == 2


async def test_every_kind_is_found_by_its_key(office, crm):
    organization = await crm.add_organization(ACME)
    person = await crm.add_person(Person("C1/7", "Ann Lee", organization))
    product = await crm.add_product(PEN)
    note = await crm.add_note(Note("sap/invoice/7", organization, "<b>Invoice 7</b>"))
    other = await crm.add_organization(Organization("C2", "Acme"))
    office.reads_again()

    assert await crm.find_organization("C1") == organization
    assert await crm.find_organization("C2") == other
    assert await crm.find_person("C1/7") == person
    assert await crm.find_product("A1") == product
    assert await crm.find_note("sap/invoice/7") == note
    assert await crm.find_organization("Acme") is None


async def test_two_with_one_key_are_a_case_that_names_both(office, crm):
    for name in ("Acme", "Acme again"):
        code = code_of(office, "organization", "SAP customer code")
        office.world.add_organization(name, custom_fields={code: "C1"})

    with pytest.raises(NeedsOperator, match="1, 2") as caught:
        await crm.find_organization("C1")

    assert caught.value.reason == "CRM_DUPLICATE"
    office.world.merge_organizations(2, 1)
    assert await crm.change_organization("2", ACME) is False
    assert await crm.find_organization("C1") == "1"


async def test_a_key_that_people_moved_is_followed(office, crm, clock):
    first = await crm.add_organization(ACME)
    second = office.world.add_organization("Acme of today")
    code = code_of(office, "organization", "SAP customer code")
    clock.forward(seconds=30)
    office.world.change_organization(int(first), custom_fields={code: None})
    office.world.change_organization(second, custom_fields={code: "C1"})

    office.reads_again()

    assert await crm.find_organization("C1") == str(second)


async def test_what_was_deleted_is_not_changed_and_not_found_again(office, crm):
    id_ = await crm.add_organization(ACME)
    office.world.delete("organization", int(id_))

    assert await crm.change_organization(id_, ACME) is False
    assert await crm.find_organization("C1") is None
    assert await crm.is_there(CrmRecord.ORGANIZATION, id_) is False


async def test_many_are_looked_up_for_a_few_lists(office, crm):
    code = code_of(office, "organization", "SAP customer code")
    for number in range(2_000):
        office.world.add_organization(f"No {number}", custom_fields={code: f"C{number}"})
    before = office.world.ledger.requests["GET /organizations"]

    for number in range(0, 2_000, 100):
        assert await crm.find_organization(f"C{number}") == str(number + 1)

    assert office.world.ledger.requests["GET /organizations"] - before <= 5


async def test_a_delta_of_products_stops_at_what_is_known(office, crm, clock):
    for number in range(1200):
        office.world.add_product(f"Item {number}", f"A{number}")
        clock.forward(seconds=1)
    assert await crm.find_product("A7") == "8"
    clock.forward(minutes=5)
    office.world.add_product("New", "NEW")
    before = office.world.ledger.requests["GET /products"]

    office.reads_again()

    assert await crm.find_product("NEW") == "1201"
    assert office.world.ledger.requests["GET /products"] - before == 1

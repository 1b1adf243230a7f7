"""What every CRM must do with customers, products and notes of ours."""

import pytest

from b1bridge.domain.crm import CrmRecord, Note, Organization, Person, Product
from b1bridge.domain.crm_fields import ORGANIZATION_FIELDS, STATUS
from b1bridge.domain.money import Money
from b1bridge.ports.crm import FieldProvisioning, NoteTarget, OrganizationTarget, ProductTarget
from b1bridge.testing.worlds import connect

CAPABILITY = OrganizationTarget

pytestmark = pytest.mark.anyio


@pytest.fixture
async def crm(connected):
    await connected.make_fields([])
    return connected


def test_it_is_what_it_says(connected):
    for capability in (OrganizationTarget, ProductTarget, NoteTarget, FieldProvisioning):
        assert isinstance(connected, capability)


async def test_fields_are_made_once(connected):
    assert await connected.missing_fields([]) == await connected.make_fields([])
    assert await connected.missing_fields([]) == await connected.make_fields([]) == ()


async def test_what_was_added_is_found_by_everybody(connector, world, crm):
    organization = await crm.add_organization(Organization("C1", "Acme"))
    person = await crm.add_person(Person("C1/1", "Ann Lee", organization))
    product = await crm.add_product(Product("A1", "Pen", (Money.of("9.99", "EUR"),)))
    note = await crm.add_note(Note("sap/invoice/7", organization, "<p>Invoice 7</p>"))

    for one in (crm, connect(connector, world, name="c1")):
        assert await one.find_organization("C1") == organization
        assert await one.find_person("C1/1") == person
        assert await one.find_product("A1") == product
        assert await one.find_note("sap/invoice/7") == note


async def test_a_name_is_no_key(crm):
    await crm.add_organization(Organization("C1", "Acme"))

    assert await crm.find_organization("Acme") is None
    assert await crm.find_organization("c1") is None


async def test_a_change_of_what_is_gone_says_so(crm):
    id_ = await crm.add_organization(Organization("C1", "Acme"))
    assert await crm.change_organization(id_, Organization("C1", "Acme Ltd")) is True

    await crm.remove(CrmRecord.ORGANIZATION, id_)
    await crm.remove(CrmRecord.ORGANIZATION, id_)

    assert await crm.change_organization(id_, Organization("C1", "Acme")) is False
    assert await crm.find_organization("C1") is None


async def test_fields_alone_are_filled_and_what_is_gone_says_so(crm):
    await crm.make_fields(ORGANIZATION_FIELDS)
    id_ = await crm.add_organization(Organization("C1", "Acme", "1 Road"))
    said = {STATUS: "no customer in SAP any more"}

    assert await crm.change_fields(CrmRecord.ORGANIZATION, id_, said) is True
    assert await crm.find_organization("C1") == id_

    await crm.remove(CrmRecord.ORGANIZATION, id_)
    assert await crm.change_fields(CrmRecord.ORGANIZATION, id_, said) is False


async def test_a_product_is_closed_once_and_for_all(crm):
    id_ = await crm.add_product(Product("A1", "Pen", (Money.of("9.99", "EUR"),)))

    assert await crm.close_product(id_) is True
    assert await crm.close_product(id_) is True
    assert await crm.find_product("A1") == id_

    await crm.remove(CrmRecord.PRODUCT, id_)
    assert await crm.close_product(id_) is False

"""The rights of a limited user of b1sim, found out without changing anything."""

import pytest

from b1bridge.connectors.sap_b1.client.privileges import Need, Standing, compare
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.doctor import LEAST, doctor
from b1bridge.connectors.sap_b1.rights import NEEDED

pytestmark = pytest.mark.anyio

READS = [need.entity_set for need in NEEDED if not need.write]
WRITES = [need.entity_set for need in NEEDED if need.write]
ORDERS, ITEMS = Need("Orders", "DocEntry", write=True), Need("Items", "ItemCode")


@pytest.fixture
def hired(world, world_settings):
    def hired(**rights):
        world.clerk.add_user("hub", "hub-secret", **rights)
        login = {"user": "hub", "password": "hub-secret"}
        password = type(world_settings.password)(login["password"])
        zone = world.company.settings.time_zone
        return world_settings.model_copy(
            update={"user": "hub", "password": password, "time_zone": zone}
        )

    return hired


async def standings(settings, line, *needs):
    service = ServiceLayer(line, settings)
    try:
        found = [right async for right in compare(service, needs, settings.user)]
    finally:
        await service.close()
    return {(right.verb, right.entity_set): right.standing for right in found}


async def test_a_user_with_just_the_rights_needed_stands_right(world, hired, line):
    before = world.company.query("Orders"), world.company.query("Items")

    found = await standings(hired(write=["Orders"], read=["Items"]), line, ORDERS, ITEMS)

    assert set(found.values()) == {Standing.RIGHT}
    assert (world.company.query("Orders"), world.company.query("Items")) == before


async def test_missing_rights_are_told_apart_from_rights_in_excess(hired, line):
    found = await standings(hired(read=["Orders"], write=["Items"]), line, ORDERS, ITEMS)

    assert found == {
        ("read", "Orders"): Standing.RIGHT,
        ("write", "Orders"): Standing.MISSING,
        ("read", "Items"): Standing.RIGHT,
        ("write", "Items"): Standing.EXCESS,
    }


async def test_a_superuser_has_too_much(hired, line):
    found = await standings(hired(superuser=True), line, ITEMS)

    assert found["write", "Items"] is found["be superuser", ""] is Standing.EXCESS


async def test_who_may_nothing_misses_everything(hired, line):
    found = await standings(hired(), line, *NEEDED)

    assert {found["read", need.entity_set] for need in NEEDED} == {Standing.MISSING}


async def test_the_doctor_is_content_with_the_least_rights(hired, line):
    settings = hired(read=READS, write=WRITES)

    found = {finding.check: finding async for finding in doctor(settings, line)}

    assert all(finding.well for finding in found.values()), found
    assert "nothing" in found[LEAST].message


async def test_the_doctor_names_the_set_that_is_missing(hired, line):
    settings = hired(read=READS, write=set(WRITES) - {"Invoices"})

    sick = [finding.check async for finding in doctor(settings, line) if not finding.well]

    assert sick == ["may read Invoices", "may write Invoices"]

"""Custom fields are found by name and kind, made on request, and never lost in silence."""

import pytest

from b1bridge.domain.crm import CrmField, CrmRecord, FieldKind, Organization
from b1bridge.domain.money import Money
from b1bridge.errors import NeedsOperator, Rejected

pytestmark = pytest.mark.anyio
BALANCE = CrmField(CrmRecord.ORGANIZATION, "SAP balance", FieldKind.MONEY)


async def test_what_is_missing_is_named_and_made_once(office):
    missing = await office.crm.missing_fields([BALANCE])

    made = await office.crm.make_fields([BALANCE])

    assert made == missing
    assert BALANCE in made
    assert {one.name for one in made} >= {"SAP customer code", "SAP contact"}
    assert await office.crm.make_fields([BALANCE]) == ()
    fields = office.world.company.custom_fields("organization").values()
    assert sorted((f.name, f.kind) for f in fields) == [
        ("SAP balance", "monetary"),
        ("SAP customer code", "varchar"),
    ]


async def test_a_value_without_a_field_is_a_case_that_says_how(office):
    await office.crm.make_fields([])

    with pytest.raises(NeedsOperator, match="'SAP balance'") as caught:
        await office.crm.add_organization(
            Organization("C1", "Acme", "", {"SAP balance": Money.of("1", "EUR")})
        )

    assert caught.value.reason == "FIELD_MISSING"
    assert "b1bridge provision" in caught.value.fix
    assert office.world.company.rows["organization"] == {}


async def test_a_field_of_another_kind_is_a_case(office):
    office.world.add_field("organization", "SAP balance", "varchar")

    with pytest.raises(NeedsOperator, match="varchar") as caught:
        await office.crm.missing_fields([BALANCE])

    assert caught.value.reason == "FIELD_TYPE"


async def test_a_longer_text_field_will_do(office):
    office.world.add_field("organization", "SAP customer code", "text")

    await office.crm.make_fields([])

    assert len(office.world.company.custom_fields("organization")) == 1


async def test_a_plan_without_room_for_fields_says_so(office):
    office.world.company.most_custom_fields = 1

    with pytest.raises(Rejected, match="limit") as caught:
        await office.crm.make_fields([BALANCE])

    assert caught.value.reason == "CRM_LIMIT"


async def test_a_field_made_by_hand_is_seen_within_minutes(office, monkeypatch):
    await office.crm.make_fields([])
    office.world.add_field("organization", "SAP balance", "monetary")
    monkeypatch.setattr("b1bridge.connectors.pipedrive.fields._FRESH_SECONDS", 0)

    assert await office.crm.missing_fields([BALANCE]) == ()

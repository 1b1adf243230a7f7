"""Organizations and persons: added, changed whole, deleted (pipedrive-whatsapp.md 1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.fields import KEYS
from b1bridge.connectors.pipedrive.operations import ORGANIZATIONS, PERSONS, PRODUCTS
from b1bridge.connectors.pipedrive.records import Records
from b1bridge.connectors.pipedrive.wire import WireRecord
from b1bridge.domain.crm import CrmRecord, FieldValue, Organization, Person
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read

_REMOVED = {
    CrmRecord.ORGANIZATION: ORGANIZATIONS["delete"],
    CrmRecord.PERSON: PERSONS["delete"],
    CrmRecord.PRODUCT: PRODUCTS["delete"],
}
_CHANGED = {
    CrmRecord.ORGANIZATION: ORGANIZATIONS["change"],
    CrmRecord.PERSON: PERSONS["change"],
}
_READ = {CrmRecord.ORGANIZATION: ORGANIZATIONS["get"], CrmRecord.PERSON: PERSONS["get"]}


class Organizations(Records):
    """The OrganizationTarget of one company."""

    async def find_organization(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the one that carries our key."""
        return await self._directories.organizations.find(key, as_of)

    async def add_organization(self, organization: Organization) -> str:
        """Add one and return its id."""
        payload = await self._written_organization(organization)
        directory = self._directories.organizations
        return await self._added(ORGANIZATIONS["add"], payload, organization.key, directory)

    async def change_organization(self, id_: str, organization: Organization) -> bool:
        """Make one what it is here."""
        payload = await self._written_organization(organization)
        directory = self._directories.organizations
        return await self._changed(ORGANIZATIONS["change"], id_, payload, directory)

    async def find_person(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the person who carries our key."""
        return await self._directories.persons.find(key, as_of)

    async def add_person(self, person: Person) -> str:
        """Add one and return its id."""
        payload = await self._written_person(person)
        return await self._added(PERSONS["add"], payload, person.key, self._directories.persons)

    async def change_person(self, id_: str, person: Person) -> bool:
        """Make one what it is here; e-mails and phones are replaced whole."""
        payload = await self._written_person(person)
        return await self._changed(PERSONS["change"], id_, payload, self._directories.persons)

    async def change_fields(
        self, record: CrmRecord, id_: str, fields: Mapping[str, FieldValue]
    ) -> bool:
        """Fill custom fields alone."""
        payload = {"custom_fields": await self._fields.written(record, fields)}
        is_person = record is CrmRecord.PERSON
        directory = self._directories.persons if is_person else self._directories.organizations
        return await self._changed(_CHANGED[record], id_, payload, directory)

    async def remove(self, record: CrmRecord, id_: str) -> None:
        """Delete a record; one that is gone already stays gone."""
        await self._removed(_REMOVED[record], id_)

    async def is_there(self, record: CrmRecord, id_: str) -> bool:
        """Read it; what was deleted or merged away is answered by 404, or said to be deleted."""
        try:
            answer = await self._client.call(_READ[record], id_=id_)
        except Rejected as refused:
            if refused.reason == "NOT_FOUND":
                return False
            raise
        return not read(
            WireRecord, answer["data"], system=SYSTEM, record=f"{record} {id_}"
        ).is_deleted

    async def _written_organization(self, one: Organization) -> dict[str, Any]:
        fields = {KEYS[CrmRecord.ORGANIZATION].name: one.key, **one.fields}
        return {
            "name": one.name,
            # Parts that are not given become null and are filled in by their own geocoder.
            "address": {"value": one.address} if one.address else None,
            "custom_fields": await self._fields.written(CrmRecord.ORGANIZATION, fields),
        }

    async def _written_person(self, one: Person) -> dict[str, Any]:
        fields = {KEYS[CrmRecord.PERSON].name: one.key, **one.fields}
        return {
            "name": one.name,
            "org_id": int(one.organization),
            "emails": _ways(one.emails),
            "phones": _ways(one.phones),
            "custom_fields": await self._fields.written(CrmRecord.PERSON, fields),
        }


def _ways(values: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"value": value, "primary": number == 0, "label": "work"}
        for number, value in enumerate(values)
    ]

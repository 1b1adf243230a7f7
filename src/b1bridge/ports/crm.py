"""What flows may ask of a CRM."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from b1bridge.domain.crm import (
    CrmField,
    CrmRecord,
    Deal,
    FieldValue,
    Glance,
    Note,
    Organization,
    Person,
    Product,
)
from b1bridge.domain.identity import Ref


@runtime_checkable
class FieldProvisioning(Protocol):
    """Custom fields, by the names that people see."""

    async def missing_fields(self, wanted: Sequence[CrmField]) -> tuple[CrmField, ...]:
        """Return those that are not there; NeedsOperator (FIELD_TYPE) for one of another type."""
        ...

    async def make_fields(self, wanted: Sequence[CrmField]) -> tuple[CrmField, ...]:
        """Make those that are not there and return them; repeating it makes nothing."""
        ...


@runtime_checkable
class OrganizationTarget(Protocol):
    """Organizations and their persons. Ids are the CRM's own."""

    async def find_organization(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the one that carries our key; NeedsOperator (CRM_DUPLICATE) when two do.

        What was written before `as_of` (Run.as_of) is found, whoever wrote it; without it, only
        what we ourselves wrote is sure to be.
        """
        ...

    async def add_organization(self, organization: Organization) -> str:
        """Add one and return its id, without looking; callers look first (Run.write_once)."""
        ...

    async def change_organization(self, id_: str, organization: Organization) -> bool:
        """Make one what it is here; False when it is there no longer."""
        ...

    async def find_person(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the person who carries our key."""
        ...

    async def add_person(self, person: Person) -> str:
        """Add one and return its id, without looking; callers look first (Run.write_once)."""
        ...

    async def change_person(self, id_: str, person: Person) -> bool:
        """Make one what it is here; False when it is there no longer."""
        ...

    async def change_fields(
        self, record: CrmRecord, id_: str, fields: Mapping[str, FieldValue]
    ) -> bool:
        """Fill custom fields of an organization or person; False when it is there no longer."""
        ...

    async def remove(self, record: CrmRecord, id_: str) -> None:
        """Delete a record; one that is gone already stays gone."""
        ...


@runtime_checkable
class CrmMerges(OrganizationTarget, Protocol):
    """Organizations and persons that people merge."""

    async def is_there(self, record: CrmRecord, id_: str) -> bool:
        """Tell whether a record is still there; one that was merged into another is not."""
        ...


@runtime_checkable
class ProductTarget(Protocol):
    """The catalogue."""

    async def find_product(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the product with this code; NeedsOperator (CRM_DUPLICATE) when two have it."""
        ...

    async def add_product(self, product: Product) -> str:
        """Add one and return its id, without looking; callers look first (Run.write_once)."""
        ...

    async def change_product(self, id_: str, product: Product) -> bool:
        """Make one what it is here, all its prices replaced; False when it is there no longer."""
        ...

    async def close_product(self, id_: str) -> bool:
        """Let no new deal take it, all else left as it is; False when it is there no longer."""
        ...

    async def remove(self, record: CrmRecord, id_: str) -> None:
        """Delete a record; one that is gone already stays gone."""
        ...


@runtime_checkable
class NoteTarget(Protocol):
    """Notes beside organizations."""

    async def find_organization(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the organization that carries our key."""
        ...

    async def find_note(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the note that tells of a record."""
        ...

    async def add_note(self, note: Note) -> str:
        """Add one and return its id, without looking; callers look first (Run.write_once)."""
        ...

    async def change_note(self, id_: str, note: Note) -> bool:
        """Make one what it is here; False when it is there no longer."""
        ...


@runtime_checkable
class DealSource(Protocol):
    """Reads deals."""

    async def deal(self, ref: Ref) -> Deal | None:
        """Read one deal with its lines as it stands now; None where it was deleted."""
        ...

    async def glance(self, ref: Ref) -> Glance | None:
        """Look at one deal without its lines, with one request; None where it was deleted."""
        ...

    async def noted(self, ref: Ref) -> Mapping[str, FieldValue] | None:
        """Read the custom fields of one deal as text, with one request; None where it is gone."""
        ...

    def deals_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each deal changed at or after the moment, and when; oldest first."""
        ...

    async def annotate_deal(self, ref: Ref, fields: Mapping[str, FieldValue]) -> None:
        """Fill custom fields of a deal; repeating it changes nothing."""
        ...

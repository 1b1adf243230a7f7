"""What sales sees: organizations, persons, products, notes, and deals that are won."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money

MERGE = "merge"
"""The kind of record that names two which became one: "organization/1/5", the survivor last."""
FieldValue = str | Decimal | Money | date | None


class FieldKind(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"


class CrmRecord(StrEnum):
    """The records that custom fields hang on."""

    ORGANIZATION = "organization"
    PERSON = "person"
    PRODUCT = "product"
    DEAL = "deal"


@dataclass(frozen=True, slots=True)
class CrmField:
    """A custom field that we fill, as people see its name."""

    record: CrmRecord
    name: str
    kind: FieldKind


@dataclass(frozen=True, slots=True)
class Organization:
    """A business partner as sales sees it; `key` is its code in the books."""

    key: str
    name: str
    address: str = ""
    fields: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A contact employee; `key` is "CODE/NUMBER", `organization` the CRM's own id."""

    key: str
    name: str
    organization: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    fields: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """An item that is sold; one price for each currency, without tax; `tax` is in per cent."""

    key: str
    name: str
    prices: tuple[Money, ...]
    unit: str = ""
    tax: Decimal = Decimal(0)
    is_sold: bool = True
    fields: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to read beside an organization; `key` is the record it tells of."""

    key: str
    organization: str
    content: str


class DealStatus(StrEnum):
    """Where a deal stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    DELETED = "deleted"


class TaxMethod(StrEnum):
    """Whether a line's price has its tax in it."""

    EXCLUSIVE = "exclusive"
    INCLUSIVE = "inclusive"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DealLine:
    """One product of a deal: `price` is of one piece, before the discount.

    `item` is the product's key, empty where the product has none; `discount` is the money off
    the whole line, in the deal's currency.
    """

    id: str
    product: str
    item: str
    name: str
    quantity: Decimal
    price: Money
    discount: Money
    tax: Decimal = Decimal(0)
    tax_method: TaxMethod = TaxMethod.EXCLUSIVE


@dataclass(frozen=True, slots=True)
class Glance:
    """A deal without its lines: when it changed, and a digest of all that this look shows."""

    updated_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal as it stands now; `organization` and `person` are the CRM's ids, empty for none.

    `organization_key` is our key on the organization, where it carries one; `noted` are the
    custom fields that we fill, as they stand; `digest` is that of a glance at the deal.
    """

    ref: Ref
    title: str
    status: DealStatus
    stage: str
    currency: str
    value: Money
    organization: str
    organization_key: str
    organization_name: str
    person: str
    lines: tuple[DealLine, ...]
    updated_at: datetime
    won_at: datetime | None = None
    digest: str = ""
    noted: Mapping[str, FieldValue] = field(default_factory=dict)


def content_hash(*records: object) -> str:
    """Digest what would be sent; equal content digests alike, in every process."""
    text = json.dumps([_plain(record) for record in records], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return None if value is None else str(value)

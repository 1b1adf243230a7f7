"""Pipedrive's JSON: only the fields that we read."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter


def _in_utc(moment: datetime) -> datetime:
    # v1 writes its times without a zone, and means UTC (pipedrive-whatsapp.md 1.4).
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _exact(value: Any) -> Any:
    """Read the binary fractions that Pipedrive computes with as what people typed."""
    return value.quantize(Decimal("0.000001")).normalize() if isinstance(value, Decimal) else value


Moment = Annotated[datetime, AfterValidator(_in_utc)]
Number = Annotated[Decimal, BeforeValidator(_exact)]


class Wire(BaseModel):
    """A record of theirs; what we do not know is passed over."""

    model_config = ConfigDict(extra="ignore")


class WireField(Wire):
    """A definition of a field."""

    field_name: str
    field_code: str
    field_type: str
    is_custom_field: bool = False


class WireRecord(Wire):
    """What organizations, persons and products have in common."""

    id: int
    update_time: Moment | None = None
    name: str = ""
    is_deleted: bool = False
    custom_fields: dict[str, Any] = Field(default_factory=dict)


class WireProduct(WireRecord):
    """A product."""

    code: str | None = None


class WireDeal(Wire):
    """A deal."""

    id: int
    title: str
    status: str
    stage_id: int
    currency: str
    value: Number | None = None
    org_id: int | None = None
    person_id: int | None = None
    update_time: Moment
    won_time: Moment | None = None
    is_deleted: bool = False
    custom_fields: dict[str, Any] = Field(default_factory=dict)


class WireLine(Wire):
    """A product of a deal."""

    id: int
    product_id: int | None = None
    name: str = ""
    quantity: Number
    item_price: Number
    discount: Number = Decimal(0)
    discount_type: str = "percentage"
    tax: Number = Decimal(0)
    tax_method: str = "inclusive"
    is_enabled: bool = True


class WireDiscount(Wire):
    """A discount on a whole deal."""

    type: str
    amount: Number


class WireStage(Wire):
    """A stage of a pipeline."""

    id: int
    name: str


class WireNote(Wire):
    """A note, which only v1 has."""

    id: int
    content: str = ""
    active_flag: bool = True
    update_time: Moment


class WireHook(Wire):
    """A webhook as it is listed; passwords are not told."""

    id: int
    event_action: str
    event_object: str
    subscription_url: str
    version: str = "2.0"
    is_active: int | bool = True
    http_auth_user: str | None = None


class WireUser(Wire):
    """The user whom a token stands for."""

    id: int
    name: str
    company_name: str = ""


FIELD_ROWS = TypeAdapter(list[WireField])
RECORDS = TypeAdapter(list[WireRecord])
PRODUCTS = TypeAdapter(list[WireProduct])
DEALS = TypeAdapter(list[WireDeal])
LINES = TypeAdapter(list[WireLine])
DISCOUNTS = TypeAdapter(list[WireDiscount])
STAGES = TypeAdapter(list[WireStage])
NOTES = TypeAdapter(list[WireNote])
HOOKS = TypeAdapter(list[WireHook])

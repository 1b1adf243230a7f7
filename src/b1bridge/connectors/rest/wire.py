"""The order as clients send it; a text in one canonical form is what is kept of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import InitErrorDetails, PydanticCustomError

from b1bridge.connectors.rest.fields import (
    Amount,
    Day,
    Email,
    Line,
    Moment,
    Named,
    OneLine,
    Percent,
    Quantity,
    Reference,
    Text,
    decimals_in,
    refuse,
    text_of,
    wrong,
)
from b1bridge.connectors.rest.settings import Settings
from b1bridge.domain.money import decimals_of
from b1bridge.sdk.outbound import objection

RESERVED = frozenset({"fetch", "insert", "cancel"})
"""Paths of the older product lie where orders of these references would."""
MOST_LINES = 1000

Place = tuple[str | int, ...]


def _one_of(*names: str) -> JsonDict:
    """Say in the API's description that one of these is needed; the validators see to it."""
    return {"anyOf": [{"required": [name]} for name in names]}


class Sent(BaseModel):
    """A part of what a client sends; what it leaves out is as if it had never been there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SubmittedAddress(Sent):
    """Where something is billed or sent."""

    first_name: Line = ""
    last_name: Line = ""
    company: Line = ""
    street_1: Line = ""
    street_2: Line = ""
    city: Line = ""
    state: Line = ""
    zip_code: Line = ""
    country: Annotated[
        str, Field(pattern=r"^([A-Za-z]{2})?$", description="ISO 3166-1 alpha-2, such as DE")
    ] = ""
    phone: Line = ""
    email: Line = ""


class SubmittedCustomer(Sent):
    """Who orders: an account of the books, or somebody to be known again by e-mail."""

    model_config = ConfigDict(json_schema_extra=_one_of("account", "email"))

    account: Annotated[str, text_of(15), OneLine] = Field(
        default="", description="code of the business partner; never a new one"
    )
    contact: int | None = Field(
        default=None, ge=1, strict=True, description="number of the contact person in the books"
    )
    email: Email = ""
    name: Line = ""
    company: Line = ""
    phone: Line = ""
    tax_id: Line = ""

    @model_validator(mode="after")
    def _is_known_by_something(self) -> Self:
        if not (self.account or self.email):
            refuse("customer", "name the account or the email of the customer")
        return self


class Taxed(Sent):
    """What bears tax: by a code of the books, or by a rate that the tax crosswalk knows."""

    model_config = ConfigDict(json_schema_extra=_one_of("tax_code", "tax_rate"))

    tax_code: Annotated[str, text_of(8), OneLine] = Field(
        default="", description="a tax code of the books"
    )
    tax_rate: Percent | None = Field(default=None, description="in per cent")
    tax: Amount | None = Field(
        default=None, description="the tax of the whole row; worked out as the books do if absent"
    )

    @model_validator(mode="after")
    def _names_its_tax(self) -> Self:
        if not self.tax_code and self.tax_rate is None:
            refuse("tax", "name tax_code (a code of the books) or tax_rate")
        return self


class SubmittedLine(Taxed):
    """One line after its own discounts: a price per piece, or the amount of the whole row."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [_one_of("tax_code", "tax_rate"), _one_of("price", "amount")],
        }
    )

    item: Annotated[str, text_of(50), Named] = Field(
        min_length=1, description="an item code, or a name that the sku crosswalk knows"
    )
    name: Line = ""
    quantity: Quantity
    price: Amount | None = Field(default=None, description="of one piece")
    amount: Amount | None = Field(default=None, description="of the whole row")

    @model_validator(mode="after")
    def _has_one_price(self) -> Self:
        if (self.price is None) == (self.amount is None):
            refuse("price", "give either price (of one piece) or amount")
        return self


class SubmittedCharge(Taxed):
    """Freight or a fee, by a freight name of the books or of the freight crosswalk."""

    name: Annotated[str, text_of(100), Named] = Field(min_length=1)
    amount: Amount


class SubmittedPayment(Sent):
    """Money that the client has captured; `method` is looked up in its crosswalk."""

    id: Reference
    method: Annotated[str, text_of(100), Named] = Field(min_length=1)
    amount: Quantity
    paid_at: Moment | None = None


class SubmittedOrder(Sent):
    """An order under the client's own reference, which is good for one order for ever."""

    reference: Reference
    placed_at: Moment | None = Field(default=None, description="when it was received, if absent")
    due_on: Day | None = Field(default=None, description="until when it is to be delivered")
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$", description="ISO 4217")] = ""
    prices_include_tax: bool = Field(default=False, strict=True)
    customer: SubmittedCustomer
    billing: SubmittedAddress | None = None
    shipping: SubmittedAddress | None = Field(default=None, description="as billing, if absent")
    lines: list[SubmittedLine] = Field(min_length=1, max_length=MOST_LINES)
    discount_percent: Percent = Field(
        default=Decimal(0), description="off all lines, charges aside"
    )
    charges: list[SubmittedCharge] = Field(default=[], max_length=100)
    payments: list[SubmittedPayment] = Field(default=[], max_length=100)
    shipping_type: Line = Field(default="", description="name of a shipping type of the books")
    payment_method: Line = Field(default="", description="a payment method code of the books")
    comment: Text = ""
    total: Amount | None = Field(default=None, description="tax included; must agree if given")
    tax_total: Amount | None = Field(default=None, description="must agree if given")
    callback_url: Annotated[str, Field(max_length=2000), AfterValidator(str.strip)] = ""
    reference_field: Annotated[str, Field(pattern=r"^(U_[A-Za-z0-9_]{1,48})?$")] = Field(
        default="", description="a field of the books that takes the reference as well"
    )

    @field_validator("reference")
    @classmethod
    def _is_free(cls, reference: str) -> str:
        if reference in RESERVED:
            words = ", ".join(sorted(RESERVED))
            refuse("reference", "{words} are no references", words=words)
        return reference

    @field_validator("payments")
    @classmethod
    def _differ(cls, payments: list[SubmittedPayment]) -> list[SubmittedPayment]:
        twice = [id_ for id_, times in Counter(one.id for one in payments).items() if times > 1]
        if twice:
            refuse("payments", "two payments have the id {id}", id=twice[0])
        return payments

    @model_validator(mode="after")
    def _suits_the_connection(self, info: ValidationInfo) -> Self:
        """Check what depends on the settings, which are the context where a client sends it."""
        settings = info.context
        if isinstance(settings, Settings):
            wrongs = [*_uncountable(self, settings), *_not_allowed(self, settings)]
            if wrongs:
                # pydantic takes over the places of an error that a validator raises.
                raise ValidationError.from_exception_data(type(self).__name__, wrongs)
        return self


def canonical(record: Sent) -> str:
    """Write a record so that equal ones are equal texts, however their numbers were typed."""
    content = record.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(body: str) -> str:
    """Return the SHA-256 by which a body is recognised."""
    return hashlib.sha256(body.encode()).hexdigest()


def _not_allowed(order: SubmittedOrder, settings: Settings) -> Iterator[InitErrorDetails]:
    objected = order.callback_url and objection(order.callback_url, settings.callback_hosts)
    if objected:
        error = wrong("callback_url", "{objected}", objected=objected)
        yield _at(("callback_url",), error, order.callback_url)
    field = order.reference_field
    if field and field not in settings.reference_fields:
        text = "the operator has not allowed the field {field}"
        yield _at(("reference_field",), wrong("reference_field", text, field=field), field)


def too_fine(order: SubmittedOrder, currency: str) -> Iterator[tuple[Place, Decimal]]:
    """Yield every amount that nobody could pay; a price per piece may be as fine as it likes."""
    finest = decimals_of(currency)
    return ((place, amount) for place, amount in _amounts(order) if decimals_in(amount) > finest)


def _uncountable(order: SubmittedOrder, settings: Settings) -> Iterator[InitErrorDetails]:
    currency = order.currency or settings.currency
    for place, amount in too_fine(order, currency) if currency else ():
        facts = {"amount": f"{amount:f}", "currency": currency}
        error = wrong("amount", "{amount} is finer than {currency} is settled in", **facts)
        yield _at(place, error, amount)


def _at(place: Place, error: PydanticCustomError, value: object) -> InitErrorDetails:
    return InitErrorDetails(type=error, loc=place, input=value)


def _amounts(order: SubmittedOrder) -> Iterator[tuple[Place, Decimal]]:
    yield from _given((), total=order.total, tax_total=order.tax_total)
    for number, line in enumerate(order.lines):
        yield from _given(("lines", number), amount=line.amount, tax=line.tax)
    for number, charge in enumerate(order.charges):
        yield from _given(("charges", number), amount=charge.amount, tax=charge.tax)
    for number, payment in enumerate(order.payments):
        yield from _given(("payments", number), amount=payment.amount)


def _given(place: Place, **amounts: Decimal | None) -> Iterator[tuple[Place, Decimal]]:
    return (((*place, name), amount) for name, amount in amounts.items() if amount is not None)

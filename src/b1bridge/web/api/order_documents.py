"""The documents about orders, as the OpenAPI document describes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

EXAMPLE_ORDER: dict[str, Any] = {
    "reference": "WEB-1001",
    "placed_at": "2026-11-21T09:00:00Z",
    "due_on": "2026-11-28",
    "currency": "EUR",
    "customer": {"email": "ada@example.com", "name": "Ada Lovelace"},
    "shipping": {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "street_1": "Lindenweg 3",
        "zip_code": "10115",
        "city": "Berlin",
        "country": "DE",
    },
    "lines": [{"item": "A00001", "quantity": 2, "price": "49.90", "tax_rate": 19}],
    "charges": [{"name": "Shipping", "amount": "4.90", "tax_rate": 19}],
}
EXAMPLE_STATUS: dict[str, Any] = {
    "reference": "WEB-1001",
    "state": "posted",
    "version": 1,
    "documents": [{"kind": "sales order", "entry": 812, "number": 10812}],
    "case": None,
    "received_at": "2026-11-21T09:00:01.123456Z",
    "changed_at": "2026-11-21T09:00:01.123456Z",
    "order": EXAMPLE_ORDER,
}


class Document(BaseModel):
    """A document in the books: `entry` is its key (DocEntry), `number` what people see (DocNum)."""

    kind: str
    entry: int
    number: int


class OpenCase(BaseModel):
    """What waits for a person, and what that person can do."""

    id: int
    reason: str = Field(description="a reason of the page of cases, such as MISSING_ITEM")
    message: str
    fix: str


class Order(BaseModel):
    """How an order stands: told when it is sent, when it is asked for, and to callbacks."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_STATUS]})

    reference: str
    state: Literal["accepted", "posted", "refused", "skipped", "cancelled"]
    version: int = Field(description="1 when it was first sent; one more with each change")
    documents: list[Document]
    case: OpenCase | None = Field(
        description="why it was refused; of a posted order, what flows after it wait for"
    )
    received_at: datetime
    changed_at: datetime
    order: dict[str, Any] = Field(description="the order as it was sent, without what is default")


class Orders(BaseModel):
    """A page of orders, oldest first."""

    orders: list[Order]
    next: str | None = Field(description="the cursor of the next page; null on the last")


class ManyOrders(BaseModel):
    """Up to a hundred orders; each is taken or refused by itself."""

    model_config = ConfigDict(extra="forbid")

    orders: list[Any] = Field(
        min_length=1, max_length=100, description="each as POST /v1/order takes it"
    )


class Result(BaseModel):
    """What POST /v1/order would have answered for one of many."""

    reference: str | None
    status: int
    replayed: bool = Field(default=False, description="whether it had been sent before")
    order: Order | None = None
    problem: dict[str, Any] | None = Field(
        default=None, description="a problem document; its pointers begin at this order"
    )


class Results(BaseModel):
    """One result for each order that was sent, in the same places."""

    results: list[Result]

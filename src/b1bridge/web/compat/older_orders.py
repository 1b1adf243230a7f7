"""An order in the older product's fields, written in ours (sap-service-layer.md 13, row 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00(:00)?")


def _absent_when_empty(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _text(value: Any) -> Any:
    """Let numbers stand for codes: 20000 is the item "20000"."""
    return str(value) if isinstance(value, int | Decimal) and value is not True else value


def _day(value: Any) -> Any:
    found = _MIDNIGHT.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else value


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        msg = "a number, please"
        raise ValueError(msg)  # noqa: TRY004 - pydantic shows a ValueError to the sender
    return value


Text = Annotated[str, BeforeValidator(_text)]
Code = Annotated[Text, Field(min_length=1)]
Perhaps = Annotated[Text | None, BeforeValidator(_absent_when_empty)]
Number = Annotated[Decimal, BeforeValidator(_number)]
PerhapsNumber = Annotated[Number | None, BeforeValidator(_absent_when_empty)]
Day = Annotated[date, BeforeValidator(_day)]


class OlderItem(BaseModel):
    """A line. `linetotal` decides where both are named, as it did in SAP."""

    model_config = ConfigDict(extra="ignore")

    itemcode: Code
    quantity: Number
    price: PerhapsNumber = None
    taxcode: Code
    linetotal: PerhapsNumber = None


class OlderOrder(BaseModel):
    """An order; what the older product did not know, it passed over, and so do we."""

    model_config = ConfigDict(extra="ignore")

    doc_due_date: Day
    card_code: Code
    fe_order_id: Code
    fe_order_id_udf: Perhaps = None
    discount_percent: PerhapsNumber = None
    transport_name: Perhaps = None
    payment_method: Perhaps = None
    expenses_freightname: Perhaps = None
    expenses_linetotal: PerhapsNumber = None
    expenses_taxcode: Perhaps = None
    billto_firstname: Text = ""
    billto_lastname: Text = ""
    billto_email: Text = ""
    billto_companyname: Text = ""
    billto_city: Text = ""
    billto_country: Text = ""
    billto_county: Text = ""
    billto_state: Text = ""
    billto_address: Text = ""
    billto_zipcode: Text = ""
    billto_telephone: Text = ""
    shipto_firstname: Text = ""
    shipto_lastname: Text = ""
    shipto_companyname: Text = ""
    shipto_city: Text = ""
    shipto_country: Text = ""
    shipto_county: Text = ""
    shipto_state: Text = ""
    shipto_address: Text = ""
    shipto_zipcode: Text = ""
    shipto_telephone: Text = ""
    items: Annotated[list[OlderItem], Field(min_length=1)]


_ADDRESS = {
    "first_name": "firstname",
    "last_name": "lastname",
    "company": "companyname",
    "street_1": "address",
    "street_2": "county",  # ours has no county of its own, and nothing may get lost
    "city": "city",
    "state": "state",
    "zip_code": "zipcode",
    "country": "country",
    "phone": "telephone",
}
_HEAD = {
    "reference": "fe_order_id",
    "reference_field": "fe_order_id_udf",
    "due_on": "doc_due_date",
    "discount_percent": "discount_percent",
    "shipping_type": "transport_name",
    "payment_method": "payment_method",
    "customer/account": "card_code",
    "customer/email": "billto_email",
    "customer/name": "billto_firstname",
    "customer/company": "billto_companyname",
    "customer/phone": "billto_telephone",
    "billing/email": "billto_email",
}
_LINE = {
    "item": "itemcode",
    "quantity": "quantity",
    "price": "price",
    "amount": "linetotal",
    "tax_code": "taxcode",
}
_CHARGE = {
    "name": "expenses_freightname",
    "amount": "expenses_linetotal",
    "tax_code": "expenses_taxcode",
}


def order_body(older: OlderOrder) -> dict[str, Any]:
    """Write it as the body of POST /v1/order; fields that say nothing are left out."""
    body = {
        "reference": older.fe_order_id,
        "reference_field": older.fe_order_id_udf,
        "due_on": older.doc_due_date.isoformat(),
        "customer": _customer(older),
        "billing": _address(older, "billto"),
        "shipping": _address(older, "shipto"),
        "lines": [_line(item) for item in older.items],
        "discount_percent": older.discount_percent,
        "charges": list(_charges(older)),
        "shipping_type": older.transport_name,
        "payment_method": older.payment_method,
    }
    return {name: value for name, value in body.items() if value not in (None, {}, [])}


def older_name(pointer: str) -> str:
    """Say which of the older fields a JSON pointer into our body means."""
    path = pointer.strip("/")
    first, _, rest = path.partition("/")
    if first in {"billing", "shipping"} and rest in _ADDRESS:
        return f"{'billto' if first == 'billing' else 'shipto'}_{_ADDRESS[rest]}"
    if first in {"lines", "charges"}:
        number, _, name = rest.partition("/")
        if first == "charges":
            return _CHARGE.get(name, "expenses_freightname")
        return f"items[{number}].{_LINE[name]}" if name in _LINE else f"items[{number}]"
    return _HEAD.get(path, _HEAD.get(first, path))


def _customer(older: OlderOrder) -> dict[str, str]:
    name = f"{older.billto_firstname} {older.billto_lastname}".strip()
    said = {
        "account": older.card_code,
        "email": older.billto_email,
        "name": name,
        "company": older.billto_companyname,
        "phone": older.billto_telephone,
    }
    return {field: text for field, text in said.items() if text.strip()}


def _address(older: OlderOrder, side: str) -> dict[str, str]:
    said: Mapping[str, str] = {
        ours: getattr(older, f"{side}_{theirs}") for ours, theirs in _ADDRESS.items()
    }
    return {field: text for field, text in said.items() if text.strip()}


def _line(item: OlderItem) -> dict[str, Any]:
    line: dict[str, Any] = {"item": item.itemcode, "quantity": item.quantity}
    if item.linetotal is not None:
        line["amount"] = item.linetotal
    elif item.price is not None:
        line["price"] = item.price
    return line | {"tax_code": item.taxcode}


def _charges(older: OlderOrder) -> Iterator[dict[str, Any]]:
    """Yield the freight, if there is any: one that costs nothing is none."""
    if older.expenses_freightname and older.expenses_linetotal:
        charge = {"name": older.expenses_freightname, "amount": older.expenses_linetotal}
        tax = {"tax_code": older.expenses_taxcode} if older.expenses_taxcode else {}
        yield charge | tax

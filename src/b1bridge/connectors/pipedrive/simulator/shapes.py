"""What records may be written with, strictly typed as v2 is (pipedrive-whatsapp.md 1.4, 1.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .answers import Refused
from .moments import moment_of
from .records import Field

Check = Callable[[Any, str], Any]
_ADDRESS = (
    "value", "country", "admin_area_level_1", "admin_area_level_2", "locality", "sublocality",
    "route", "street_number", "subpremise", "postal_code",
)  # fmt: skip
_LARGEST = 10**15
_VISIBLE_TO = {1, 3, 5, 7}
_MOST_CHARACTERS = 255
_CUSTOM = "custom_fields"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def text(value: Any, name: str) -> str:
    """Accept a string."""
    if not isinstance(value, str):
        raise _wrong(name, "a string")
    return value


def name(value: Any, name_: str) -> str:
    """Accept a name, which must say something."""
    if not text(value, name_).strip():
        raise Refused(400, f"Parameter '{name_}' must not be empty")
    return str(value)


def integer(value: Any, name_: str) -> int:
    """Accept an integer; a number in quotes is none."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise _wrong(name_, "an integer")
    return value


def number(value: Any, name_: str) -> Decimal:
    """Accept a number; one in quotes is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _wrong(name_, "a number")
    exact = Decimal(value)
    if abs(exact) > _LARGEST:
        raise _wrong(name_, "a number of less than 16 digits")
    return exact


def boolean(value: Any, name_: str) -> bool:
    """Accept true and false; 1 and 0 are neither."""
    if not isinstance(value, bool):
        raise _wrong(name_, "a boolean")
    return value


def moment(value: Any, name_: str) -> str:
    """Accept a time."""
    moment_of(text(value, name_), name_)
    return str(value)


def day(value: Any, name_: str) -> str:
    """Accept a date."""
    try:
        if _DAY.fullmatch(text(value, name_)):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise _wrong(name_, "a date")


def visibility(value: Any, name_: str) -> int:
    """Accept one of the four groups of people who may see a record."""
    if integer(value, name_) not in _VISIBLE_TO:
        raise Refused(400, f"{name_} must be one of [1, 3, 5, 7]")
    return int(value)


def integers(value: Any, name_: str) -> list[int]:
    """Accept a list of ids."""
    if not isinstance(value, list):
        raise _wrong(name_, "an array")
    return [integer(one, name_) for one in value]


def only(given: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse a body with a field that is not simulated (1.4: unknown fields may be refused)."""
    unknown = sorted(given.keys() - set(known))
    if unknown:
        raise Refused(400, f"Validation failed: {unknown[0]} is not allowed")


def one_of(*words: str) -> Check:
    """Accept one of these words."""

    def check(value: Any, name_: str) -> str:
        if text(value, name_) not in words:
            raise Refused(400, f"{name_} must be one of [{', '.join(words)}]")
        return str(value)

    return check


def or_null(check: Check) -> Check:
    """Accept null besides."""
    return lambda value, name_: None if value is None else check(value, name_)


def address(value: Any, name_: str) -> dict[str, Any] | None:
    """Accept an address; the parts that are not given become null, whatever they were."""
    if value is None:
        return None
    given = _object(value, name_, _ADDRESS)
    return {part: or_null(text)(given.get(part), f"{name_}.{part}") for part in _ADDRESS}


def contact_ways(value: Any, name_: str) -> list[dict[str, Any]]:
    """Accept e-mails or phones: whole arrays, at most one primary, by default the first."""
    if not isinstance(value, list):
        raise _wrong(name_, "an array")
    ways = [_object(one, name_, ("value", "label", "primary")) for one in value]
    rows = [
        {
            "value": text(one.get("value"), f"{name_}.value"),
            "primary": boolean(one.get("primary", False), f"{name_}.primary"),
            "label": text(one.get("label", "work"), f"{name_}.label"),
        }
        for one in ways
    ]
    if sum(bool(row["primary"]) for row in rows) > 1:
        raise Refused(400, f"{name_}: only one of them can be primary")
    if rows and not any(row["primary"] for row in rows):
        rows[0]["primary"] = True
    return rows


def prices(value: Any, name_: str) -> list[dict[str, Any]]:
    """Accept prices, one for each currency; they replace all there were."""
    if not isinstance(value, list):
        raise _wrong(name_, "an array")
    known = ("currency", "price", "cost", "direct_cost", "notes", "product_id")
    rows = [_object(one, name_, known) for one in value]
    currencies = [text(row.get("currency"), f"{name_}.currency") for row in rows]
    if len(set(currencies)) < len(currencies):
        raise Refused(400, f"{name_}: one price for each currency")
    return [
        {
            "price": number(row.get("price", 0), f"{name_}.price"),
            "currency": row["currency"],
            "cost": number(row.get("cost", 0), f"{name_}.cost"),
            "direct_cost": or_null(number)(row.get("direct_cost"), f"{name_}.direct_cost"),
            "notes": text(row.get("notes", ""), f"{name_}.notes"),
        }
        for row in rows
    ]


def custom_fields(value: Any, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Accept values of custom fields by their codes, each of the field's own type."""
    if not isinstance(value, dict):
        raise _wrong(_CUSTOM, "an object")
    unknown = sorted(value.keys() - fields.keys())
    if unknown:
        raise Refused(400, f"Custom field {unknown[0]} does not exist")
    return {code: _of_field(fields[code], one) for code, one in value.items()}


def _of_field(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.kind in {"enum", "set"}:
        return _chosen(field, value)
    if field.kind == "monetary":
        given = _object(value, field.code, ("value", "currency"))
        amount = number(given.get("value"), f"{field.code}.value")
        return {"value": amount, "currency": text(given.get("currency"), f"{field.code}.currency")}
    check: Check = _KINDS.get(field.kind, text)
    checked = check(value, field.code)
    if field.kind == "varchar" and len(checked) > _MOST_CHARACTERS:
        raise Refused(400, f"{field.code} is longer than {_MOST_CHARACTERS} characters")
    return checked


def _chosen(field: Field, value: Any) -> Any:
    known = {option["id"] for option in field.options or []}
    chosen = integers(value, field.code) if field.kind == "set" else [integer(value, field.code)]
    if not chosen or not known.issuperset(chosen):
        raise Refused(400, f"{field.code} has no such option")
    return value


def _object(value: Any, name_: str, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(name_, "an object")
    unknown = sorted(value.keys() - set(known))
    if unknown:
        raise Refused(400, f"{name_} has no property {unknown[0]}")
    return value


def _wrong(name_: str, what: str) -> Refused:
    return Refused(400, f"Validation failed: {name_}: must be {what}")


_KINDS: dict[str, Check] = {
    "double": number,
    "date": day,
    "org": integer,
    "people": integer,
    "user": integer,
}

_OWNED: dict[str, Check] = {
    "owner_id": integer,
    "visible_to": visibility,
    "label_ids": integers,
    "add_time": moment,
    "update_time": moment,
}
ORGANIZATION: dict[str, Check] = {**_OWNED, "name": name, "address": address}
PERSON: dict[str, Check] = {
    **_OWNED,
    "name": name,
    "org_id": or_null(integer),
    "emails": contact_ways,
    "phones": contact_ways,
    "marketing_status": text,
}
PRODUCT: dict[str, Check] = {
    "name": name,
    "code": or_null(text),
    "description": or_null(text),
    "unit": or_null(text),
    "tax": number,
    "category": or_null(number),
    "owner_id": integer,
    "is_linkable": boolean,
    "visible_to": visibility,
    "prices": prices,
}
DEAL: dict[str, Check] = {
    **_OWNED,
    "title": name,
    "person_id": or_null(integer),
    "org_id": or_null(integer),
    "pipeline_id": integer,
    "stage_id": integer,
    "value": or_null(number),
    "currency": text,
    "status": one_of("open", "won", "lost"),
    "probability": or_null(number),
    "lost_reason": or_null(text),
    "is_archived": boolean,
    "is_deleted": boolean,
    "close_time": or_null(moment),
    "won_time": or_null(moment),
    "lost_time": or_null(moment),
    "expected_close_date": or_null(day),
}
DEAL_PRODUCT: dict[str, Check] = {
    "product_id": integer,
    "item_price": number,
    "quantity": number,
    "tax": number,
    "tax_method": one_of("exclusive", "inclusive", "none"),
    "discount": number,
    "discount_type": one_of("percentage", "amount"),
    "comments": text,
    "is_enabled": boolean,
    "product_variation_id": or_null(integer),
}
ACTIVITY: dict[str, Check] = {
    "subject": name,
    "type": text,
    "owner_id": integer,
    "deal_id": or_null(integer),
    "person_id": or_null(integer),
    "org_id": or_null(integer),
    "due_date": or_null(day),
    "due_time": or_null(text),
    "duration": or_null(text),
    "busy": boolean,
    "done": boolean,
    "location": address,
    "public_description": or_null(text),
    "priority": or_null(integer),
    "note": or_null(text),
}
PIPELINE: dict[str, Check] = {"name": name, "is_deal_probability_enabled": boolean}
STAGE: dict[str, Check] = {
    "name": name,
    "pipeline_id": integer,
    "deal_probability": integer,
    "is_deal_rot_enabled": boolean,
    "days_to_rotten": or_null(integer),
}

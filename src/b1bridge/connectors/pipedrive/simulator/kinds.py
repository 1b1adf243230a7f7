"""How each kind of record of v2 is made, listed and written; one row of facts for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import shapes
from .answers import Refused
from .company import ACTIVITY_TYPES, Company
from .paging import SORTS
from .records import Actor


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: `made` is the status of a creation, `filters` those that equal a key."""

    entity: str
    path: str
    shape: Mapping[str, shapes.Check]
    needs: str
    blank: Mapping[str, Any]
    filters: tuple[str, ...] = ()
    made: int = 200
    list_cost: int = 10
    has_updated_since: bool = True
    has_custom_fields: bool = True
    sorts: frozenset[str] = SORTS
    settle: Callable[[Company, dict[str, Any], dict[str, Any], Actor], None] = field(
        default=lambda *_: None
    )
    """Called with the row before and the values to be written; completes the values."""


def _person(company: Company, _before: dict[str, Any], values: dict[str, Any], _: Actor) -> None:
    _must_exist(company, values, org_id="organization")
    if "name" in values:
        first, _space, last = values["name"].partition(" ")
        values |= {"first_name": first, "last_name": last or None}


def _product(company: Company, _before: dict[str, Any], values: dict[str, Any], _: Actor) -> None:
    for price in values.get("prices", ()):
        _active(company, price["currency"])


def _deal(company: Company, before: dict[str, Any], values: dict[str, Any], actor: Actor) -> None:
    """Complete what follows from a stage or a status (pipedrive-whatsapp.md 1.7)."""
    _must_exist(company, values, org_id="organization", person_id="person")
    if "currency" in values:
        _active(company, values["currency"])
    now = company.now()
    if not before:
        stage = values.setdefault("stage_id", min(company.rows["stage"]))
        values.setdefault("pipeline_id", company.get("stage", stage)["pipeline_id"])
        values.setdefault("currency", company.default_currency)
        values["creator_user_id"] = actor.user_id
    if "stage_id" in values and values["stage_id"] != before.get("stage_id"):
        values["pipeline_id"] = company.get("stage", values["stage_id"])["pipeline_id"]
        values["stage_change_time"] = now if before else None
    status = values.get("status")
    if status and status != before.get("status"):
        values |= _closed(status, now) | {k: v for k, v in values.items() if k.endswith("_time")}
    if before and company.lines_of(before["id"]) and "value" in values:
        values["value"] = before["value"]


def _activity(company: Company, before: dict[str, Any], values: dict[str, Any], by: Actor) -> None:
    """Complete an activity: who made it, and since when it is done."""
    _must_exist(company, values, deal_id="deal", person_id="person", org_id="organization")
    if values.get("type", ACTIVITY_TYPES[0]) not in ACTIVITY_TYPES:
        raise Refused(400, "type must be one of the company's activity types")
    if not before:
        values["creator_user_id"] = by.user_id
    if "done" in values and values["done"] != before.get("done", False):
        values["marked_as_done_time"] = company.now() if values["done"] else None


def _pipeline(company: Company, before: dict[str, Any], values: dict[str, Any], _: Actor) -> None:
    if not before:
        values["order_nr"] = len(company.rows["pipeline"]) + 1


def _stage(company: Company, before: dict[str, Any], values: dict[str, Any], _: Actor) -> None:
    if not before and "pipeline_id" not in values:
        raise Refused(400, "Parameter 'pipeline_id' is required")
    _must_exist(company, values, pipeline_id="pipeline")
    if not before:
        there = [one for one in company.rows["stage"].values() if _is_in(one, values)]
        values["order_nr"] = len(there) + 1


def _is_in(stage: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return bool(stage["pipeline_id"] == values["pipeline_id"])


def _closed(status: str, now: str) -> dict[str, Any]:
    won, lost = status == "won", status == "lost"
    day = now[:10]
    return {
        "won_time": now if won else None,
        "lost_time": now if lost else None,
        "close_time": now if won or lost else None,
        "local_won_date": day if won else None,
        "local_lost_date": day if lost else None,
        "local_close_date": day if won or lost else None,
    }


def _active(company: Company, currency: str) -> None:
    if currency not in company.currencies:
        raise Refused(400, f"Currency {currency} is not active")


def _must_exist(company: Company, values: Mapping[str, Any], **keys: str) -> None:
    for key, entity in keys.items():
        if values.get(key) is not None:
            company.get(entity, values[key])


_COMMON: dict[str, Any] = {
    "owner_id": None,
    "is_deleted": False,
    "visible_to": 3,
    "custom_fields": {},
}
ORGANIZATIONS = Kind(
    "organization",
    "organizations",
    shapes.ORGANIZATION,
    "name",
    {**_COMMON, "address": None, "label_ids": []},
    filters=("owner_id",),
)
PERSONS = Kind(
    "person",
    "persons",
    shapes.PERSON,
    "name",
    {
        **_COMMON,
        "first_name": None,
        "last_name": None,
        "org_id": None,
        "emails": [],
        "phones": [],
        "label_ids": [],
        "picture_id": None,
    },
    filters=("owner_id", "org_id"),
    settle=_person,
)
PRODUCTS = Kind(
    "product",
    "products",
    shapes.PRODUCT,
    "name",
    {
        **_COMMON,
        "code": None,
        "description": None,
        "unit": None,
        "tax": Decimal(0),
        "category": None,
        "is_linkable": True,
        "prices": [],
        "billing_frequency": "one-time",
        "billing_frequency_cycles": None,
    },
    filters=("owner_id",),
    made=201,
    has_updated_since=False,
    settle=_product,
)
DEALS = Kind(
    "deal",
    "deals",
    shapes.DEAL,
    "title",
    {
        **_COMMON,
        "person_id": None,
        "org_id": None,
        "value": Decimal(0),
        "status": "open",
        "is_archived": False,
        "archive_time": None,
        "probability": None,
        "lost_reason": None,
        "stage_change_time": None,
        "close_time": None,
        "won_time": None,
        "lost_time": None,
        "local_won_date": None,
        "local_lost_date": None,
        "local_close_date": None,
        "expected_close_date": None,
        "label_ids": [],
        "origin": "API",
        "origin_id": None,
        "channel": None,
        "channel_id": None,
    },
    filters=("owner_id", "person_id", "org_id", "pipeline_id", "stage_id", "status"),
    settle=_deal,
)
ACTIVITIES = Kind(
    "activity",
    "activities",
    shapes.ACTIVITY,
    "subject",
    {
        "owner_id": None,
        "is_deleted": False,
        "type": "task",
        **dict.fromkeys(("deal_id", "lead_id", "person_id", "org_id", "project_id")),
        **dict.fromkeys(("due_date", "due_time", "duration", "marked_as_done_time", "location")),
        "busy": False,
        "done": False,
        "participants": [],
        "attendees": [],
        **dict.fromkeys(("conference_meeting_client", "conference_meeting_url")),
        "conference_meeting_id": None,
        "public_description": None,
        "priority": None,
        "note": None,
    },
    filters=("owner_id", "deal_id", "person_id", "org_id", "done"),
    has_custom_fields=False,
    sorts=SORTS | {"due_date"},
    settle=_activity,
)
PIPELINES = Kind(
    "pipeline",
    "pipelines",
    shapes.PIPELINE,
    "name",
    {"is_deleted": False, "is_deal_probability_enabled": False},
    list_cost=5,
    has_updated_since=False,
    has_custom_fields=False,
    settle=_pipeline,
)
STAGES = Kind(
    "stage",
    "stages",
    shapes.STAGE,
    "name",
    {
        "is_deleted": False,
        "deal_probability": 100,
        "is_deal_rot_enabled": False,
        "days_to_rotten": None,
    },
    filters=("pipeline_id",),
    list_cost=5,
    has_updated_since=False,
    has_custom_fields=False,
    sorts=SORTS | {"order_nr"},
    settle=_stage,
)
KINDS = (ORGANIZATIONS, PERSONS, PRODUCTS, DEALS, ACTIVITIES, PIPELINES, STAGES)

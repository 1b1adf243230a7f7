"""Everything one Pipedrive company knows, and how its records change."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha1
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from .answers import Refused
from .moments import v2_time
from .records import Actor, Change, Field, Hook, Letter, User
from .worths import worth_of

ENTITIES = ("organization", "person", "product", "deal", "pipeline", "stage", "activity")
_SPACE = UUID("5d1ab0b7-3c1c-4a5e-8f0e-5b1f0d6a7c11")
_FIXED = {
    "organization": {"name": "varchar", "owner_id": "user", "address": "address"},
    "person": {"name": "varchar", "org_id": "org", "emails": "varchar", "phones": "phone"},
    "product": {"name": "varchar", "code": "varchar", "unit": "varchar", "tax": "double"},
    "deal": {"title": "varchar", "value": "monetary", "stage_id": "stage", "org_id": "org"},
}
ACTIVITY_TYPES = ("call", "meeting", "task", "deadline", "email", "lunch")
CURRENCIES = {"EUR": "Euro", "USD": "US Dollar", "GBP": "British Pound", "CHF": "Swiss Franc"}


@dataclass(slots=True)
class Company:
    """The state of one company. `search_lag` is how late searches see what was written."""

    domain: str
    company_id: int
    clock: Callable[[], datetime]
    default_currency: str = "EUR"
    search_lag: timedelta = timedelta(0)
    most_custom_fields: int | None = None
    scopes_refused: set[str] = field(default_factory=set)
    users: dict[int, User] = field(default_factory=dict)
    rows: dict[str, dict[int, dict[str, Any]]] = field(
        default_factory=lambda: {entity: {} for entity in ENTITIES}
    )
    lines: dict[int, dict[str, Any]] = field(default_factory=dict)
    discounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: dict[int, dict[str, Any]] = field(default_factory=dict)
    fields: dict[str, dict[str, Field]] = field(default_factory=dict)
    currencies: set[str] = field(default_factory=lambda: set(CURRENCIES))
    hooks: dict[int, Hook] = field(default_factory=dict)
    outbox: list[Letter] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    merged: dict[tuple[str, int], int] = field(default_factory=dict)
    ids: dict[str, count[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give every kind of record the fields that all companies have."""
        for entity, fixed in _FIXED.items():
            self.fields[entity] = {
                code: Field(code, code.replace("_id", "").capitalize(), kind)
                for code, kind in fixed.items()
            }

    def next_id(self, what: str) -> int:
        """Return the next number of a kind of thing, counted from 1."""
        return next(self.ids.setdefault(what, count(1)))

    def now(self) -> str:
        """Return the moment as v2 writes it."""
        return v2_time(self.clock())

    def get(self, entity: str, id_: int) -> dict[str, Any]:
        """Return a record that exists, deleted ones aside; 404 for any other."""
        row = self.rows[entity].get(id_)
        if row is None or row["is_deleted"]:
            raise Refused(404, f"{entity.capitalize()} not found")
        return row

    def add(self, entity: str, row: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """Keep a new record and tell of it."""
        now = self.now()
        row = {"id": self.next_id(entity), "add_time": now, "update_time": now, **row}
        self.rows[entity][row["id"]] = row
        self.tell("create", entity, row["id"], None, row, actor)
        return row

    def change(
        self, entity: str, id_: int, values: Mapping[str, Any], actor: Actor, **merge: int
    ) -> dict[str, Any]:
        """Change a record and tell of it, also when every value is as it was."""
        row = self.get(entity, id_)
        before = copy.deepcopy(row)
        custom = {**row.get("custom_fields", {}), **values.get("custom_fields", {})}
        row.update(values)
        if custom:
            row["custom_fields"] = custom
        row["update_time"] = values.get("update_time", self.now())
        self.tell("change", entity, id_, before, row, actor, **merge)
        return row

    def delete(self, entity: str, id_: int, actor: Actor, **merge: int) -> None:
        """Mark a record deleted; it is gone for good after 30 days."""
        row = self.get(entity, id_)
        before = copy.deepcopy(row)
        row["is_deleted"], row["update_time"] = True, self.now()
        if entity == "deal":
            row["status"] = "deleted"
        self.tell("delete", entity, id_, before, None, actor, **merge)

    def tell(
        self,
        action: str,
        entity: str,
        id_: int,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
        actor: Actor,
        **merge: int,
    ) -> Change:
        """Note a change, and put a letter for each webhook that asked for it into the outbox."""
        number = self.next_id("change")
        change = Change(
            id=str(uuid5(_SPACE, f"{self.company_id}/{number}")),
            correlation=str(uuid5(_SPACE, f"{self.company_id}/correlation/{number}")),
            action=action,
            entity=entity,
            record=id_,
            before=copy.deepcopy(before),
            after=copy.deepcopy(after),
            actor=actor,
            at=self.clock() + timedelta(microseconds=number % 1000),
            **merge,
        )
        self.changes.append(change)
        self.outbox += [
            Letter(change, hook.id)
            for hook in self.hooks.values()
            if hook.active and hook.wants(change)
        ]
        return change

    def custom_fields(self, entity: str) -> dict[str, Field]:
        """Return the custom fields of a kind of record by their codes."""
        return {code: one for code, one in self.fields.get(entity, {}).items() if one.custom}

    def add_field(
        self, entity: str, name: str, kind: str, options: list[str] | None = None
    ) -> Field:
        """Define a custom field; its code says nothing and differs from company to company."""
        if self.most_custom_fields is not None:
            total = sum(one.custom for fields in self.fields.values() for one in fields.values())
            if total >= self.most_custom_fields:
                raise Refused(
                    403, "Custom fields limit reached", code="feature_capping_custom_fields_limit"
                )
        number = self.next_id("field")
        code = sha1(f"{self.company_id}/{entity}/{number}".encode()).hexdigest()  # noqa: S324
        rows = [{"id": self.next_id("option"), "label": label} for label in options or []]
        field_ = Field(code, name, kind, custom=True, options=rows or None)
        self.fields[entity][code] = field_
        return field_

    def lines_of(self, deal: int) -> list[dict[str, Any]]:
        """Return the products of a deal in their order."""
        return [line for line in self.lines.values() if line["deal_id"] == deal]

    def worth(self, deal: int) -> dict[str, Decimal]:
        """Return what makes a deal worth its lines; without any it keeps its worth (guess)."""
        lines = self.lines_of(deal)
        sold = [line for line in lines if line["is_enabled"]]
        return {"value": worth_of(sold, self.discounts_of(deal))} if lines else {}

    def discounts_of(self, deal: int) -> list[dict[str, Any]]:
        """Return what is taken off the whole of a deal."""
        return [one for one in self.discounts.values() if one["deal_id"] == deal]

    def actor_of(self, token: str) -> Actor | None:
        """Return who acts with this API token."""
        for user in self.users.values():
            if user.api_token == token:
                return Actor(user.id, "api")
        return None

    def merge(self, entity: str, loser: int, winner: int, actor: Actor) -> dict[str, Any]:
        """Let one record be swallowed by another, with all that hangs on it.

        Guess: that a deal comes to what its products come to, those of the other one included.
        """
        if loser == winner:
            raise Refused(400, "Cannot merge a record with itself")
        self.get(entity, loser)
        self.get(entity, winner)
        self.merged[entity, loser] = winner
        self._repoint(entity, loser, winner)
        self.delete(entity, loser, actor, merged_to=winner)
        worth = self.worth(winner) if entity == "deal" else {}
        return self.change(entity, winner, worth, actor, merged_from=loser)

    def _repoint(self, entity: str, loser: int, winner: int) -> None:
        key = {"organization": "org_id", "person": "person_id", "deal": "deal_id"}[entity]
        places = (*self.rows["person"].values(), *self.rows["deal"].values())
        for row in (*places, *self.notes.values(), *self.lines.values()):
            if row.get(key) == loser:
                row[key] = winner

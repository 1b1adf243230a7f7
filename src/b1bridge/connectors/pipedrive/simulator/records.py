"""The nouns of a Pipedrive company that are more than rows of JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: a person in the app, or a token over the API."""

    user_id: int
    source: str = "app"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to one record; before and after are whole rows as REST tells them."""

    id: str
    correlation: str
    action: str
    entity: str
    record: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    actor: Actor
    at: datetime
    merged_to: int | None = None
    merged_from: int | None = None


@dataclass(slots=True)
class Field:
    """A field definition; custom ones have 40 hexadecimal digits as their code."""

    code: str
    name: str
    kind: str
    custom: bool = False
    options: list[dict[str, Any]] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the definition as v2 lists it."""
        return {
            "field_name": self.name,
            "field_code": self.code,
            "field_type": self.kind,
            "options": self.options,
            "subfields": None,
            "is_custom_field": self.custom,
            "is_optional_response_field": False,
        }


@dataclass(slots=True)
class Hook:
    """A webhook, which sees what `user_id` may see; `owner_id` is who registered it.

    `barred_until` while its events are dropped, `last_success` keeps it alive.
    """

    id: int
    url: str
    action: str
    object: str
    name: str
    version: str
    user_id: int
    owner_id: int
    auth_user: str | None
    auth_password: str | None
    added_at: datetime
    active: bool = True
    failures: int = 0
    barred_until: datetime | None = None
    last_success: datetime | None = None
    last_status: int | None = None
    last_try: datetime | None = None

    def wants(self, change: Change) -> bool:
        """Tell whether the webhook was registered for such a change."""
        return self.action in {"*", change.action} and self.object in {"*", change.entity}


@dataclass(frozen=True, slots=True)
class Letter:
    """One change on its way to one webhook."""

    change: Change
    hook: int
    attempt: int = 1
    due: datetime | None = None


@dataclass(slots=True)
class User:
    """A user of the company and the API token of theirs."""

    id: int
    name: str
    email: str
    api_token: str
    is_admin: bool = True
    created: str = "2020-01-01 09:00:00"
    more: dict[str, Any] = field(default_factory=dict)

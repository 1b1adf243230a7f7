"""The company itself: its users, currencies, types of activities, and merging (v1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from .answers import Refused, found
from .company import ACTIVITY_TYPES, CURRENCIES, Company
from .moments import v1_time
from .operations import Call, Operation
from .records import User
from .shapes import integer

_LOOKED_FOR = ("term", "search_by_email")
_MERGED = {"organizations": "organization", "persons": "person", "deals": "deal"}


class AccountApi:
    """The endpoints about the account."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs."""
        yield Operation("v1", "GET", "/users", 20, self._users)
        yield Operation("v1", "GET", "/users/me", 2, self._me)
        yield Operation("v1", "GET", "/users/find", 40, self._find_users, _LOOKED_FOR)
        yield Operation("v1", "GET", "/users/{id}", 2, self._user)
        yield Operation("v1", "GET", "/currencies", 20, self._currencies, ("term",))
        yield Operation("v1", "GET", "/activityTypes", 20, self._activity_types)
        for path, entity in _MERGED.items():
            yield Operation("v1", "PUT", f"/{path}/{{id}}/merge", 40, self._merging(entity))

    def _users(self, call: Call) -> Response:
        return found([_told(user, call) for user in self._company.users.values()])

    def _me(self, call: Call) -> Response:
        company = {
            "company_id": self._company.company_id,
            "company_name": self._company.domain.capitalize(),
            "company_domain": self._company.domain,
            "company_country": "DE",
            "language": {"language_code": "en", "country_code": "US"},
        }
        return found(_told(self._company.users[call.actor.user_id], call) | company)

    def _user(self, call: Call) -> Response:
        user = self._company.users.get(call.number("id"))
        if user is None:
            raise Refused(404, "User not found")
        return found(_told(user, call))

    def _find_users(self, call: Call) -> Response:
        term = call.query.get("term", "").lower()
        if not term:
            raise Refused(400, "term is required")
        by_email = call.flag("search_by_email")
        users = self._company.users.values()
        names = [(one, one.email if by_email else one.name) for one in users]
        return found([_told(one, call) for one, text in names if term in text.lower()])

    def _activity_types(self, call: Call) -> Response:
        del call
        since = v1_time(datetime(2020, 1, 1, tzinfo=UTC))
        return found(
            [
                {
                    "id": number,
                    "name": key.capitalize(),
                    "icon_key": key,
                    "color": None,
                    "order_nr": number,
                    "key_string": key,
                    "active_flag": True,
                    "is_custom_flag": False,
                    "add_time": since,
                    "update_time": since,
                }
                for number, key in enumerate(ACTIVITY_TYPES, 1)
            ]
        )

    def _currencies(self, call: Call) -> Response:
        term = call.query.get("term", "").upper()
        rows = [
            {
                "id": number,
                "code": code,
                "name": CURRENCIES.get(code, code),
                "decimal_points": 2,
                "symbol": code,
                "active_flag": True,
                "is_custom_flag": code not in CURRENCIES,
            }
            for number, code in enumerate(sorted(self._company.currencies), 1)
            if term in code
        ]
        return found(rows)

    def _merging(self, entity: str) -> Any:
        def merge(call: Call) -> Response:
            winner = integer(call.json().get("merge_with_id"), "merge_with_id")
            row = self._company.merge(entity, call.number("id"), winner, call.actor)
            return found({"id": row["id"]})

        return merge


def _told(user: User, call: Call) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "default_currency": "EUR",
        "locale": "en_US",
        "lang": 1,
        "email": user.email,
        "phone": None,
        "activated": True,
        "last_login": user.created,
        "created": user.created,
        "modified": user.created,
        "has_created_company": True,
        "access": [{"app": "sales", "admin": user.is_admin, "permission_set_id": "0"}],
        "active_flag": True,
        "timezone_name": "Europe/Berlin",
        "timezone_offset": "+01:00",
        "role_id": 1,
        "icon_url": None,
        "is_you": user.id == call.actor.user_id,
        "is_deleted": False,
    }

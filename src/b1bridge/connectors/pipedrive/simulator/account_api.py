"""The company itself: its users, currencies, pipelines, stages, and merging (v1 and v2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from .answers import Refused, found
from .company import CURRENCIES, Company
from .operations import Call, Operation
from .paging import cursor_page
from .records import User

_MERGED = {"organizations": "organization", "persons": "person", "deals": "deal"}


class AccountApi:
    """The endpoints about the account."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs."""
        yield Operation("v1", "GET", "/users", 20, self._users)
        yield Operation("v1", "GET", "/users/me", 2, self._me)
        yield Operation("v1", "GET", "/currencies", 20, self._currencies)
        for path, entity in _MERGED.items():
            yield Operation("v1", "PUT", f"/{path}/{{id}}/merge", 40, self._merging(entity))
        for entity in ("stage", "pipeline"):
            yield Operation("v2", "GET", f"/{entity}s", 5, self._listing(entity))
            yield Operation("v2", "GET", f"/{entity}s/{{id}}", 1, self._reading(entity))

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
            winner = call.json().get("merge_with_id")
            if not isinstance(winner, int):
                raise Refused(400, "merge_with_id is required")
            row = self._company.merge(entity, call.number("id"), winner, call.actor)
            return found({"id": row["id"]})

        return merge

    def _listing(self, entity: str) -> Any:
        def listed(call: Call) -> Response:
            rows = list(self._company.rows[entity].values())
            if entity == "stage" and "pipeline_id" in call.query:
                wanted = call.query["pipeline_id"]
                rows = [row for row in rows if str(row["pipeline_id"]) == wanted]
            return cursor_page(call.query, rows)

        return listed

    def _reading(self, entity: str) -> Any:
        return lambda call: found(self._company.get(entity, call.number("id")))


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

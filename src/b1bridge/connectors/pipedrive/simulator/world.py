"""A Pipedrive company in memory: the API as an ASGI app, and a clerk who works in its app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from .account_api import AccountApi
from .answers import Refused, answer
from .clerk import Clerk
from .company import Company
from .control import Control
from .deal_products_api import DealProductsApi
from .discounts_api import DiscountsApi
from .fields_api import fields_apis
from .gate import Gate
from .ledger import Ledger, Plan
from .letters import written
from .notes_api import NotesApi
from .oauth import OAuth
from .operations import Api, Operation
from .postman import Postman
from .records import Hook, User
from .records_api import records_apis
from .search_api import SearchApi
from .webhooks_api import WebhooksApi

BASE_URL = "https://acme.pipedrive.com"
_ANY = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_STAGES = ("Qualified", "Proposal made", "Negotiation", "Ready to order")
# Out of support since 2026-08-01; whether they still answer is nowhere told (guess: 410).
_OLD = ("deals", "persons", "organizations", "products", "activities", "itemSearch", "stages")


def _now() -> datetime:
    return datetime.now(UTC)


class Simulator(Clerk):
    """One company with a service user, whose token opens the API, and a clerk."""

    def __init__(  # noqa: PLR0913 - each is a fact of the company that a test may choose
        self,
        *,
        domain: str = "acme",
        api_token: str = "sim-token",  # noqa: S107 - opens nothing but the simulator
        currency: str = "EUR",
        clock: Callable[[], datetime] = _now,
        plan: str = "ULTIMATE",
        seats: int = 100,
        zone: str = "UTC",
        search_lag: timedelta = timedelta(0),
        base_url: str = BASE_URL,
        https_only: bool = False,
        control: bool = False,
    ) -> None:
        self.base_url = base_url
        company = Company(domain, 8_087_566, clock, currency, search_lag)
        company.users = {
            101: User(101, "Service User", "service@acme.test", api_token),
            102: User(102, "Sam Sales", "sam@acme.test", "clerk-token"),
        }
        super().__init__(company, 102)
        self._furnish()
        self.ledger = Ledger(Plan[plan], seats, clock, zone)
        self.oauth = OAuth("sim-client", "sim-client-secret", 101, base_url, clock)
        self.postman = Postman(company)
        self.deliver = self.postman.deliver
        self.operations = self._operations(https_only=https_only)
        self.app = self._app(control=control)

    @property
    def service_user(self) -> int:
        """The user whom the API token acts as."""
        return 101

    def settings(self) -> dict[str, Any]:
        """Return settings that open a connection to this company."""
        return {
            "api_token": self.company.users[101].api_token,
            "api_url": self.base_url,
            "plan": self.ledger.plan.name.lower(),
            "seats": self.ledger.seats,
            "webhook_user": "pipedrive",
            "webhook_password": "p" * 40,
        }

    def notice(
        self, change: int = -1, version: str = "2.0", attempt: int = 1
    ) -> tuple[dict[str, str], bytes]:
        """Return headers and raw body of a webhook about a change, by default the newest."""
        given = self.settings()
        hook = Hook(
            id=4_710_827,
            url="",
            action="*",
            object="*",
            name="",
            version=version,
            user_id=101,
            owner_id=101,
            auth_user=given["webhook_user"],
            auth_password=given["webhook_password"],
            added_at=self.company.clock(),
        )
        return written(self.company, self.company.changes[change], hook, attempt)

    def _furnish(self) -> None:
        now = self.company.now()
        common = {"add_time": now, "update_time": now, "is_deleted": False}
        pipeline = self.company.next_id("pipeline")
        self.company.rows["pipeline"][pipeline] = {
            "id": pipeline, "name": "Sales", "order_nr": 1, "is_deal_probability_enabled": True,
            **common,
        }  # fmt: skip
        for name in _STAGES:
            number = self.company.next_id("stage")
            self.company.rows["stage"][number] = {
                "id": number, "order_nr": number, "name": name, "deal_probability": 100,
                "pipeline_id": pipeline, "is_deal_rot_enabled": False, "days_to_rotten": None,
                **common,
            }  # fmt: skip

    def _operations(self, *, https_only: bool) -> list[Operation]:
        apis: tuple[Api, ...] = (
            SearchApi(self.company),
            DealProductsApi(self.company),
            DiscountsApi(self.company),
            *fields_apis(self.company),
            *records_apis(self.company),
            NotesApi(self.company),
            WebhooksApi(self.company, https_only=https_only),
            AccountApi(self.company),
        )
        return [operation for api in apis for operation in api.operations()]

    def _app(self, *, control: bool) -> ASGIApp:
        gate = Gate(self.company, self.ledger, self.oauth)
        old = [Route(f"/v1/{name}{{rest:path}}", _gone, methods=_ANY) for name in _OLD]
        return Starlette(
            routes=[
                *(Control(self, self).routes() if control else []),
                Route("/oauth/token", self.oauth.token, methods=["POST"]),
                Route("/oauth/revoke", self.oauth.revoke, methods=["POST"]),
                *gate.routes(self.operations),
                *old,
                Route("/{rest:path}", _unknown, methods=_ANY),
            ]
        )


async def _gone(request: Request) -> Response:
    """Refuse v1's CRUD of what v2 has (pipedrive-whatsapp.md 1.3)."""
    return Refused(410, f"{request.url.path} is out of support; use API v2").answer()


async def _unknown(request: Request) -> Response:
    """Say loudly what is not simulated, instead of guessing an answer."""
    text = f"the simulator does not know {request.method} {request.url.path}"
    return answer({"success": False, "error": text}, 501)

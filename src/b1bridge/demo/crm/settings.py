"""What the CRM's demo is asked to do, and whom it plays with."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.demo.settings import DemoSettings

CRM = "crm"
PLAN, SEATS = "premium", 10
API_TOKEN = "sim-token"  # noqa: S105 - opens nothing but the simulator
WEBHOOK_USER = "pipedrive"
WEBHOOK_PASSWORD = "p" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmDemo(DemoSettings):
    """`count` is how many ordinary deals are won; the awkward ones come on top."""

    count: int = 40
    away_seconds: float = 8.0
    lost_notices: float = 0.1
    copies: int = 3

"""What an operator types in to connect a Pipedrive company."""

from __future__ import annotations

from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator


class Plan(StrEnum):
    """The plans, which differ in what a day and two seconds take (pipedrive-whatsapp.md 1.9)."""

    LITE = "lite"
    GROWTH = "growth"
    PREMIUM = "premium"
    ULTIMATE = "ultimate"


class Settings(BaseModel):
    """One company: who we are there, what we may spend, and how its notices are recognised."""

    model_config = ConfigDict(extra="forbid")

    api_url: str = Field(
        pattern=r"^https?://", description="address of the company, https://NAME.pipedrive.com"
    )
    api_token: SecretStr | None = Field(
        default=None, description="API token of the user whom our writes are shown as"
    )
    client_id: str = Field(default="", description="OAuth: client id of your app")
    client_secret: SecretStr | None = Field(default=None, description="OAuth: client secret")
    refresh_token: SecretStr | None = Field(
        default=None, description="OAuth: refresh token of the installation"
    )
    oauth_url: str = Field(
        default="https://oauth.pipedrive.com", description="OAuth: where tokens are renewed"
    )
    plan: Plan = Field(default=Plan.LITE, description="the company's plan: what a day takes")
    seats: int = Field(default=1, ge=1, description="paid seats: what a day takes")
    extra_tokens: int = Field(default=0, ge=0, description="tokens bought besides, each day")
    time_zone: str = Field(
        default="UTC", description="zone of the data centre, at whose midnight days begin"
    )
    tokens_kept: float = Field(
        default=0.2, ge=0, lt=1, description="share of the day kept for deals"
    )
    alert_at: float = Field(
        default=0.75, gt=0, le=1, description="share of the day whose use opens a case"
    )
    webhook_user: str = Field(default="", description="user name that notices come with")
    webhook_password: SecretStr | None = Field(
        default=None, description="password that notices come with; 32 characters or more"
    )
    gateway_secret: SecretStr | None = Field(
        default=None, description="key of a gateway that signs notices (HMAC-SHA256, hexadecimal)"
    )
    gateway_header: str = Field(
        default="X-Signature-256", description="header that carries the gateway's signature"
    )
    webhook_url: str = Field(
        default="", description="public HTTPS address of our inbound door; empty to poll only"
    )

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as exc:
            msg = f"there is no time zone {name!r}"
            raise ValueError(msg) from exc
        return name

    @model_validator(mode="after")
    def _one_way_in(self) -> Settings:
        oauth = (self.client_id, self.client_secret, self.refresh_token)
        if bool(self.api_token) == any(oauth) or (any(oauth) and not all(oauth)):
            msg = "give an api_token, or client_id, client_secret and refresh_token"
            raise ValueError(msg)
        return self

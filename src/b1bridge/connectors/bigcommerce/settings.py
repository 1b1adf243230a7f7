"""What an operator types in to connect a BigCommerce store."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Settings(BaseModel):
    """One store: the API account's token and secret, and how its notices are recognised."""

    model_config = ConfigDict(extra="forbid")

    store_hash: str = Field(
        pattern=r"^[A-Za-z0-9]+$",
        description="the part after stores/ in the API path of the API account",
    )
    access_token: SecretStr = Field(description="access token of the API account")
    client_secret: SecretStr = Field(
        description="client secret of the API account; it signs the notices"
    )
    api_url: str = Field(
        default="https://api.bigcommerce.com",
        description="base URL of the API",
        pattern=r"^https?://",
    )
    webhook_header: str = Field(
        default="X-B1bridge-Secret",
        description="custom header set on the webhooks, for notices that come unsigned",
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="value of that custom header; without one, unsigned notices are refused",
    )
    webhook_url: str = Field(
        default="",
        description="public HTTPS address of our inbound door; leave empty to poll only",
    )
    requests_kept: int = Field(
        default=5, ge=0, description="requests per 30 s left to the store's other apps"
    )

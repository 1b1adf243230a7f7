"""What an operator settles for one client company of the REST façade."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from b1bridge.sdk.outbound import destination
from b1bridge.sdk.standard_webhooks import key_of


def _destination(entry: str) -> str:
    destination(entry)
    return entry


_Host = Annotated[str, AfterValidator(_destination)]
_UserField = Annotated[str, StringConstraints(pattern=r"^U_[A-Za-z0-9_]{1,48}$")]


class Settings(BaseModel):
    """One client company: whose books it works with, and what it may do."""

    model_config = ConfigDict(extra="forbid")

    books: str = Field(
        min_length=1, description="name of the connection whose books this client reads and fills"
    )
    currency: str = Field(
        default="",
        pattern=r"^([A-Z]{3})?$",
        description="currency of orders that name none; empty: the company's own",
    )
    strict: bool = Field(
        default=True, description="refuse fields we do not know, instead of leaving them aside"
    )
    wait_seconds: float = Field(
        default=10, ge=0, le=60, description="how long a caller may wait for the document, at most"
    )
    compatibility: bool = Field(
        default=False, description="answer the paths and fields of SAP-B1-RESTful, too"
    )
    requests_per_minute: int = Field(
        default=600, ge=1, description="requests that one token may make in a minute"
    )
    callback_hosts: list[_Host] = Field(
        default=[],
        description="hosts that outcomes may be sent to: host, host:port, http://host or "
        "host=network for a private network; none: no callbacks",
    )
    callback_secret: SecretStr = Field(
        default=SecretStr(""), description="signs the callbacks; whsec_ and base64"
    )
    reference_fields: list[_UserField] = Field(
        default=[],
        description="user-defined fields of SAP's documents (U_...) that an order may ask to carry "
        "its reference, too",
    )

    @model_validator(mode="after")
    def _can_sign(self) -> Self:
        secret = self.callback_secret.get_secret_value()
        if secret:
            key_of(secret)
        elif self.callback_hosts:
            msg = "callbacks are signed: enter a callback_secret beside callback_hosts"
            raise ValueError(msg)
        return self

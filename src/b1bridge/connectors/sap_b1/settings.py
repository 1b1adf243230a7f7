"""What an operator types in to open a connection to one SAP Business One company."""

from __future__ import annotations

from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, field_validator, model_validator

from b1bridge.connectors.sap_b1.client.settings import ClientSettings


class Settings(ClientSettings):
    """How to reach the company, and how it counts."""

    company_db: str = Field(
        min_length=1, description="name of the company database, letter by letter"
    )
    user: str = Field(min_length=1)
    password: SecretStr = Field(min_length=1)
    time_zone: str = Field(default="UTC", description="IANA zone in which the company's days end")
    tax_field: Literal["VatGroup", "TaxCode"] = "VatGroup"
    tax_by_row: bool = Field(
        default=False, description="the company rounds tax on each row, not on the document's sum"
    )
    tracking_field: str = Field(
        default="TrackingNumber",
        pattern=r"[A-Za-z][A-Za-z0-9_]*",
        description="field of a delivery that holds its tracking numbers; several, by comma",
    )
    profit_centre_field: str = Field(
        default="",
        pattern=r"([A-Za-z][A-Za-z0-9_]*)?",
        description="field of an item that names its profit centre, such as U_ProfitCentre",
    )
    local_currency: str = Field(default="", description="asked of the company when left empty")
    amount_decimals: int = Field(default=2, ge=0, le=6)
    price_decimals: int = Field(default=6, ge=0, le=6)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            msg = f"{name} is no IANA time zone; write e.g. Europe/Berlin"
            raise ValueError(msg)
        return name

    @field_validator("local_currency")
    @classmethod
    def _upper_currency(cls, code: str) -> str:
        return code.strip().upper()

    @model_validator(mode="after")
    def _trust_is_never_blind(self) -> Self:
        if self.trust_any_certificate:
            msg = "the hub looks at certificates: pin a self-signed one with certificate_sha256"
            raise ValueError(msg)
        return self

"""What it takes to reach one company behind one Service Layer."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_SERVICE_ROOT = re.compile(r"/+b1s(/v[12])?/*$")
_SHA256 = re.compile(r"[0-9A-F]{64}")


class ClientSettings(BaseModel):
    """One company behind one Service Layer; times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(description="address of the Service Layer, e.g. https://sap.example:50000")
    company_db: str = Field(
        default="", description="name of the company database, letter by letter"
    )
    user: str = Field(default="")
    password: SecretStr = Field(default=SecretStr(""))
    version: Literal["v1", "v2"] = "v2"
    ca_file: str = Field(default="", description="PEM file of the CA that signed its certificate")
    certificate_sha256: str = Field(
        default="", description="trust exactly the certificate with this fingerprint"
    )
    trust_any_certificate: bool = Field(
        default=False, description="does not look at the certificate: anybody may listen in"
    )
    allow_plain_http: bool = False
    concurrency: int = Field(
        default=80,
        ge=1,
        le=200,
        description="most calls at once; how many serve best is found out by measuring",
    )
    sessions: int = Field(
        default=1,
        ge=1,
        le=16,
        description="most sessions at once; each can use another node, and takes a login",
    )
    calls_per_second: float = Field(default=0.0, ge=0, description="0 means no cap")
    connect_timeout: float = Field(default=10.0, gt=0)
    read_timeout: float = Field(default=60.0, gt=0)
    document_timeout: float = Field(
        default=120.0,
        gt=0,
        description="longest that SAP takes for a document; one lost sight of may come for as long",
    )
    login_timeout: float = Field(default=60.0, gt=0)
    language: int | None = Field(default=None, description="SAP's number of the message language")

    @property
    def has_login(self) -> bool:
        """Whether there is all that a login takes."""
        return bool(self.company_db and self.user and self.password.get_secret_value())

    @property
    def service_root(self) -> str:
        """The URL that every resource path is relative to."""
        return f"{self.url}/b1s/{self.version}/"

    @property
    def host(self) -> str:
        """The name or address that is dialled."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port that is dialled."""
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def is_encrypted(self) -> bool:
        """Whether the line uses TLS."""
        return self.url.startswith("https://")

    @field_validator("url")
    @classmethod
    def _clean_url(cls, url: str) -> str:
        """Accept the address with or without the path that people copy along."""
        clean = _SERVICE_ROOT.sub("", url.strip()).rstrip("/")
        parts = urlsplit(clean)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            msg = "write the URL as https://host:50000"
            raise ValueError(msg)
        if parts.username or parts.password or parts.query or parts.fragment:
            msg = "the URL holds a host and a port only; credentials have their own fields"
            raise ValueError(msg)
        return clean

    @field_validator("certificate_sha256")
    @classmethod
    def _clean_fingerprint(cls, text: str) -> str:
        """Accept AB:CD:… as browsers and openssl show it."""
        clean = re.sub(r"[\s:]", "", text).upper()
        if clean and not _SHA256.fullmatch(clean):
            msg = "a SHA-256 fingerprint has 64 hexadecimal digits"
            raise ValueError(msg)
        return clean

    @model_validator(mode="after")
    def _one_way_to_trust(self) -> Self:
        if self.ca_file and self.certificate_sha256:
            msg = "give a CA file or a certificate fingerprint, not both"
            raise ValueError(msg)
        if self.trust_any_certificate and (self.ca_file or self.certificate_sha256):
            msg = "trust one certificate or any, not both"
            raise ValueError(msg)
        if (self.ca_file or self.certificate_sha256) and not self.is_encrypted:
            msg = "plain http shows no certificate: write the URL as https://, or give none"
            raise ValueError(msg)
        if not (self.is_encrypted or self.allow_plain_http or _is_loopback(self.host)):
            msg = "plain http carries the password in clear; use https, or set allow_plain_http"
            raise ValueError(msg)
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

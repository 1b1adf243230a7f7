"""A contact as clients send it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from b1bridge.connectors.rest.fields import Email, OneLine, Reference, refuse, text_of
from b1bridge.connectors.rest.wire import Sent


class SubmittedContact(Sent):
    """Somebody at a customer; known again by first name, last name and e-mail together.

    The widths are those of SAP's fields, which refuse longer texts (sap-service-layer.md 5).
    """

    reference: Annotated[
        Reference | None, Field(description="your own name for it; one is made if absent")
    ] = None
    first_name: Annotated[str, text_of(50), OneLine] = ""
    last_name: Annotated[str, text_of(50), OneLine] = ""
    email: Email = ""
    phone: Annotated[str, text_of(20), OneLine] = ""
    mobile: Annotated[str, text_of(50), OneLine] = ""
    position: Annotated[str, text_of(90), OneLine] = ""
    address: Annotated[str, text_of(100), OneLine] = ""

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not (self.first_name or self.last_name or self.email):
            refuse("contact", "give a first_name, a last_name or an email")
        return self


class ContactOfPartner(SubmittedContact):
    """What is kept: the contact, and whose it is."""

    partner: str

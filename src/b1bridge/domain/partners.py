"""Which business partner stands for a shopper, and how a new one is opened only once."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from b1bridge.domain.addresses import normalised_address
from b1bridge.domain.customers import (
    BusinessPartner,
    Customer,
    NewBusinessPartner,
    normalised_email,
)
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.text import single_line
from b1bridge.errors import NeedsOperator

# CardCode takes 15 characters (sap-service-layer.md 5). What a short prefix leaves of the hash
# is 60 bits and more: shared by two of a million shoppers once in two million such companies.
LONGEST_CODE = 15


class PartnerStrategy(StrEnum):
    """Who gets an account of their own in the books."""

    PER_EMAIL = "per_email"
    COLLECTIVE = "collective"
    COLLECTIVE_GUESTS = "collective_guests"


@dataclass(frozen=True, kw_only=True)
class PartnerPolicy:
    """How a sync finds or opens business partners; ERP-owned fields are never overwritten.

    `collective_partner` also takes guests without an e-mail, whatever the strategy.
    """

    partners: PartnerStrategy = PartnerStrategy.PER_EMAIL
    collective_partner: str = ""
    partner_prefix: str = "W"


def collective_code(customer: Customer, policy: PartnerPolicy) -> str | None:
    """Return the collective account that takes this shopper, or None when they get their own."""
    pooled = policy.partners is PartnerStrategy.COLLECTIVE or (
        policy.partners is PartnerStrategy.COLLECTIVE_GUESTS and customer.ref is None
    )
    if not pooled and normalised_email(customer.email):
        return None
    if policy.collective_partner:
        return policy.collective_partner
    msg = f"{_who(customer)} has no e-mail to be known by, and the sync names no collective partner"
    fix = "set collective_partner in the sync's options, or add the e-mail in the shop, then retry"
    raise NeedsOperator(msg, reason="NO_PARTNER", fix=fix)


def chosen_partner(
    customer: Customer, candidates: Iterable[BusinessPartner], crosswalk: Crosswalk
) -> str | None:
    """Return the one account that carries the e-mail; None when there is none yet.

    An entry of the customer crosswalk decides between several. Raises NeedsOperator
    (AMBIGUOUS_CUSTOMER) with the candidates, or PARTNER_FROZEN.
    """
    found = list(candidates)
    usable = [partner.code for partner in found if not partner.frozen]
    if len(usable) == 1:
        return usable[0]
    if usable:
        return crosswalk.find(normalised_email(customer.email)) or _ambiguous(customer, found)
    if found:
        raise _frozen(customer, found)
    return None


def new_partner(customer: Customer, currency: str, policy: PartnerPolicy) -> NewBusinessPartner:
    """Describe the account to open; whoever opens it for this e-mail chooses the same code."""
    email = normalised_email(customer.email)
    return NewBusinessPartner(
        code=partner_code(email, policy.partner_prefix),
        name=single_line(customer.company or customer.name) or email,
        email=email,
        phone=single_line(customer.phone or customer.billing.phone),
        currency=currency,
        billing=normalised_address(customer.billing),
    )


def partner_code(email: str, prefix: str) -> str:
    """Derive a code from a normalised e-mail, so that three first orders open one account."""
    digest = b32encode(sha256(email.encode()).digest()).decode()
    return f"{prefix}{digest}"[:LONGEST_CODE]


def same_shopper(partner: BusinessPartner, email: str) -> str:
    """Return the code of the account that a repeat finds; a taken code raises NeedsOperator."""
    if normalised_email(partner.email) in {"", email}:
        return partner.code
    msg = f"business partner {partner.code} belongs to {partner.email}, not to {email}"
    fix = "open an account for this e-mail in the books by hand, then retry the case"
    raise NeedsOperator(msg, reason="PARTNER_CODE_TAKEN", fix=fix)


def _who(customer: Customer) -> str:
    return f"shopper {customer.ref}" if customer.ref else f"guest {customer.name}".rstrip()


def _ambiguous(customer: Customer, found: list[BusinessPartner]) -> str:
    email = normalised_email(customer.email)
    msg = f"{_who(customer)}: {_listed(found)} all carry {email}"
    fix = f"enter the right code for '{email}' in the customer crosswalk, then retry the case"
    raise NeedsOperator(msg, reason="AMBIGUOUS_CUSTOMER", fix=fix)


def _frozen(customer: Customer, found: list[BusinessPartner]) -> NeedsOperator:
    msg = f"{_who(customer)}: {_listed(found)} is frozen"
    fix = "release the business partner in the books, then retry the case"
    return NeedsOperator(msg, reason="PARTNER_FROZEN", fix=fix)


def _listed(found: list[BusinessPartner]) -> str:
    return ", ".join(f"{partner.code} ({partner.name})" for partner in found)

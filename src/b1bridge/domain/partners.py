"""Which business partner stands for a shopper, and how a new one is opened only once."""

from __future__ import annotations

from base64 import b32encode
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
from b1bridge.domain.matching import Candidates, Identity, Known, other_firm
from b1bridge.domain.text import single_line
from b1bridge.errors import NeedsOperator

# CardCode takes 15 characters (sap-service-layer.md 5). What a short prefix leaves of the hash
# is 60 bits and more: shared by two of a million shoppers once in two million such companies.
LONGEST_CODE = 15


class PartnerStrategy(StrEnum):
    """Who gets an account of their own in the books."""

    PER_EMAIL = "per_email"
    PER_ORDER = "per_order"
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
    if customer.account:
        return None
    if policy.partners is PartnerStrategy.PER_ORDER:
        return None
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


def chosen_partner(customer: Customer, identity: Identity, candidates: Candidates) -> str | None:
    """Return the one account that is the shopper's; None when there is none yet.

    Raises NeedsOperator: AMBIGUOUS_CUSTOMER with the candidates where several fit, or where the
    one with the e-mail belongs to another firm; PARTNER_FROZEN.
    """
    found = candidates.found
    usable = [partner for partner in found if not partner.frozen]
    if len(usable) > 1:
        raise _ambiguous(customer, candidates)
    if usable:
        if candidates.known is Known.EMAIL and other_firm(identity, usable[0]):
            raise _another_firm(customer, identity, usable[0])
        return usable[0].code
    if found:
        raise _frozen(customer, found)
    return None


def new_partner(
    customer: Customer, identity: Identity, currency: str, policy: PartnerPolicy, order: str = ""
) -> NewBusinessPartner:
    """Describe the account to open; whoever opens it for this e-mail chooses the same code.

    Where each order gets an account of its own, the code goes by the order.
    """
    email = identity.email
    return NewBusinessPartner(
        code=partner_code(order or email, policy.partner_prefix),
        name=single_line(customer.company or customer.name) or email or order,
        email=email,
        phone=single_line(customer.phone or customer.billing.phone),
        currency=currency,
        billing=normalised_address(customer.billing),
        tax_id=single_line(customer.tax_id) if identity.tax_id else "",
    )


def partner_code(known_by: str, prefix: str) -> str:
    """Derive a code from a normalised e-mail, so that three first orders open one account."""
    digest = b32encode(sha256(known_by.encode()).digest()).decode()
    return f"{prefix}{digest}"[:LONGEST_CODE]


def same_shopper(partner: BusinessPartner, email: str) -> str:
    """Return the code of the account that a repeat finds; a taken code raises NeedsOperator."""
    if normalised_email(partner.email) in {"", email}:
        return partner.code
    msg = f"business partner {partner.code} belongs to {partner.email}, not to {email}"
    fix = "open an account for this e-mail in the books by hand, then retry the case"
    raise NeedsOperator(msg, reason="PARTNER_CODE_TAKEN", fix=fix)


def named_partner(account: str, found: BusinessPartner | None) -> str:
    """Return the account that the order itself names; it must be there, and usable.

    Raises NeedsOperator: UNKNOWN_PARTNER, PARTNER_FROZEN.
    """
    if found is None:
        msg = f"the order is for business partner {account}, and no customer has that code"
        fix = f"open {account} in the books and retry the case, or send the order for another one"
        raise NeedsOperator(msg, reason="UNKNOWN_PARTNER", fix=fix)
    if found.frozen:
        msg = f"the order is for business partner {told(found)}, who is frozen"
        fix = "release the business partner in the books, then retry the case"
        raise NeedsOperator(msg, reason="PARTNER_FROZEN", fix=fix)
    return found.code


def no_such_partner(email: str, code: str) -> NeedsOperator:
    """Tell that the crosswalk names an account that is not there."""
    msg = f"the customer crosswalk says that '{email}' is {code}, and no customer has that code"
    fix = f"correct the entry of '{email}' in the customer crosswalk, then retry the case"
    return NeedsOperator(msg, reason="MISSING_CUSTOMER", fix=fix)


def told(partner: BusinessPartner) -> str:
    """Name an account so that a person knows which it is: C1 (Anna, a@b.c, +46…, owes 12.50)."""
    facts = [partner.name, partner.email, partner.phone]
    owes = [f"owes {partner.balance:.2f}"] if partner.balance else []
    return f"{partner.code} ({', '.join(filter(None, (*facts, *owes)))})"


def _who(customer: Customer) -> str:
    return f"shopper {customer.ref}" if customer.ref else f"guest {customer.name}".rstrip()


def _ambiguous(customer: Customer, candidates: Candidates) -> NeedsOperator:
    msg = f"{_who(customer)}: {_listed(candidates.found)} fit by {candidates.known.value}"
    return NeedsOperator(msg, reason="AMBIGUOUS_CUSTOMER", fix=_way_out(customer))


def _another_firm(
    customer: Customer, identity: Identity, partner: BusinessPartner
) -> NeedsOperator:
    msg = (
        f"{_who(customer)} has the tax id {identity.tax_id}, but {_listed((partner,))}, "
        f"who carries {identity.email}, has {partner.tax_id}"
    )
    return NeedsOperator(msg, reason="AMBIGUOUS_CUSTOMER", fix=_way_out(customer))


def _way_out(customer: Customer) -> str:
    email = normalised_email(customer.email)
    return f"enter the right code for '{email}' in the customer crosswalk, then retry the case"


def _frozen(customer: Customer, found: tuple[BusinessPartner, ...]) -> NeedsOperator:
    msg = f"{_who(customer)}: {_listed(found)} is frozen"
    fix = "release the business partner in the books, then retry the case"
    return NeedsOperator(msg, reason="PARTNER_FROZEN", fix=fix)


def _listed(found: tuple[BusinessPartner, ...]) -> str:
    return ", ".join(map(told, found))

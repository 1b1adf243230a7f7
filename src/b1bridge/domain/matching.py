"""By what a shopper is known again: tax id, e-mail, or telephone with name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from b1bridge.domain.customers import BusinessPartner, Customer, normalised_email
from b1bridge.domain.tax_ids import normalised_tax_id
from b1bridge.domain.text import letters_of

_WORD = re.compile(r"\w+")


class Known(StrEnum):
    """What told who a shopper is, the surest first (correctness-rules 3.11)."""

    LINK = "link"
    CROSSWALK = "customer crosswalk"
    TAX_ID = "tax id"
    EMAIL = "e-mail"
    PHONE = "phone with name"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a shopper may be known again by; `phone` is E.164, the tax id normalised."""

    email: str
    tax_id: str = ""
    phone: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """The accounts that one way of knowing leads to."""

    known: Known
    found: tuple[BusinessPartner, ...] = ()


def identity_of(customer: Customer, phone: str) -> Identity:
    """Return what a shopper is known by; firms go by their own name, too."""
    names = tuple(name for name in (customer.name, customer.company) if name_words(name))
    tax_id = normalised_tax_id(customer.tax_id, customer.billing.country)
    return Identity(normalised_email(customer.email), tax_id, phone, names)


def with_phone_and_name(
    identity: Identity, partners: Iterable[BusinessPartner]
) -> tuple[BusinessPartner, ...]:
    """Return the accounts with this number under this name, and no other firm's tax id."""
    names = {name_words(name) for name in identity.names}
    return tuple(
        partner
        for partner in partners
        if identity.phone in partner.phones
        and name_words(partner.name) in names
        and not other_firm(identity, partner)
    )


def other_firm(identity: Identity, partner: BusinessPartner) -> bool:
    """Tell whether both sides name a tax id, and not the same one."""
    return bool(identity.tax_id and partner.tax_id) and identity.tax_id != partner.tax_id


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name in any order, without accents: Müller, Mueller and MULLER."""
    return frozenset(letters_of(word) for word in plain_words(name))


def plain_words(name: str) -> list[str]:
    """Return the words of a name as they are written, in lower case."""
    return _WORD.findall(name.casefold())

"""A shopper, and the business partner that stands for them in the books."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.identity import Ref
from b1bridge.domain.text import single_line


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is billed or sent; `country` is ISO 3166-1 alpha-2."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street_1: str = ""
    street_2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """First and last name, as one would write it on a parcel."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Customer:
    """Who ordered; `ref` is None for a guest. The tax id is as it was typed.

    `account` is the code of their business partner, where the shop says it.
    """

    ref: Ref | None
    email: str
    name: str
    company: str = ""
    phone: str = ""
    billing: Address = Address()
    tax_id: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class BusinessPartner:
    """A customer account in the books.

    `phones` are all its numbers as E.164, `phone` one as people wrote it; the tax id is
    normalised; `balance` is what the account owes, in the company's currency.
    """

    code: str
    name: str
    email: str = ""
    phone: str = ""
    currency: str = ""
    price_list: int | None = None
    frozen: bool = False
    phones: tuple[str, ...] = ()
    tax_id: str = ""
    balance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class NewBusinessPartner:
    """A customer account still to be opened; we choose `code`, so that a repeat finds it."""

    code: str
    name: str
    email: str
    phone: str
    currency: str
    billing: Address
    tax_id: str = ""


def normalised_email(email: str) -> str:
    """Clean and lower-case; +tags stay, they may be another person (correctness-rules 3.11)."""
    return single_line(email).lower()

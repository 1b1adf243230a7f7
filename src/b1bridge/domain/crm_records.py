"""From the books' profiles to what sales sees of them; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from html import escape

from b1bridge.domain.contacts import Contact
from b1bridge.domain.crm import FieldValue, Note, Organization, Person, Product
from b1bridge.domain.crm_fields import (
    BALANCE,
    CREDIT_LIMIT,
    CREDIT_STATUS,
    EXPECTED,
    ON_ORDER,
    OPEN_ORDERS,
    OVERDUE,
    PRICE_LIST,
    PROFIT_CENTRE,
    SEGMENT,
    STATUS,
    STOCK,
)
from b1bridge.domain.crm_profiles import (
    NO_LIST,
    InvoiceProfile,
    ItemProfile,
    ListPrice,
    PartnerProfile,
    Settlement,
)
from b1bridge.domain.customers import Address, normalised_email
from b1bridge.domain.directory import CustomerPrice
from b1bridge.domain.documents import CompanyRules
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.money import Money, rounded
from b1bridge.domain.tax import net_of
from b1bridge.domain.text import single_line

_MOST_SETTLEMENTS = 100
_PRICE_DECIMALS = 6  # a hundred pieces at a net price of two decimals come to another sum
ACTIVE, INACTIVE = "active", "frozen or invalid in SAP"
GONE = "no customer in SAP any more"
_BLOCKED = "blocked"


@dataclass(frozen=True, kw_only=True)
class ProductPolicy:
    """What of an item is shown: the first of `price_lists` that has a currency tells its price.

    `warehouses` are those whose stock counts, all of them when none is named; `stock` shows it,
    and what is on its way.
    """

    price_lists: tuple[int, ...] = (1,)
    warehouses: tuple[str, ...] = ()
    stock: bool = True


def organization_from(profile: PartnerProfile) -> Organization:
    """Write a business partner as an organization; whatever it lacks is said to be empty."""
    fields: dict[str, FieldValue] = {
        STATUS: ACTIVE if profile.is_active else INACTIVE,
        BALANCE: profile.balance.rounded(),
        OVERDUE: overdue_of(profile).rounded(),
        OPEN_ORDERS: profile.open_orders.rounded(),
        CREDIT_LIMIT: profile.credit_limit.rounded(),
        CREDIT_STATUS: credit_status(profile),
        PRICE_LIST: profile.price_list,
        SEGMENT: profile.segment,
    }
    name = single_line(profile.name) or profile.ref.id
    return Organization(profile.ref.id, name, one_line(profile.billing), fields)


def gone_fields() -> dict[str, FieldValue]:
    """Say of an organization that the books have no such customer; the rest stays to be read."""
    return {STATUS: GONE, CREDIT_STATUS: _BLOCKED}


def credit_status(profile: PartnerProfile) -> str:
    """Say in a word or two whether more may be sold on account."""
    if not profile.is_active:
        return _BLOCKED
    # What counts against the limit: correctness-rules 3.18.
    exposure = profile.balance + profile.open_deliveries + profile.open_orders
    if profile.credit_limit and exposure > profile.credit_limit:
        return "over limit"
    return "overdue" if overdue_of(profile) else "good"


def overdue_of(profile: PartnerProfile) -> Money:
    """Return what is late: never more than is owed in all, for credits and payments on account.

    They stand in the balance before anybody applies them to an invoice.
    """
    owed = max(profile.balance, Money.zero(profile.balance.currency))
    return min(profile.overdue, owed)


def person_key(profile: PartnerProfile, contact: Contact) -> str:
    """Name a contact employee among those of all customers: C1/7."""
    return f"{profile.ref.id}/{contact.code}"


def person_from(key: str, contact: Contact, organization: str) -> Person:
    """Write a contact employee as a person of the organization with this id.

    Without an organization it tells nothing but what of the person may change.
    """
    full = single_line(f"{contact.first_name} {contact.last_name}") or single_line(contact.name)
    email = normalised_email(contact.email)
    phones = dict.fromkeys(map(single_line, (contact.phone, contact.mobile)))
    return Person(
        key,
        full or email or key,
        organization,
        (email,) if email else (),
        tuple(phone for phone in phones if phone),
        {STATUS: ACTIVE if contact.is_active else INACTIVE},
    )


def one_line(address: Address) -> str:
    """Write an address as one reads it on a card: street, place, country."""
    place = single_line(f"{address.zip_code} {address.city}")
    parts = (address.street_1, address.street_2, place, address.state, address.country)
    return ", ".join(filter(None, map(single_line, parts)))


def product_from(
    profile: ItemProfile,
    policy: ProductPolicy,
    currencies: Crosswalk,
    asked: Sequence[ListPrice] | None = None,
) -> Product:
    """Write an item as a product; `currencies` names the books' own codes as the CRM does.

    What the books ask of the customers in `price_for` goes before the price lists.
    """
    fields: dict[str, FieldValue] = {}
    if policy.stock:
        fields[STOCK] = _counted(profile, profile.free, policy.warehouses)
        fields[ON_ORDER] = _counted(profile, profile.on_order, policy.warehouses)
        fields[EXPECTED] = profile.expected
    if profile.profit_centre:
        fields[PROFIT_CENTRE] = profile.profit_centre
    tax = profile.tax or Decimal(0)
    priced = _listed(profile.prices, policy.price_lists) if asked is None else asked
    return Product(
        key=profile.ref.id,
        name=single_line(profile.name) or profile.ref.id,
        prices=_prices(priced, tax, currencies),
        unit=single_line(profile.unit),
        tax=tax,
        is_sold=profile.is_sold,
        fields=fields,
    )


def _counted(
    profile: ItemProfile, pieces: Mapping[str, Decimal], warehouses: Collection[str]
) -> Decimal | None:
    """Count whole sales units (correctness-rules 3.9); None of what lies in no warehouse."""
    if not profile.is_stocked:
        return None
    counted = (n for name, n in pieces.items() if not warehouses or name in warehouses)
    total = sum(counted, Decimal(0))
    if profile.sold_in is None:
        return total
    return (total / profile.sold_in.pieces).to_integral_value(ROUND_FLOOR)


def asked_of(price: CustomerPrice, rules: CompanyRules) -> ListPrice:
    """Write what a customer is asked for as a price of no list, as exact as the books' prices."""
    amount = rounded(price.asked, rules.price_decimals)
    return ListPrice(NO_LIST, amount, price.currency, price.includes_tax)


def _listed(prices: Sequence[ListPrice], lists: Sequence[int]) -> Iterator[ListPrice]:
    return (one for number in lists for one in prices if one.price_list == number)


def _prices(priced: Iterable[ListPrice], tax: Decimal, currencies: Crosswalk) -> tuple[Money, ...]:
    """Take the first price of each currency; zero is no price."""
    found: dict[str, Money] = {}
    for one in priced:
        if one.amount:
            price = _without_tax(one, tax, currencies.find(one.currency) or one.currency)
            found.setdefault(price.currency, price)
    return tuple(found[currency] for currency in sorted(found))


def _without_tax(one: ListPrice, tax: Decimal, currency: str) -> Money:
    net = net_of(one.amount, tax, _PRICE_DECIMALS) if one.includes_tax else one.amount
    return Money.of(net, currency)


def note_from(invoice: InvoiceProfile, organization: str) -> Note:
    """Tell of an invoice and its payments; all text is escaped, for notes are HTML."""
    lines = [f"<b>Invoice {invoice.number}</b> of {invoice.issued:%Y-%m-%d}: {_sum(invoice)}"]
    if invoice.reference:
        lines.append(f"Reference {escape(single_line(invoice.reference))}")
    lines += _history(invoice.settlements)
    text = "".join(f"<p>{line}</p>" for line in lines)
    return Note(str(invoice.ref), organization, text)


def _sum(invoice: InvoiceProfile) -> str:
    """Say where an invoice stands; nothing in it changes with the day it is read."""
    left = invoice.total - invoice.paid
    if invoice.is_cancelled:
        return f"{invoice.total}, cancelled"
    if invoice.is_open and left:
        return f"{invoice.total}, {left} open, due {invoice.due:%Y-%m-%d}"
    return f"{invoice.total}, settled"


def _history(settlements: Sequence[Settlement]) -> list[str]:
    """List the newest payments and credits: a note takes 100 KB at most, and nobody reads more."""
    left_out = len(settlements) - _MOST_SETTLEMENTS
    newest = settlements[max(left_out, 0) :]
    return [
        *([f"{left_out} earlier payments and credits"] if left_out > 0 else ()),
        *(_settled(one) for one in newest),
    ]


def _settled(one: Settlement) -> str:
    return f"{one.day:%Y-%m-%d}: {escape(one.posted.kind)} {one.posted.number}, {one.amount}"

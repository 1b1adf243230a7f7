"""An address as it goes onto a document: clean text, the company in its own field."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from b1bridge.domain.customers import Address
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.text import letters_of, single_line
from b1bridge.errors import Unmapped


class UnknownState(StrEnum):
    """What to do about a state that the books have no code for."""

    NOTE = "note"
    CASE = "case"


class ShipTo(StrEnum):
    """Where the address of an order is kept: on its document, or on the partner's card, too."""

    DOCUMENT = "document"
    UPSERT = "upsert"


@dataclass(frozen=True, kw_only=True)
class AddressPolicy:
    """What a sync declares about addresses."""

    unknown_state: UnknownState = UnknownState.NOTE
    ship_to: ShipTo = ShipTo.DOCUMENT


@dataclass(frozen=True, slots=True)
class Placing:
    """How an address goes into the books' fields; nothing of it is ever lost.

    `notes` say what stands elsewhere than one would look; `unknown_state` is the state for which
    the books have no code.
    """

    notes: tuple[str, ...] = ()
    unknown_state: str = ""


def normalised_address(address: Address) -> Address:
    """Clean every field; a country is upper case, a company never repeats as the person's name.

    Nothing is shortened here: how long a field may be is the connector's knowledge.
    """
    clean = {f.name: single_line(getattr(address, f.name)) for f in fields(Address)}
    clean["country"] = clean["country"].upper()
    named = f"{clean['first_name']} {clean['last_name']}".strip()
    if clean["company"] and named.casefold() == clean["company"].casefold():
        clean["first_name"] = clean["last_name"] = ""
    return Address(**clean)


def with_codes(address: Address, states: Crosswalk, countries: Crosswalk) -> Address:
    """Write state and country as the crosswalks say: a state by "US/Calif." or "Calif."."""
    state, country = address.state, address.country
    known = states.find(f"{country}/{state}") or states.find(state)
    return replace(address, state=known or state, country=countries.find(country) or country)


def check_state(record: str, address: Address, placing: Placing, policy: AddressPolicy) -> None:
    """Raise Unmapped (STATE_MAP) for a state without a code, where the sync wants a person."""
    if not placing.unknown_state or policy.unknown_state is UnknownState.NOTE:
        return
    code = f"{address.country}/{placing.unknown_state}"
    msg = f"{record}: the books have no state '{placing.unknown_state}' in {address.country}"
    fix = f"enter the code of '{code}' in the state crosswalk, then retry the case"
    raise Unmapped(msg, reason="STATE_MAP", fix=fix)


def same_place(one: Address, other: Address) -> bool:
    """Tell whether two addresses differ by case, spaces and signs at most (3.12).

    A recipient that one of them leaves open is nobody else's.
    """
    if _where(one) != _where(other):
        return False
    names = [letters_of(f"{a.name}{a.company}") for a in (one, other)]
    return names[0] == names[1] or not all(names)


def _where(address: Address) -> tuple[str, ...]:
    street = f"{address.street_1} {address.street_2}"
    # The state follows from the place, and is spelled as code here and as name there.
    place = (address.city, address.zip_code, address.country)
    return tuple(letters_of(text) for text in (street, *place))

"""Lays an address into SAP's fields so that nothing of it is lost."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from b1bridge.connectors.sap_b1.places import GUESSED, Places
from b1bridge.connectors.sap_b1.texts import COMMENTS, cut, head, plain, width_of
from b1bridge.domain.customers import Address
from b1bridge.domain.text import letters_of
from b1bridge.errors import Rejected

AddressKind = Literal["bo_BillTo", "bo_ShipTo"]

# Widths of the database columns from memory: guesses, all of them.
_WIDTHS = {
    "Name": 50,
    "Street": 100,
    "Block": 100,
    "Building": 254,
    "City": 100,
    "ZipCode": 20,
    "County": 100,
    "State": 3,
    "Country": 3,
    "Name2": 50,
    "Name3": 50,
}
_DIGEST = 6
_EXTENSION_NAMES = {"Name2": "Address2", "Name3": "Address3"}
_PARTNER_NAMES = {
    "Name2": "AddressName2",
    "Name3": "AddressName3",
    "Building": "BuildingFloorRoom",
}


@dataclass(frozen=True, slots=True)
class Laid:
    """An address in SAP's fields; `rest` is what not even the last of them takes."""

    fields: dict[str, str]
    rest: str = ""
    notes: tuple[str, ...] = ()
    unknown_state: str = ""


def address_extension(
    ship_to: Address, bill_to: Address, *, places: Places = GUESSED
) -> tuple[dict[str, str], str]:
    """Write the order's own addresses onto the document, and return what they have no room for."""
    fields: dict[str, str] = {}
    rests: list[str] = []
    for prefix, address in (("ShipTo", ship_to), ("BillTo", bill_to)):
        laid = laid_out(address, places)
        parts = _named(laid.fields, _EXTENSION_NAMES)
        fields |= {prefix + name: text for name, text in parts.items()}
        rests.append(laid.rest)
    return fields, ". ".join(dict.fromkeys(filter(None, rests)))


def partner_address(
    address: Address, kind: AddressKind, name: str, *, places: Places = GUESSED
) -> tuple[dict[str, str], str]:
    """Write a row of a customer account's addresses, or nothing when there is none."""
    laid = laid_out(address, places)
    parts = _named(laid.fields, _PARTNER_NAMES)
    if not parts:
        return {}, ""
    return {"AddressName": name, "AddressType": kind, **parts}, laid.rest


def ship_to_name(address: Address) -> str:
    """Name an address by what is in it, so that the same address gets the same name."""
    facts = (address.name, address.company, address.street_1, address.street_2, address.city)
    told = "|".join(map(letters_of, (*facts, address.zip_code, address.country)))
    digest = sha256(told.encode()).hexdigest()[:_DIGEST]
    return f"{cut(f'{address.city} {address.street_1}', _WIDTHS['Name'] - _DIGEST - 1)} {digest}"


def laid_out(address: Address, places: Places = GUESSED) -> Laid:
    """Lay an address into SAP's widths; what does not fit flows on, nothing is lost.

    SAP takes states and countries by code; a state without one goes to County. SAP has no field
    for recipient and company: they stand in the second and third address name.
    """
    said = plain(address.state)
    country = places.country(plain(address.country))
    state = places.state(said, country)
    wanted = {
        "Street": address.street_1,
        "Block": address.street_2,
        "Name2": address.name,
        "Name3": address.company,
        "City": address.city,
        "ZipCode": address.zip_code,
        "County": "" if state else said,
        "State": state,
        "Country": country,
    }
    laid: dict[str, str] = {}
    over = [] if country else [plain(address.country).upper()]
    for name, text in wanted.items():
        flowing = [laid.pop("flow", ""), plain(text)] if name == "Block" else [plain(text)]
        fits, rest = _split(", ".join(filter(None, flowing)), _WIDTHS[name])
        laid[name] = fits
        if rest and name == "Street":
            laid["flow"] = rest
        elif rest:
            over.append(rest)
    laid["Building"], left = _split(", ".join(filter(None, over)), _WIDTHS["Building"])
    unknown = "" if state else said
    notes = _notes(address, laid, left, unknown)
    return Laid({name: text for name, text in laid.items() if text}, left, notes, unknown)


def check_room(rest: str, record: str) -> None:
    """Raise Rejected (ADDRESS) where not even the comments take what is left."""
    if width_of(rest) <= COMMENTS:
        return
    msg = f"{record}: an address is longer than SAP's address fields and comments together"
    fix = "shorten the address in the shop, then retry the case"
    raise Rejected(msg, reason="ADDRESS", fix=fix)


def _notes(address: Address, laid: dict[str, str], left: str, unknown: str) -> tuple[str, ...]:
    found = {
        f"SAP has no state '{unknown}' of {address.country}: it stands as county": unknown,
        "a street too long goes on in Block": laid["Block"] != plain(address.street_2),
        f"'{laid['Building']}' of an address stands in Building": laid["Building"],
        f"'{left}' of an address stands in the comments": left,
    }
    return tuple(note for note, is_so in found.items() if is_so)


def _split(text: str, width: int) -> tuple[str, str]:
    """Split at the last space that fits, or in a word that is longer than the field."""
    if width_of(text) <= width:
        return text, ""
    start = head(text, width)
    at = len(start) if text[len(start)] == " " else start.rfind(" ")
    at = at if at > 0 else len(start)
    return text[:at].rstrip(), text[at:].lstrip()


def _named(parts: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    return {names.get(name, name): text for name, text in parts.items()}

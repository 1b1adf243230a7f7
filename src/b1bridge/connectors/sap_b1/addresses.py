"""Lays an address into SAP's fields so that nothing of it is lost."""

from __future__ import annotations

from b1bridge.connectors.sap_b1.texts import head, plain, width_of
from b1bridge.domain.customers import Address
from b1bridge.errors import Rejected

# Widths of the database columns from memory: guesses, all of them.
_WIDTHS = {
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
_EXTENSION_NAMES = {"Name2": "Address2", "Name3": "Address3"}
_PARTNER_NAMES = {
    "Name2": "AddressName2",
    "Name3": "AddressName3",
    "Building": "BuildingFloorRoom",
}


def address_extension(ship_to: Address, bill_to: Address, *, record: str) -> dict[str, str]:
    """Write the order's own addresses onto the document, whatever the partner card says."""
    fields: dict[str, str] = {}
    for prefix, address in (("ShipTo", ship_to), ("BillTo", bill_to)):
        parts = _named(address_parts(address, record=record), _EXTENSION_NAMES)
        fields |= {prefix + name: text for name, text in parts.items()}
    return fields


def billing_address(address: Address, *, record: str) -> dict[str, str]:
    """Write the address of a new customer account, or nothing when there is none."""
    parts = _named(address_parts(address, record=record), _PARTNER_NAMES)
    return {"AddressName": "Bill to", "AddressType": "bo_BillTo", **parts} if parts else {}


def address_parts(address: Address, *, record: str) -> dict[str, str]:
    """Lay an address into SAP's widths; what does not fit flows on, nothing is lost.

    SAP's State is a code of at most 3 characters, so a written-out state goes to County. SAP has
    no field for recipient and company: they stand in the second and third address name.
    Raises Rejected (ADDRESS) when even the last field is full.
    """
    state = plain(address.state)
    is_code = width_of(state) <= _WIDTHS["State"]
    wanted = {
        "Street": address.street_1,
        "Block": address.street_2,
        "Name2": address.name,
        "Name3": address.company,
        "City": address.city,
        "ZipCode": address.zip_code,
        "County": "" if is_code else state,
        "State": state if is_code else "",
        "Country": address.country.upper(),
    }
    laid: dict[str, str] = {}
    over: list[str] = []
    for name, text in wanted.items():
        flowing = [laid.pop("flow", ""), plain(text)] if name == "Block" else [plain(text)]
        fits, rest = _split(", ".join(filter(None, flowing)), _WIDTHS[name])
        laid[name] = fits
        if rest and name == "Street":
            laid["flow"] = rest
        elif rest:
            over.append(rest)
    laid["Building"] = _last(", ".join(over), record)
    return {name: text for name, text in laid.items() if text}


def _last(text: str, record: str) -> str:
    if width_of(text) <= _WIDTHS["Building"]:
        return text
    msg = f"{record}: an address is longer than all of SAP's address fields together"
    fix = "shorten the address in the shop, then retry the case"
    raise Rejected(msg, reason="ADDRESS", fix=fix)


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

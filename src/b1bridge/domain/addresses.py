"""An address as it goes onto a document: clean text, the company in its own field."""

from __future__ import annotations

from dataclasses import fields

from b1bridge.domain.customers import Address
from b1bridge.domain.text import single_line


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

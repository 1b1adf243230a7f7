"""Tax ids as they can be compared, whoever wrote them."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[^0-9A-Z]")
# What Swiss ids end in, by language: the same firm with each of them.
_SWISS_ENDINGS = re.compile(r"(MWST|TVA|IVA|VAT)$")
# Countries whose VAT ids begin with another code than their own (VIES).
_PREFIXES = {"GR": "EL"}
_PREFIXED = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GB", "HR", "HU", "IE"}
    | {"IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "XI"}
)
_SHORTEST = 7


def normalised_tax_id(text: str, country: str = "") -> str:
    """Return the id without signs, upper case, in its country's prefix; nothing if it is none.

    "n/a", "0000000" and other stopgaps name nobody. `country` (ISO 3166-1 alpha-2) prefixes an
    id written without one.
    """
    bare = _SIGNS.sub("", text.upper())
    if bare.startswith("CHE"):
        bare = _SWISS_ENDINGS.sub("", bare)
    digits = [char for char in bare if char.isdigit()]
    if len(bare) < _SHORTEST or len(set(digits)) < 2:  # noqa: PLR2004 - one digit over and over
        return ""
    if bare.startswith("GR"):
        bare = f"EL{bare[2:]}"
    prefix = _PREFIXES.get(country.upper(), country.upper())
    if prefix in _PREFIXED and bare[:2] != prefix and not bare[:2].isalpha():
        return f"{prefix}{bare}"
    return bare

"""Telephone numbers as they can be compared: E.164, whatever they were written like."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber

_BRAZIL, _MEXICO, _ARGENTINA = 55, 52, 54
_OLD_BRAZILIAN_MOBILE = 10
_MOBILE_FROM = 6
_OLD_MEXICAN_MOBILE = 11
_ARGENTINE_MOBILE = 11


def e164(text: str, country: str = "") -> str:
    """Return the number as +46701234567; nothing when it is no valid number.

    `country` (ISO 3166-1 alpha-2) is where a number without a prefix is dialled.
    """
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except NumberParseException:
        return ""
    number = _of_today(number)
    if not phonenumbers.is_valid_number(number):
        return ""
    return f"+{number.country_code}{_alias(number)}"


def _of_today(number: PhoneNumber) -> PhoneNumber:
    """Write numbers of old plans as today's: mobiles of Brazil grew a 9, Mexico's lost a 1."""
    digits = str(number.national_number)
    if number.country_code == _BRAZIL and len(digits) == _OLD_BRAZILIAN_MOBILE:
        if int(digits[2]) >= _MOBILE_FROM:
            digits = f"{digits[:2]}9{digits[2:]}"
    elif number.country_code == _MEXICO and len(digits) == _OLD_MEXICAN_MOBILE:
        digits = digits.removeprefix("1")
    if digits == str(number.national_number):
        return number
    return PhoneNumber(country_code=number.country_code, national_number=int(digits))


def _alias(number: PhoneNumber) -> str:
    """Return the digits within the country; Argentina's mobiles bear a 9 from abroad only."""
    national = phonenumbers.national_significant_number(number)
    if number.country_code == _ARGENTINA and len(national) == _ARGENTINE_MOBILE:
        return national.removeprefix("9")
    return national

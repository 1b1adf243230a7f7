"""The languages that a Login may ask for: code, short name and name, as the DI API counts them."""

from collections.abc import Mapping

from b1sim.company.refusals import Refusal
from b1sim.odata.refusing import bad_request

# Codes of the facts' BoSuppLangs; the short names are those of the DI API's members.
LANGUAGES: Mapping[int, str] = {
    1: "Hebrew",
    2: "Spanish_Ar",
    3: "English",
    5: "Polish",
    6: "English_Sg",
    7: "Spanish_Pa",
    8: "English_Gb",
    9: "German",
    10: "Serbian",
    11: "Danish",
    12: "Norwegian",
    13: "Italian",
    14: "Hungarian",
    15: "Chinese",
    16: "Dutch",
    17: "Finnish",
    18: "Greek",
    19: "Portuguese",
    20: "Swedish",
    21: "English_Cy",
    22: "French",
    23: "Spanish",
    24: "Russian",
    25: "Spanish_La",
    26: "Czech_Cz",
    27: "Slovak_Sk",
    28: "Korean_Kr",
    29: "Portuguese_Br",
    30: "Japanese_Jp",
    31: "Turkish_Tr",
}
ENGLISH = 3


def language_of(sent: object) -> int:
    """Read the Language of a Login, a code as number or text (2); None is the user's own.

    b1sim's texts are English whatever is asked for; clients must not match on them anyway.
    """
    if sent is None or sent == "":
        return ENGLISH
    text = str(sent)
    if not (text.isascii() and text.isdecimal() and int(text) in LANGUAGES):
        raise _unknown(text)
    return int(text)


def _unknown(sent: str) -> Refusal:
    """Refuse a language that SAP does not have (guess: code and text)."""
    return bad_request(f"Invalid language '{sent}'")

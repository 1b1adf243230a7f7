"""The language that a Login may ask for: one of the company's UserLanguages (2)."""

from b1sim.company.books import Books
from b1sim.company.refusals import Refusal
from b1sim.odata.refusing import bad_request

# BoSuppLangs numbers it so.
ENGLISH = 3
_LONGEST = 9


def language_of(books: Books, sent: object) -> int:
    """Read the Language of a Login, a code as number or text (2); None is the user's own.

    b1sim's texts are English whatever is asked for; clients must not match on them anyway.
    """
    if sent is None or sent == "":
        return ENGLISH
    text = str(sent)
    is_code = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    if not (is_code and books.row("SELECT Code FROM OLNG WHERE Code = ?", (int(text),))):
        raise _unknown(text)
    return int(text)


def _unknown(sent: str) -> Refusal:
    """Refuse a language that SAP does not have (guess: code and text)."""
    return bad_request(f"Invalid language '{sent}'")

"""Whether a card may be used: valid or frozen, for good or for a time (sap-service-layer.md 9.1).

The properties ValidFrom, ValidTo, FrozenFrom and FrozenTo are those of SAP's metadata. Guess: what
is frozen for a time may be used on all other days, and today's day decides, not the document's.
"""

from b1sim.company.books import Books, Row

_FIRST, _LAST = "", "9999-12-31"


def may_be_used(books: Books, card: Row) -> bool:
    """Tell of a partner or an item whether today's documents may name it."""
    today = books.today()
    if card["frozenFor"] == "Y":
        if _covers(card["frozenFrom"], today, card["frozenTo"]):
            return False
        if card["validFor"] == "N":
            return True
    return card["validFor"] != "N" and _covers(card["validFrom"], today, card["validTo"])


def _covers(start: str | None, day: str, end: str | None) -> bool:
    return (start or _FIRST)[:10] <= day <= (end or _LAST)[:10]

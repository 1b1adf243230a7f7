"""Discount groups: percentages by item, item group, manufacturer or item property.

Guess: a group of the partner itself goes before one of its partner group, and that before one of
all partners; SAP's help names the three and not which of them wins.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from math import prod

from b1sim.company.books import Books, Row
from b1sim.company.prices.price import Asked, Price
from b1sim.company.shape.values import amount

_BY_KIND = {"4": "ItemCode", "52": "ItmsGrpCod", "43": "FirmCode"}
_PROPERTIES = "8"


def discounted(books: Books, asked: Asked) -> Price | None:
    """Find the discount that the partner's group grants on the listed price."""
    if books.is_empty("OEDG"):
        return None
    for group in _groups(books, asked):
        found = list(_discounts(books, group["AbsEntry"], asked.item))
        if found:
            return replace(asked.listed, discount=_RELATIONS[group["DiscRel"]](found))
    return None


def _groups(books: Books, asked: Asked) -> Iterator[Row]:
    kind = {"S": "V"}.get(asked.partner.get("CardType") or "C", "C")
    wanted = (("S", asked.partner.get("CardCode")), (kind, asked.partner.get("GroupCode")))
    for group_type, code in (*wanted, ("A", None)):
        sql = """SELECT * FROM OEDG WHERE Type = ? AND (Type = 'A' OR ObjCode = ?)
            AND ValidFor = 'Y' AND COALESCE(ValidForm, '') <= ?
            AND COALESCE(ValidTo, '9999-12-31') >= ? ORDER BY AbsEntry"""
        yield from books.rows(sql, (group_type, str(code), asked.day, asked.day))


def _discounts(books: Books, group: int, item: Row) -> Iterator[Decimal]:
    """List what fits the item; "pay for 2, get 1 free" changes quantities, not prices."""
    rows = books.rows("SELECT * FROM EDG1 WHERE AbsEntry = ? AND DiscType IS NOT 'P'", (group,))
    yield from (amount(row["Discount"]) for row in rows if _fits(row, item))


def _fits(row: Row, item: Row) -> bool:
    if row["ObjType"] == _PROPERTIES:
        return f'"Properties{row["ObjKey"]}": "Y"' in (item["Extra"] or "")
    column = _BY_KIND.get(row["ObjType"], "")
    return bool(str(item.get(column)) == row["ObjKey"])


def _average(found: list[Decimal]) -> Decimal:
    return sum(found, Decimal(0)) / len(found)


def _multiplied(found: list[Decimal]) -> Decimal:
    return 100 - 100 * prod((1 - each / 100 for each in found), start=Decimal(1))


_RELATIONS: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "L": min,
    "H": max,
    "A": _average,
    "S": lambda found: sum(found, Decimal(0)),
    "M": _multiplied,
}

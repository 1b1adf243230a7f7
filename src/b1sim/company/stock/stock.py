"""Stock: what lies where (OITW), what is promised, and the sums on the item (OITM).

Movements do not touch an item's UpdateDate or DataVersion (sap-service-layer.md 7, inferred).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.refusals import negative_stock
from b1sim.company.shape.values import amount, rounded
from b1sim.company.stock import trees, units

ZERO = Decimal(0)


@dataclass(frozen=True)
class Movement:
    """A change of one item in one warehouse, caused by one row."""

    item: str
    warehouse: str
    on_hand: Decimal = ZERO
    committed: Decimal = ZERO
    ordered: Decimal = ZERO
    row: int = 1
    """The row's number in messages, counted from 1."""


def issue(line: Row, quantity: Decimal) -> Movement:
    """Take goods out."""
    return Movement(line["ItemCode"], line["WhsCode"], on_hand=-quantity, row=line["LineNum"] + 1)


def commit(line: Row, quantity: Decimal) -> Movement:
    """Promise a quantity in the row's own unit (a negative one takes the promise back)."""
    promised = units.in_base(line, quantity)
    return Movement(line["ItemCode"], line["WhsCode"], committed=promised, row=line["LineNum"] + 1)


def order(line: Row, quantity: Decimal) -> Movement:
    """Expect a quantity from a supplier, in the row's own unit."""
    expected = units.in_base(line, quantity)
    return Movement(line["ItemCode"], line["WhsCode"], ordered=expected, row=line["LineNum"] + 1)


def is_stocked(books: Books, line: Row) -> bool:
    """Tell whether a row moves stock at all."""
    item = books.master("OITM", line.get("ItemCode"))
    if item is None or line.get("NoInvtryMv") == "Y":
        return False
    alone = item["TreeType"] == trees.SALES and books.settings.sales_sets == "parent"
    return item["InvntItem"] == "Y" or item["TreeType"] == trees.ASSEMBLY or alone


def move(books: Books, table: str, movements: Sequence[Movement]) -> None:
    """Book movements; Refusal -10 names the first row that would take stock below zero."""
    movements = [inside for movement in movements for inside in _opened(books, movement)]
    if books.settings.block_negative_stock:
        _check(books, table, movements)
    sets = ", ".join(f"{c} = ROUND({c} + ?, 6)" for c in ("OnHand", "IsCommited", "OnOrder"))
    by_place = _sums(((m.item, m.warehouse), m) for m in movements)
    books.db.executemany(
        f"UPDATE OITW SET {sets} WHERE ItemCode = ? AND WhsCode = ?",  # noqa: S608 - own names
        [(*map(float, sums), *place) for place, sums in by_place.items()],
    )
    by_item = _sums(((m.item, ""), m) for m in movements)
    books.db.executemany(
        f"UPDATE OITM SET {sets} WHERE ItemCode = ?",  # noqa: S608 - own names
        [(*map(float, sums), item) for (item, _), sums in by_item.items()],
    )


def _opened(books: Books, movement: Movement) -> list[Movement]:
    """Let an assembly move its components."""
    item = books.master("OITM", movement.item) or {}
    if item.get("TreeType") != trees.ASSEMBLY:
        return [movement]
    return [
        replace(
            movement,
            item=code,
            on_hand=rounded(movement.on_hand * each, 6),
            committed=rounded(movement.committed * each, 6),
            ordered=rounded(movement.ordered * each, 6),
        )
        for code, each, _ in trees.parts(books, item["ItemCode"])
        if (books.master("OITM", code) or {}).get("InvntItem") == "Y"
    ]


def _check(books: Books, table: str, movements: Sequence[Movement]) -> None:
    left: dict[tuple[str, str], Decimal] = {}
    for movement in movements:
        if movement.on_hand >= 0:
            continue
        place = (movement.item, movement.warehouse)
        if place not in left:
            left[place] = on_hand(books, *place)
        left[place] += movement.on_hand
        if left[place] < 0:
            raise negative_stock(table, movement.row)


def on_hand(books: Books, item: str, warehouse: str) -> Decimal:
    """Return what lies in one warehouse."""
    sql = "SELECT OnHand FROM OITW WHERE ItemCode = ? AND WhsCode = ?"
    found = books.db.execute(sql, (item, warehouse)).fetchone()
    return amount(found[0]) if found else ZERO


def _sums(
    movements: Iterable[tuple[tuple[str, str], Movement]],
) -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]]:
    found: dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]] = {}
    for place, m in movements:
        on_hand, committed, ordered = found.get(place, (ZERO, ZERO, ZERO))
        found[place] = (on_hand + m.on_hand, committed + m.committed, ordered + m.ordered)
    return found

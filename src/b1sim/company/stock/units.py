"""Units of measure: a row counts in its own unit, stock counts in the item's base unit.

An item of a unit group may be sold in any unit of the group; an item without one (group -1,
"Manual") is sold in its sales unit, which holds SalesItemsPerUnit, and bought likewise
(sap-service-layer.md 14; SAP SDK help, tables OUGP and UGP1).
"""

from decimal import Decimal
from typing import Literal

from b1sim.company.books import Books, Row
from b1sim.company.refusals import invalid_quantity
from b1sim.company.shape.values import amount, rounded
from b1sim.company.stock.refusals import unknown_unit

MANUAL = -1
ONE = Decimal(1)
Purpose = Literal["SUoMEntry", "PUoMEntry", "IUoMEntry"]


def measure(books: Books, line: Row, *, table: str = "", purpose: Purpose = "SUoMEntry") -> None:
    """Give a row its unit and its quantity in base units; Refusal for a unit of another group."""
    item = books.master("OITM", line.get("ItemCode")) or {}
    group = item.get("UgpEntry")
    if group in (None, MANUAL):
        line["NumPerMsr"] = _manual(line, item, purpose)
        line.setdefault("UomEntry", MANUAL)
        line.setdefault("UomCode", "Manual")
        _count(line, line["NumPerMsr"], table)
        return
    found = _unit(books, group, line.get("UomEntry") or _usual(books, item, purpose))
    if found is None:
        raise unknown_unit(table, line["LineNum"] + 1, line.get("UomEntry"))
    base, alternate = amount(found["BaseQty"]), amount(found["AltQty"])
    line |= {"UomEntry": found["UomEntry"], "UomCode": found["UomCode"]}
    line |= {"unitMsr": found["UomName"], "NumPerMsr": rounded(base / alternate, 6)}
    _count(line, base / alternate, table)


def _count(line: Row, each: Decimal, table: str) -> None:
    """Set the quantity in base units; what rounds to nothing is no quantity."""
    line["InvQty"] = rounded(line["Quantity"] * each, 6)
    if line["InvQty"] <= 0:
        raise invalid_quantity(table, line["LineNum"] + 1)


def in_base(line: Row, quantity: Decimal) -> Decimal:
    """Turn a quantity in the row's unit into base units."""
    if quantity == line["Quantity"] or not line.get("InvQty"):
        return line.get("InvQty") or quantity
    return rounded(quantity * line["InvQty"] / line["Quantity"], 6)


def per_unit(books: Books, item: Row, unit: int | None) -> Decimal:
    """Return how many base units one unit of an item holds."""
    found = _unit(books, item.get("UgpEntry"), unit)
    return amount(found["BaseQty"]) / amount(found["AltQty"]) if found else ONE


def _manual(line: Row, item: Row, purpose: Purpose) -> Decimal:
    if purpose == "IUoMEntry" or line.get("UseBaseUn") == "Y":
        return ONE
    return amount(item.get("NumInSale" if purpose == "SUoMEntry" else "NumInBuy")) or ONE


def _usual(books: Books, item: Row, purpose: Purpose) -> int | None:
    group = books.master("OUGP", item["UgpEntry"]) or {}
    return item.get(purpose) or group.get("BaseUom")


def _unit(books: Books, group: int | None, unit: int | None) -> Row | None:
    sql = """SELECT g.BaseQty, g.AltQty, u.UomEntry, u.UomCode, u.UomName
        FROM UGP1 g JOIN OUOM u ON u.UomEntry = g.UomEntry
        WHERE g.UgpEntry = ? AND g.UomEntry = ? AND COALESCE(g.IsActive, 'Y') = 'Y'"""
    return None if unit is None else books.row(sql, (group, unit))

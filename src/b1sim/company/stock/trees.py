"""Bills of materials in documents: rows below a set, and the goods inside an assembly.

A sales tree shows its components as rows of their own without a price, the parent carries it; a
template's components are ordinary rows (their prices: a guess); an assembly shows only itself and
its components leave stock; what is produced is stocked itself (correctness-rules 3.7; SAP's help,
"Bill of Materials Window": sales and assembly take the customer's price list).
Guess: only one level is opened, and components keep their quantities when the parent's changes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import amount, rounded

SALES, TEMPLATE, ASSEMBLY, INGREDIENT = "S", "T", "A", "I"
ZERO = Decimal(0)
Base = tuple[Document, Row] | None
Numbered = list[tuple[int, Intake]]


def explode(
    books: Books,
    sent: Sequence[Intake],
    numbers: Sequence[int] | None,
    base_of: Callable[[Row], Base],
    *,
    sells: bool = True,
) -> Numbered:
    """Count the rows through; put below a set those of its components that were not sent.

    What is bought is not opened (guess: SAP's sets and templates are for selling).
    """
    if not sells:
        return list(zip(numbers or range(len(sent)), sent, strict=True))
    rows: Numbered = []
    free = max(numbers, default=-1) + 1 if numbers else 0
    parent: int | None = None
    for index, intake in enumerate(sent):
        number = numbers[index] if numbers else len(rows)
        rows.append((number, intake))
        kind, below = _below(books, sent, index, base_of)
        if kind in (SALES, TEMPLATE):
            parent = number
        elif kind == INGREDIENT and intake.columns.get("ParentLineNum") is None:
            intake.columns["ParentLineNum"] = parent
        for component in below:
            component.columns["ParentLineNum"] = number
            rows.append((free if numbers else len(rows), component))
            free += 1
    return rows


def _below(
    books: Books, sent: Sequence[Intake], index: int, base_of: Callable[[Row], Base]
) -> tuple[str, list[Intake]]:
    """Tell what kind of tree a sent row heads, and the rows to put below it."""
    columns = sent[index].columns
    base = base_of(columns | {"LineNum": index}) if columns.get("BaseEntry") else None
    if base is not None:
        kind = str(base[1]["TreeType"] or "N")
        return kind, [*_drawn_below(base, columns, sent)] if kind == SALES else []
    item = books.master("OITM", columns.get("ItemCode"))
    if item is None:
        return "N", []
    kind = str(columns.get("TreeType") or item.get("TreeType") or "N")
    following = sent[index + 1].columns if index + 1 < len(sent) else {}
    whole = following.get("TreeType") == INGREDIENT or following.get("ParentLineNum") is not None
    opens = kind == TEMPLATE or (kind == SALES and books.settings.sales_sets == "components")
    return kind, [*_listed_below(books, item, columns, kind)] if opens and not whole else []


def _drawn_below(
    base: tuple[Document, Row], columns: Row, sent: Sequence[Intake]
) -> Iterator[Intake]:
    """Draw a set's components with it, in its proportion (guess), unless they were sent too."""
    document, parent = base
    key = (columns["BaseType"], columns["BaseEntry"])
    named = {
        s.columns.get("BaseLine")
        for s in sent
        if (s.columns.get("BaseType"), s.columns.get("BaseEntry")) == key
    }
    asked = columns.get("Quantity")
    for row in document.lines:
        if row["ParentLineNum"] != parent["LineNum"] or row["LineNum"] in named:
            continue
        drawn: Row = {"BaseType": key[0], "BaseEntry": key[1], "BaseLine": row["LineNum"]}
        if asked is not None:
            drawn["Quantity"] = rounded(asked * row["Quantity"] / parent["Quantity"], 6)
        yield Intake(drawn)


def _listed_below(books: Books, item: Row, columns: Row, kind: str) -> Iterator[Intake]:
    asked = columns.get("Quantity") or Decimal(1)
    for component, each, warehouse in parts(books, item["ItemCode"]):
        listed: Row = {"ItemCode": component, "Quantity": rounded(asked * each, 6)}
        listed["WhsCode"] = columns.get("WhsCode") or warehouse
        listed |= {"TreeType": INGREDIENT} | ({"LineTotal": ZERO} if kind == SALES else {})
        yield Intake(listed)


def parts(books: Books, code: str) -> list[tuple[str, Decimal, str | None]]:
    """Return the components of one piece: code, quantity, warehouse."""
    sql = """SELECT i.Code, i.Quantity, t.Qauntity, i.Warehouse FROM ITT1 i
        JOIN OITT t ON t.Code = i.Father WHERE i.Father = ? ORDER BY i.ChildNum"""
    return [
        (component, amount(quantity) / (amount(whole) or 1), warehouse)
        for component, quantity, whole, warehouse in books.db.execute(sql, (code,))
    ]


def goods(books: Books, rows: Iterable[Row]) -> list[Row]:
    """Name what rows move: an assembly's components stand in for it."""
    return [inside for row in rows for inside in _goods_of(books, row)]


def _goods_of(books: Books, row: Row) -> list[Row]:
    item = books.master("OITM", row["ItemCode"]) or {}
    if item.get("TreeType") != ASSEMBLY:
        return [row]
    moved: Any = abs(row.get("MovedQty") or row["InvQty"])
    return [
        row | {"ItemCode": code, "InvQty": rounded(moved * each, 6), "MovedQty": None}
        for code, each, _ in parts(books, item["ItemCode"])
        if (books.master("OITM", code) or {}).get("InvntItem") == "Y"
    ]


def cost_of(books: Books, item: Row) -> Decimal:
    """Return what one piece costs at average: an assembly as much as its components."""
    if item.get("TreeType") != ASSEMBLY:
        return amount(item["AvgPrice"])
    worth = (
        each * amount((books.master("OITM", code) or {}).get("AvgPrice"))
        for code, each, _ in parts(books, item["ItemCode"])
    )
    return rounded(sum(worth, ZERO), 6)

"""Keeps bills of materials, and lets an item show what kind of tree it heads."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.goods.refusals import (
    circular_tree,
    no_components,
    no_tree_type,
    tree_quantity,
    unknown_tree_item,
)
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.refusals import in_use
from b1sim.company.shape.areas.documents import DOCUMENT_TABLES
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet
from b1sim.company.shape.values import amount
from b1sim.company.stock.trees import ASSEMBLY

_NO_TREE = ("N", "I")
LINE_TABLES = [f"{rows}1" for _, _, rows in DOCUMENT_TABLES.values()]


class TreeKeeper(MasterKeeper):
    """Keeps ProductTrees; Items.TreeType follows (sap-service-layer.md 14)."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create a tree under an item that exists."""
        code = intake.columns.get("Code")
        if code is not None and books.master("OITM", code) is None:
            table = "OITT"
            raise unknown_tree_item(table, code)
        _complete_rows(intake)
        key = super().create(books, kind, intake)
        _settle(books, str(key["TreeCode"]))
        return key

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change a tree; one whose components documents count on stays as it is."""
        _check_unused(books, str(key["Code"]))
        super().patch(books, kind, key, intake, replace=replace)
        _settle(books, str(key["Code"]))

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:
        """Delete a tree; its item heads none from then on."""
        _check_unused(books, str(key["Code"]))
        super().delete(books, kind, key)
        _show(books, str(key["Code"]), "N")


def _check_unused(books: Books, code: str) -> None:
    """Refuse to change an assembly that was sold.

    SAP copies an assembly's components into each document (SAP SDK help, WTQ14) and b1sim asks
    the tree again, so it lets no document disagree with it (guess).
    """
    if (books.master("OITM", code) or {}).get("TreeType") != ASSEMBLY:
        return
    for lines in LINE_TABLES:
        if books.row(f"SELECT 1 FROM {lines} WHERE ItemCode = ? LIMIT 1", (code,)):  # noqa: S608 - own names
            what = f"ProductTree '{code}'"
            raise in_use(what)


def _complete_rows(intake: Intake) -> None:
    for row in intake.rows.get("ProductTreeLines", []):
        row.columns.setdefault("Quantity", Decimal(1))


def _settle(books: Books, code: str) -> None:
    tree = books.row("SELECT * FROM OITT WHERE Code = ?", (code,)) or {}
    if tree.get("TreeType") in _NO_TREE:
        raise no_tree_type()
    if amount(tree.get("Qauntity")) <= 0:
        field = "OITT.Qauntity"
        raise tree_quantity(field)
    rows = books.rows("SELECT * FROM ITT1 WHERE Father = ? ORDER BY ChildNum", (code,))
    if not rows:
        raise no_components()
    for row in rows:
        _check_row(books, code, row)
    _show(books, code, str(tree["TreeType"]))


def _check_row(books: Books, code: str, row: Row) -> None:
    item = books.master("OITM", row["Code"])
    if item is None:
        table = "ITT1"
        raise unknown_tree_item(table, row["Code"])
    if amount(row["Quantity"]) <= 0:
        field = "ITT1.Quantity"
        raise tree_quantity(field)
    if _reaches(books, row["Code"], code):
        raise circular_tree(code, row["Code"])
    names = {"ItemName": item["ItemName"], "Uom": item["InvntryUom"]}
    books.update("ITT1", {"Father": code, "ChildNum": row["ChildNum"]}, names)


def _reaches(books: Books, start: str, goal: str) -> bool:
    sql = """WITH RECURSIVE below (Code) AS (SELECT ? UNION
        SELECT t.Code FROM ITT1 t JOIN below b ON t.Father = b.Code)
        SELECT 1 FROM below WHERE Code = ?"""
    return books.row(sql, (start, goal)) is not None


def _show(books: Books, code: str, tree_type: str) -> None:
    books.update("OITM", {"ItemCode": code}, {"TreeType": tree_type})
    books.forget()

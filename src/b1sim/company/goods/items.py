"""Keeps items: how one is counted stays as it is once it was counted (sap-service-layer.md 9.7)."""

from b1sim.company.books import Books, Row
from b1sim.company.goods.refusals import fixed_by_transactions, not_positive
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.shape import schema
from b1sim.company.shape.areas import USES
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet

# The inventory flag is recorded; that the others are fixed as well is a guess.
_FIXED = ("InvntItem", "UgpEntry")
_FIXED_BY_GOODS = ("ManBtchNum", "ManSerNum")
_PER_UNIT = ("NumInSale", "NumInBuy")


class ItemKeeper(MasterKeeper):
    """Keeps items."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create an item."""
        _check_units(intake)
        key = super().create(books, kind, intake)
        _keep_bar_code(books, str(key["ItemCode"]))
        return key

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change an item."""
        _check_units(intake)
        _check_fixed(books, books.master("OITM", key["ItemCode"]) or {}, intake)
        super().patch(books, kind, key, intake, replace=replace)
        _keep_bar_code(books, str(key["ItemCode"]))


def _check_units(intake: Intake) -> None:
    for column in _PER_UNIT:
        sent = intake.columns.get(column)
        if sent is not None and sent <= 0:
            field = f"OITM.{column}"
            raise not_positive(field)


def _check_fixed(books: Books, before: Row, intake: Intake) -> None:
    for column in (*_FIXED, *_FIXED_BY_GOODS):
        if not before or intake.columns.get(column, before[column]) == before[column]:
            continue
        if _has_rows(books, before["ItemCode"], moved=column in _FIXED_BY_GOODS):
            raise fixed_by_transactions(column, before["ItemCode"])


def _has_rows(books: Books, code: str, *, moved: bool) -> bool:
    """Look through the rows of all documents, or of those that moved goods."""
    for table, _ in USES["OITM"]:
        if "LineNum" not in schema.TABLES[table]:  # a bill of materials or a price
            continue
        only = " AND MovedQty <> 0" if moved and "MovedQty" in schema.TABLES[table] else ""
        sql = f"SELECT 1 FROM {table} WHERE ItemCode = ?{only} LIMIT 1"  # noqa: S608 - own names
        if books.row(sql, (code,)):
            return True
    return False


def _keep_bar_code(books: Books, code: str) -> None:
    """Let the item's own bar code stand among its bar codes as well (guess)."""
    item = books.master("OITM", code) or {}
    if not item.get("CodeBars"):
        return
    sql = "SELECT 1 FROM OBCD WHERE ItemCode = ? AND BcdCode = ?"
    if books.row(sql, (item["ItemCode"], item["CodeBars"])):
        return
    unit = item["IUoMEntry"] or (books.master("OUGP", item["UgpEntry"]) or {}).get("BaseUom", -1)
    entry = int(books.figure("SELECT COALESCE(MAX(BcdEntry), 0) + 1 FROM OBCD"))
    row = {"BcdEntry": entry, "BcdCode": item["CodeBars"], "ItemCode": item["ItemCode"]}
    books.insert("OBCD", [row | {"UomEntry": unit}])

"""Keeps groups of units and bar codes, which both point at other records."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.goods.refusals import not_positive, unknown_of_unit
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.refusals import duplicate_row
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet
from b1sim.company.shape.values import amount


class UnitGroupKeeper(MasterKeeper):
    """Keeps groups of units; every unit of a group is a number of base units."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create a group; its base unit counts as itself unless it says otherwise (guess)."""
        key = super().create(books, kind, intake)
        _settle(books, int(key["AbsEntry"]))
        return key

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change a group."""
        super().patch(books, kind, key, intake, replace=replace)
        _settle(books, int(key["UgpEntry"]))


def _settle(books: Books, entry: int) -> None:
    group = books.master("OUGP", entry) or {}
    base = group.get("BaseUom")
    if base is None or books.master("OUOM", base) is None:
        field = "OUGP.BaseUom"
        raise unknown_of_unit(field, base)
    rows = books.rows("SELECT * FROM UGP1 WHERE UgpEntry = ?", (entry,))
    for row in rows:
        _check_row(books, row)
    if base not in {row["UomEntry"] for row in rows}:
        own = {"UgpEntry": entry, "UomEntry": base, "IsActive": "Y"}
        books.insert("UGP1", [own | {"AltQty": Decimal(1), "BaseQty": Decimal(1)}])


def _check_row(books: Books, row: Row) -> None:
    if books.master("OUOM", row["UomEntry"]) is None:
        field = "UGP1.UomEntry"
        raise unknown_of_unit(field, row["UomEntry"])
    for column in ("AltQty", "BaseQty"):
        if amount(row[column]) <= 0:
            field = f"UGP1.{column}"
            raise not_positive(field)


class BarCodeKeeper(MasterKeeper):
    """Keeps bar codes by themselves; an item shows them as rows of its own."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create a bar code of an item that exists, once."""
        item, code = intake.columns.get("ItemCode"), intake.columns.get("BcdCode")
        if books.master("OITM", item) is None:
            field = "OBCD.ItemCode"
            raise unknown_of_unit(field, item)
        unit = intake.columns.setdefault("UomEntry", -1)
        sql = "SELECT 1 FROM OBCD WHERE ItemCode = ? AND UomEntry = ? AND BcdCode = ?"
        if books.row(sql, (item, unit, code)):
            raise duplicate_row()
        return super().create(books, kind, intake)

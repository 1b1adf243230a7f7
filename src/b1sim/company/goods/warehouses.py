"""Keeps warehouses, their bins, and what is known of single batches and serial numbers."""

from b1sim.company.books import Books, Row
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.refusals import action_not_supported, duplicate_row
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet
from b1sim.company.stock import bins
from b1sim.company.stock.refusals import bin_in_use, not_a_bin_warehouse

_SUBLEVELS = ("SL1Code", "SL2Code", "SL3Code", "SL4Code")


class WarehouseKeeper(MasterKeeper):
    """Keeps warehouses; switching bins on gives one a system bin that holds what lies there."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create a warehouse."""
        key = super().create(books, kind, intake)
        _open_bins(books, key["WarehouseCode"])
        return key

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change a warehouse; bins that hold goods are not switched off (guess)."""
        off = intake.columns.get("BinActivat") == "N"
        held = "SELECT 1 FROM OIBQ WHERE WhsCode = ? AND OnHandQty <> 0"
        if off and books.row(held, (key["WhsCode"],)):
            raise bin_in_use(str(key["WhsCode"]))
        super().patch(books, kind, key, intake, replace=replace)
        _open_bins(books, key["WhsCode"])


def _open_bins(books: Books, code: str) -> None:
    found = books.master("OWHS", code) or {}
    if found.get("BinActivat") != "Y":
        return
    code = found["WhsCode"]
    if books.row("SELECT 1 FROM OBIN WHERE WhsCode = ? AND SysBin = 'Y'", (code,)):
        return
    entry = bins.open_warehouse(books, code)
    if found["DftBinAbs"] is None:
        # Guess: the system bin is the default one until another is chosen.
        books.update("OWHS", {"WhsCode": code}, {"DftBinAbs": entry})
        books.forget()


class BinKeeper(MasterKeeper):
    """Keeps bins; their code is made of the warehouse and the sublevels (guess: joined by -)."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create a bin in a warehouse that has them."""
        warehouse = books.master("OWHS", intake.columns.get("WhsCode")) or {}
        if warehouse.get("BinActivat") != "Y":
            raise not_a_bin_warehouse(intake.columns.get("WhsCode"))
        parts = [warehouse["WhsCode"], *(intake.columns.get(level) for level in _SUBLEVELS)]
        intake.columns["BinCode"] = "-".join(part for part in parts if part)
        if books.row("SELECT 1 FROM OBIN WHERE BinCode = ?", (intake.columns["BinCode"],)):
            raise duplicate_row()
        intake.columns["AbsEntry"] = books.next_number("OBIN")
        return super().create(books, kind, intake)

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:
        """Delete a bin that is empty and not the system's."""
        found = books.master("OBIN", key["AbsEntry"]) or {}
        held = "SELECT 1 FROM OIBQ WHERE BinAbs = ? AND OnHandQty <> 0"
        if found.get("SysBin") == "Y" or books.row(held, (key["AbsEntry"],)):
            raise bin_in_use(str(found.get("BinCode")))
        super().delete(books, kind, key)


class NumberKeeper(MasterKeeper):
    """Keeps batch and serial details: documents enter them, people change dates and status."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - never
        """Refuse: numbers come in with goods (sap-api-operations.json has no POST)."""
        raise action_not_supported()

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:  # noqa: ARG002 - never
        """Refuse: there is no DELETE either."""
        raise action_not_supported()

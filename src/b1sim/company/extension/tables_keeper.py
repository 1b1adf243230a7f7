"""Keeps UserTablesMD (sap-service-layer.md 5.3)."""

from b1sim.company.books import Books, Row
from b1sim.company.extension import user_tables
from b1sim.company.extension.refusals import invalid_name
from b1sim.company.extension.rows import NAME, has
from b1sim.company.keeper import Undeletable
from b1sim.company.refusals import duplicate_row, not_found
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet

_LENGTH = 20


class TableKeeper(Undeletable):
    """Keeps user tables: names in capitals, at most 20 characters."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - the one set
        """Make the table at once; a restart shows it."""
        name = str(intake.columns.get("TblName") or "").upper().removeprefix("@")
        if not NAME.fullmatch(name) or len(name) > _LENGTH:
            field = "OUTB.TblName"
            raise invalid_name(field, name)
        if has(books, "OUTB", {"TblName": name}):
            raise duplicate_row()
        sent = {c: v for c, v in intake.columns.items() if v is not None}
        # Guess: a table whose type was not sent belongs to no object.
        row = {"ObjectType": "0", "Archivable": "N", "DispMenu": "N", "AplyAuth": "N"} | sent
        books.insert("OUTB", [row | {"TblName": name}])
        user_tables.make(books, name, row["ObjectType"])
        return {"TableName": name}

    def patch(
        self,
        books: Books,
        kind: EntitySet,  # noqa: ARG002
        key: Row,
        intake: Intake,
        *,
        replace: bool,  # noqa: ARG002
    ) -> None:
        """Change the description and the menu; name and type stay as they are (guess)."""
        if not has(books, "OUTB", key):
            raise not_found()
        fixed = ("TblName", "ObjectType")
        books.update("OUTB", key, {c: v for c, v in intake.columns.items() if c not in fixed})

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:  # noqa: ARG002
        """Forget the table with its fields and keys; until a restart its set is there, empty."""
        table = f"@{key['TblName']}"
        user_tables.empty(books, table)
        for own, column in (("CUFD", "TableID"), ("UFD1", "TableID")):
            books.db.execute(f"DELETE FROM {own} WHERE {column} = ?", (table,))  # noqa: S608 - own names
        for own in ("OUKD", "UKD1"):
            books.db.execute(f"DELETE FROM {own} WHERE TableName = ?", (table,))  # noqa: S608 - own names
        books.db.execute("DELETE FROM OUTB WHERE TblName = ?", (key["TblName"],))

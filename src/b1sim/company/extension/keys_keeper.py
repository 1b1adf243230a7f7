"""Keeps UserKeysMD: indices over the fields of user tables (sap-service-layer.md 5.3)."""

from b1sim.company.books import Books, Row
from b1sim.company.extension import user_tables
from b1sim.company.extension.refusals import invalid_name, unknown_column
from b1sim.company.extension.rows import NAME, has, next_number, table_of
from b1sim.company.keeper import Undeletable
from b1sim.company.refusals import action_not_supported, duplicate_row, not_simulated
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class KeyKeeper(Undeletable):
    """Keeps keys, which hold at once; SAP's samples show them on user tables only."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - the one set
        """Make the index; records that are alike already refuse a unique one (guess)."""
        sent, rows = intake.columns, intake.rows.get("UserKeysMD_Elements", [])
        table, name = _user_table(books, sent.get("TableName")), str(sent.get("KeyName") or "")
        if not NAME.fullmatch(name):
            field = "OUKD.KeyName"
            raise invalid_name(field, name)
        if has(books, "OUKD", {"TableName": table, "KeyName": name}):
            raise duplicate_row()
        columns = [_column(books, table, row.columns.get("ColAlias")) for row in rows]
        if not columns:
            raise unknown_column(None)
        number = next_number(books, "OUKD", "KeyId", {"TableName": table})
        key: Row = {"TableName": table, "KeyId": number}
        unique = sent.get("UniqueKey") or "N"
        books.insert("OUKD", [key | {"KeyName": name, "UniqueKey": unique}])
        parts = [key | {"SubKeyId": place, "ColAlias": c} for place, c in enumerate(columns)]
        books.insert("UKD1", parts)
        user_tables.index(books, table, number, columns, unique=unique == "Y")
        return {"TableName": table, "KeyIndex": number}

    def patch(
        self,
        books: Books,  # noqa: ARG002
        kind: EntitySet,  # noqa: ARG002
        key: Row,  # noqa: ARG002
        intake: Intake,  # noqa: ARG002
        *,
        replace: bool,  # noqa: ARG002
    ) -> None:
        """Refuse with -5006: a key has no PATCH (guess: code)."""
        raise action_not_supported()

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:  # noqa: ARG002
        """Drop the index."""
        user_tables.drop_index(books, key["TableName"], key["KeyId"])
        for own in ("OUKD", "UKD1"):
            sql = f"DELETE FROM {own} WHERE TableName = ? AND KeyId = ?"  # noqa: S608 - own names
            books.db.execute(sql, (key["TableName"], key["KeyId"]))


def _user_table(books: Books, sent: object) -> str:
    table = table_of(books, sent)
    if not table.startswith("@"):
        what = f"keys of the system table {table}"
        raise not_simulated(what)
    return table


def _column(books: Books, table: str, alias: object) -> str:
    """Spell a field without U_, as it was made; only fields are taken (guess)."""
    sql = "SELECT AliasID FROM CUFD WHERE TableID = ? AND AliasID = ? COLLATE NOCASE"
    found = books.row(sql, (table, alias))
    if found is None:
        raise unknown_column(alias)
    return str(found["AliasID"])

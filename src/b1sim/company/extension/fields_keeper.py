"""Keeps UserFieldsMD (sap-service-layer.md 5.3)."""

from collections.abc import Mapping
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.extension import fields
from b1sim.company.extension.refusals import (
    invalid_default,
    invalid_name,
    invalid_size,
    missing_default,
    missing_type,
    unknown_table,
)
from b1sim.company.extension.rows import NAME, has, next_number, table_of
from b1sim.company.keeper import Undeletable
from b1sim.company.refusals import duplicate_row, not_found
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet

_LENGTH, _WIDEST = 50, 254
_FIXED = ("TableID", "FieldID", "AliasID", "TypeID", "EditType", "NotNull")
Valid = dict[str, str | None]
"""Valid values with their descriptions."""


class FieldKeeper(Undeletable):
    """Keeps user fields: one row per table, made on all marketing documents together."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - the one set
        """Make the field on every table that shares it; a restart shows it."""
        sent = {c: v for c, v in intake.columns.items() if v is not None}
        table, valid = table_of(books, sent.get("TableID")), _valid(intake)
        row = _completed(sent)
        _check_name(row)
        _check_default(row, valid)
        if row.get("RTable") and not has(books, "OUTB", {"TblName": row["RTable"]}):
            raise unknown_table(row["RTable"])
        if _has_alias(books, table, row["AliasID"]):
            raise duplicate_row()
        numbers = {one: _make(books, one, row, valid) for one in fields.tables_with(table)}
        return {"TableName": table, "FieldID": numbers[table]}

    def patch(
        self,
        books: Books,
        kind: EntitySet,  # noqa: ARG002
        key: Row,
        intake: Intake,
        *,
        replace: bool,
    ) -> None:
        """Change what may change, on every table; name and type stay as they are (guess)."""
        changes = {c: v for c, v in intake.columns.items() if c not in _FIXED and v is not None}
        for before in _alike(books, key):
            _check_growth(before, changes)
            mine = {"TableID": before["TableID"], "FieldID": before["FieldID"]}
            valid = ({} if replace else _kept(books, mine)) | _valid(intake)
            _check_default(before | changes, valid)
            books.update("CUFD", mine, changes)
            if "ValidValuesMD" in intake.rows:
                _write(books, mine, valid)

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:  # noqa: ARG002
        """Drop the field with its values from every table; reads show none until a restart."""
        for row in _alike(books, key):
            mine = (row["TableID"], row["FieldID"])
            for own in ("UFD1", "CUFD"):
                sql = f"DELETE FROM {own} WHERE TableID = ? AND FieldID = ?"  # noqa: S608 - own names
                books.db.execute(sql, mine)
            if fields.is_kept(row["TableID"]):
                fields.erase(books, row["TableID"], f"U_{row['AliasID']}")
        books.forget()


def _completed(sent: Row) -> Row:
    kind = sent.get("TypeID")
    if kind is None:
        raise missing_type()
    # Guess: either of the two sizes stands for the other, and both for what was not sent.
    size = sent.get("SizeID") or sent.get("EditSize") or fields.SIZES[kind]
    _check_size(kind, size)
    _check_size(kind, sent.get("EditSize") or size)
    sizes = {"SizeID": size, "EditSize": sent.get("EditSize") or size}
    return {"NotNull": "N", "EditType": "st_None", "Descr": None, "Dflt": None} | sent | sizes


def _check_name(row: Row) -> None:
    name = str(row.get("AliasID") or "")
    if not NAME.fullmatch(name) or len(name) > _LENGTH:
        field = "CUFD.AliasID"
        raise invalid_name(field, name)


def _check_size(kind: str, size: int) -> None:
    if kind == fields.TEXT and not 1 <= size <= _WIDEST:
        raise invalid_size(size)


def _check_growth(before: Row, changes: Mapping[str, Any]) -> None:
    """Refuse to cut what is stored (guess)."""
    for column in ("SizeID", "EditSize"):
        size = changes.get(column)
        if size is not None:
            _check_size(before["TypeID"], size)
            if size < before[column]:
                raise invalid_size(size)


def _check_default(row: Row, valid: Valid) -> None:
    default = row.get("Dflt") or None
    if row["NotNull"] == "Y" and default is None:
        raise missing_default(row["AliasID"])
    if default is not None and valid and default not in valid:
        raise invalid_default(default)
    if default is not None:
        fields.check_default(row, default)


def _valid(intake: Intake) -> Valid:
    rows = [row.columns for row in intake.rows.get("ValidValuesMD", ())]
    return {str(row["FldValue"]): row.get("Descr") for row in rows if row.get("FldValue")}


def _kept(books: Books, key: Row) -> Valid:
    sql = "SELECT * FROM UFD1 WHERE TableID = ? AND FieldID = ? ORDER BY IndexID"
    return {row["FldValue"]: row["Descr"] for row in books.rows(sql, tuple(key.values()))}


def _write(books: Books, key: Row, valid: Valid) -> None:
    books.db.execute("DELETE FROM UFD1 WHERE TableID = ? AND FieldID = ?", tuple(key.values()))
    values = enumerate(valid.items())
    rows = [key | {"IndexID": n, "FldValue": v, "Descr": text} for n, (v, text) in values]
    books.insert("UFD1", rows)


def _make(books: Books, table: str, row: Row, valid: Valid) -> int:
    number = next_number(books, "CUFD", "FieldID", {"TableID": table})
    key = {"TableID": table, "FieldID": number}
    books.insert("CUFD", [row | key])
    _write(books, key, valid)
    if row["NotNull"] == "Y" and fields.is_kept(table):
        fields.spread(books, table, fields.property_of(row))
        books.forget()
    return number


def _has_alias(books: Books, table: str, alias: str) -> bool:
    sql = "SELECT 1 FROM CUFD WHERE TableID = ? AND AliasID = ? COLLATE NOCASE"
    return books.row(sql, (table, alias)) is not None


def _alike(books: Books, key: Row) -> list[Row]:
    """Read a field on every table that shares it."""
    sql = "SELECT * FROM CUFD WHERE TableID = ? AND FieldID = ?"
    found = books.row(sql, (key["TableID"], key["FieldID"]))
    if found is None:
        raise not_found()
    shared = fields.tables_with(found["TableID"])
    rows = books.rows("SELECT * FROM CUFD WHERE AliasID = ?", (found["AliasID"],))
    return [row for row in rows if row["TableID"] in shared]

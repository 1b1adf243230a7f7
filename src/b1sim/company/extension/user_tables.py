"""User tables: the columns of the six types, and their entity sets.

SAP shows the four types that belong to user-defined objects only through a registered object;
here all six are sets of their own (guess). Which columns each type has is a guess too, but for
Code and Name (sap-service-layer.md 5.3).
"""

from dataclasses import dataclass
from sqlite3 import IntegrityError

from b1sim.company.books import Books
from b1sim.company.refusals import duplicate_row
from b1sim.company.shape.model import ENUMS, EntitySet, Property

_CODE = "Code:Edm.String"
_OBJECT = "Object:Edm.String LogInst:Edm.Int32"
_STAMPS = (
    "Canceled:BoYesNoEnum UserSign:Edm.Int32 Transfered:BoYesNoEnum CreateDate:Edm.DateTime"
    " CreateTime:Edm.Time UpdateDate:Edm.DateTime UpdateTime:Edm.Time DataSource:Edm.String"
)
_SQL = {"Edm.Int32": "INTEGER", "Edm.Time": "INTEGER"}
_LENGTHS = {"Code": 50, "Name": 100}


@dataclass(frozen=True)
class TableType:
    """One of SAP's six types of user tables."""

    key: tuple[str, ...]
    columns: str
    numbered: bool = False
    """The company gives the last part of the key when it is not sent."""


TYPES = {
    "0": TableType(("Code",), f"{_CODE} Name:Edm.String"),
    "1": TableType(("Code",), f"{_CODE} Name:Edm.String DocEntry:Edm.Int32 {_OBJECT} {_STAMPS}"),
    "2": TableType(("Code", "LineId"), f"{_CODE} LineId:Edm.Int32 {_OBJECT}", numbered=True),
    "3": TableType(
        ("DocEntry",),
        f"DocEntry:Edm.Int32 DocNum:Edm.Int32 Period:Edm.Int32 Series:Edm.Int32 {_OBJECT} {_STAMPS}"
        " Status:Edm.String Remark:Edm.String",
        numbered=True,
    ),
    "4": TableType(
        ("DocEntry", "LineId"),
        f"DocEntry:Edm.Int32 LineId:Edm.Int32 VisOrder:Edm.Int32 {_OBJECT}",
        numbered=True,
    ),
    "5": TableType(("Code",), "Code:Edm.Int32 Name:Edm.String", numbered=True),
}
_GIVEN = "CreateDate CreateTime UpdateDate UpdateTime DocNum Object LogInst"
GIVEN = frozenset(_GIVEN.split())
"""Columns that the company fills itself, silently ignored when sent (guess)."""


def columns_of(kind: str) -> dict[str, str]:
    """Name the columns of a type with their types on the wire."""
    pairs = (word.partition(":") for word in TYPES[kind].columns.split())
    return {name: edm for name, _, edm in pairs}


def make(books: Books, name: str, kind: str) -> None:
    """Make an empty table."""
    key = ", ".join(f'"{column}"' for column in TYPES[kind].key)
    columns = columns_of(kind).items()
    body = ", ".join(f'"{column}" {_SQL.get(edm, "TEXT")}' for column, edm in columns)
    books.db.execute(f'DROP TABLE IF EXISTS "@{name}"')
    books.db.execute(
        f'CREATE TABLE "@{name}" ({body}, "Extra" TEXT, PRIMARY KEY ({key})) WITHOUT ROWID'
    )


def empty(books: Books, table: str) -> None:
    """Take everything out of a table and off it."""
    books.db.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a table of the company's own
    for row in books.rows("SELECT KeyId FROM OUKD WHERE TableName = ?", (table,)):
        drop_index(books, table, row["KeyId"])


def index(books: Books, table: str, number: int, fields: list[str], *, unique: bool) -> None:
    """Index fields of a table; Refusal -2035 when its records are not unique."""
    parts = ", ".join(f"json_extract(Extra, '$.U_{name}')" for name in fields)
    kind = "UNIQUE INDEX" if unique else "INDEX"
    try:
        books.db.execute(f'CREATE {kind} "{table}_{number}" ON "{table}" ({parts})')
    except IntegrityError:
        raise duplicate_row() from None


def drop_index(books: Books, table: str, number: int) -> None:
    """Drop an index."""
    books.db.execute(f'DROP INDEX IF EXISTS "{table}_{number}"')


def entity_set(name: str, kind: str, fields: dict[str, Property]) -> EntitySet:
    """Describe the set of a table; that its type is named like the set is a guess."""
    return EntitySet(
        name=f"U_{name}",
        type_name=f"U_{name}",
        table=f"@{name}",
        key=TYPES[kind].key,
        properties={column: _property(column, edm) for column, edm in columns_of(kind).items()}
        | fields,
        collections={},
        has_etag=False,
        actions=(),
        deletable=True,
    )


def _property(name: str, edm: str) -> Property:
    length = _LENGTHS.get(name) if edm == "Edm.String" else None
    enum, given = ENUMS.get(edm), name in GIVEN
    return Property(name, edm, name, enum, read_only=given, max_length=length, v2_name=name)

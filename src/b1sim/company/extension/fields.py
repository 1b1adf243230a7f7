"""User-defined fields as they are kept: on which tables, of which type, with which rules."""

import json

from b1sim.company.books import Books, Row
from b1sim.company.shape import schema, values
from b1sim.company.shape.model import ENTITY_SETS, Collection, EntitySet, Property, UserRules

# Marketing documents share their fields (sap-service-layer.md 5.3). That inventory transfers are
# among them is a guess; archive tables are named there and hold nothing here.
_SHARED_TYPES = (
    (("Document", "StockTransfer"), ("ADOC",)),
    (("DocumentLine", "StockTransferLine"), ("ADO1",)),
    (("BusinessPartner",), ("ACRD",)),
)
_AMOUNT = "B"
_DATE, _NUMBER = "D", "N"
_TIME = "T"
TEXT, MEMO = "A", "M"
_EDM = {TEXT: "Edm.String", MEMO: "Edm.String", _NUMBER: "Edm.Int32", _AMOUNT: "Edm.Double"}
# Guess: what SAP shows of a field whose size was not sent.
SIZES = {TEXT: 10, MEMO: 64000, _NUMBER: 11, _AMOUNT: 16, _DATE: 8}


def _shapes_of(table: str) -> list[EntitySet | Collection]:
    return [shape for shape in _SHAPES if shape.table == table]


def _all_shapes() -> list[EntitySet | Collection]:
    found: list[EntitySet | Collection] = []
    for entity_set in ENTITY_SETS.values():
        found.append(entity_set)
        for rows in entity_set.collections.values():
            found += [rows, *rows.collections.values()]
    return found


_SHAPES = _all_shapes()


def tables_with(table: str) -> tuple[str, ...]:
    """Name every table that gets a field together with this one; none when it takes no fields."""
    if table.startswith("@"):
        return (table,)
    for types, archives in _SHARED_TYPES:
        shared = dict.fromkeys(shape.table for shape in _SHAPES if shape.type_name in types)
        if table in shared or table in archives:
            return (*shared, *archives)
    return (table,) if _shapes_of(table) else ()


def table_of(type_name: str) -> str:
    """Name a table whose rows have this type; ValueError when there is none."""
    for shape in _SHAPES:
        if shape.type_name == type_name:
            return shape.table
    message = f"no table has rows of the type {type_name}"
    raise ValueError(message)


def by_table(books: Books) -> dict[str, dict[str, Property]]:
    """Read all fields as properties, by table and name."""
    valid: dict[tuple[str, int], set[str]] = {}
    for row in books.rows("SELECT TableID, FieldID, FldValue FROM UFD1"):
        valid.setdefault((row["TableID"], row["FieldID"]), set()).add(row["FldValue"])
    found: dict[str, dict[str, Property]] = {}
    for row in books.rows("SELECT * FROM CUFD ORDER BY TableID, FieldID"):
        allowed = frozenset(valid.get((row["TableID"], row["FieldID"]), ()))
        kept = property_of(row, allowed)
        found.setdefault(row["TableID"], {})[kept.name] = kept
    return found


def property_of(row: Row, allowed: frozenset[str] = frozenset()) -> Property:
    """Turn a row of CUFD into the property that clients see."""
    linked = row.get("RTable")
    rules = UserRules(
        allowed, row["Dflt"] or None, row["NotNull"] == "Y", f"@{linked}" if linked else ""
    )
    name = f"U_{row['AliasID']}"
    is_text = row["TypeID"] == TEXT
    return Property(
        name,
        edm_type(row["TypeID"], row["EditType"]),
        v2_name=name,
        max_length=row["EditSize"] or row["SizeID"] if is_text else None,
        user=rules,
    )


def edm_type(kind: str, sub_type: str | None) -> str:
    """Name the type on the wire; a date of the sub-type st_Time is a time (guess)."""
    if kind == _DATE:
        return "Edm.Time" if sub_type == _TIME else "Edm.DateTime"
    return _EDM[kind]


def check_default(row: Row, default: str) -> None:
    """Refuse a default that is no value of the field."""
    values.parse(property_of(row), row["TableID"], default)


def spread(books: Books, table: str, prop: Property) -> None:
    """Give every record of a table the default of its new mandatory field (guess)."""
    value = values.parse(prop, table, prop.user.default if prop.user else None)
    sql = f"""UPDATE "{table}" SET Extra = json_set(COALESCE(Extra, '{{}}'), ?, json(?))"""  # noqa: S608 - own names
    books.db.execute(sql, (f"$.{prop.name}", json.dumps(value, default=float)))


def is_kept(table: str) -> bool:
    """Tell whether the company has the table; archives are named and not simulated."""
    return table.startswith("@") or table in schema.TABLES


def erase(books: Books, table: str, name: str) -> None:
    """Take a field out of every record of a table."""
    sql = f'UPDATE "{table}" SET Extra = json_remove(Extra, ?) WHERE Extra IS NOT NULL'  # noqa: S608 - own names
    books.db.execute(sql, (f"$.{name}",))

"""Creating, changing and deleting master data: partners, items and the small tables."""

from collections.abc import Callable, Mapping
from typing import Any

from b1sim.company import schema, subrows
from b1sim.company.books import Books, Row, extra_of
from b1sim.company.headers import stamps
from b1sim.company.intake import Intake
from b1sim.company.model import ENTITY_SETS, EntitySet
from b1sim.company.refusals import (
    duplicate_item,
    duplicate_partner,
    duplicate_row,
    in_use,
    missing_code,
    not_found,
)
from b1sim.company.values import hhmmss

_DEFAULTS: dict[str, Row] = {
    "OCRD": {
        "CardType": "C",
        "GroupCode": 100,
        "VatStatus": "Y",
        "GroupNum": -1,
        "ListNum": 1,
        "SlpCode": -1,
        "validFor": "Y",
        "frozenFor": "N",
        "Series": 1,
        "Balance": 0.0,
        "OrdersBal": 0.0,
        "DNotesBal": 0.0,
        "CreditLine": 0.0,
        "DebtLine": 0.0,
        "Discount": 0.0,
    },
    "OITM": {
        "ItemType": "I",
        "ItmsGrpCod": 100,
        "SellItem": "Y",
        "PrchseItem": "Y",
        "InvntItem": "Y",
        "validFor": "Y",
        "frozenFor": "N",
        "ManBtchNum": "N",
        "ManSerNum": "N",
        "MngMethod": "A",
        "TreeType": "N",
        "VATLiable": "Y",
        "FirmCode": -1,
        "UgpEntry": -1,
        "Series": 3,
        "NumInSale": 1.0,
        "OnHand": 0.0,
        "IsCommited": 0.0,
        "OnOrder": 0.0,
        "AvgPrice": 0.0,
    },
    "OWHS": {"Inactive": "N", "DropShip": "N", "BinActivat": "N", "Nettable": "Y"},
    "OPLN": {"Factor": 1.0, "IsGrossPrice": "N", "ValidFor": "Y"},
    "OVTG": {"Category": "O", "Inactive": "N", "IsEC": "N"},
    "OSTC": {"Rate": 0.0, "ValidForAR": "Y", "ValidForAP": "Y", "Lock": "N", "Freight": "N"},
    "OACT": {
        "CurrTotal": 0.0,
        "Postable": "Y",
        "LocManTran": "N",
        "FrozenFor": "N",
        "ValidFor": "N",
        "Finanse": "N",
        "ActType": "N",
        "Levels": 5,
        "ActCurr": "##",
    },
    "OEXD": {"DistrbMthd": "N", "TaxLiable": "Y", "ExpnsType": "1"},
    "OCRN": {"Decimals": "-1"},
    "OCTG": {"ExtraMonth": 0, "ExtraDays": 0},
    "OCRG": {"GroupType": "C"},
}
_DUPLICATES: dict[str, Callable[[str], Exception]] = {
    "OCRD": duplicate_partner,
    "OITM": duplicate_item,
}
# Where documents point at master data, so that it cannot be deleted any more.
_USES = {
    "OCRD": (
        ("ORDR", "CardCode"),
        ("ODLN", "CardCode"),
        ("OINV", "CardCode"),
        ("ORCT", "CardCode"),
    ),
    "OITM": (("RDR1", "ItemCode"), ("DLN1", "ItemCode"), ("INV1", "ItemCode")),
    "OWHS": (("RDR1", "WhsCode"), ("DLN1", "WhsCode"), ("INV1", "WhsCode")),
    "OACT": (("JDT1", "Account"),),
    "OVTG": (("RDR1", "VatGroup"), ("INV1", "VatGroup")),
}


def create(books: Books, entity_set: EntitySet, intake: Intake) -> Row:
    """Create one record and return its key columns."""
    table = entity_set.table
    row = _DEFAULTS.get(table, {}) | _stamps(books, table)
    row |= {column: value for column, value in intake.columns.items() if value is not None}
    key = _key(books, entity_set, row)
    row["Extra"] = intake.extra
    if _exists(books, table, key):
        make = _DUPLICATES.get(table)
        raise make(str(next(iter(key.values())))) if make else duplicate_row()
    books.insert(table, [row])
    subrows.add(books, entity_set, key, intake)
    books.forget()
    return key


def _stamps(books: Books, table: str) -> Row:
    columns = schema.TABLES[table]
    known = {c: v for c, v in stamps(books).items() if c in columns}
    return known | ({"DataVers": 1} if "DataVers" in columns else {})


def _key(books: Books, entity_set: EntitySet, row: Row) -> Row:
    """Read the key out of the row; numbers are given by the company when missing."""
    for name, column in zip(entity_set.key, entity_set.key_columns, strict=True):
        if row.get(column) in (None, ""):
            if entity_set.properties[name].type != "Edm.Int32":
                field = f"{entity_set.table}.{column}"
                raise missing_code(field)
            row[column] = _free_number(books, entity_set.table, column)
    return {column: row[column] for column in entity_set.key_columns}


def _free_number(books: Books, table: str, column: str) -> int:
    sql = f'SELECT COALESCE(MAX("{column}"), 0) + 1 FROM {table}'  # noqa: S608 - own names
    return int(books.db.execute(sql).fetchone()[0])


def _exists(books: Books, table: str, key: Mapping[str, Any]) -> bool:
    if len(key) == 1:
        return books.master(table, next(iter(key.values()))) is not None
    where = " AND ".join(f'"{column}" = ?' for column in key)
    return books.row(f"SELECT 1 FROM {table} WHERE {where}", tuple(key.values())) is not None  # noqa: S608 - own names


def patch(
    books: Books, entity_set: EntitySet, key: Row, intake: Intake, *, replace: bool = False
) -> None:
    """Change what was sent; rows of collections merge by their row key."""
    table = entity_set.table
    (code,) = key.values()
    before = books.master(table, code)
    if before is None:
        raise not_found()
    key = {column: before[column] for column in key}
    changes = {c: v for c, v in intake.columns.items() if c not in key}
    if intake.extra:
        changes["Extra"] = extra_of(before) | intake.extra
    books.update(table, key, changes | _changed(books, table, before))
    subrows.merge(books, entity_set, key, intake, replace=replace)
    books.forget()


def _changed(books: Books, table: str, before: Row) -> Row:
    columns, now = schema.TABLES[table], books.now()
    stamp = {"UpdateDate": now.date().isoformat(), "UpdateTS": hhmmss(now)}
    found = {c: v for c, v in stamp.items() if c in columns}
    return found | ({"DataVers": before["DataVers"] + 1} if "DataVers" in columns else {})


def delete(books: Books, entity_set: EntitySet, key: Row) -> None:
    """Delete a record nobody has used."""
    table = entity_set.table
    (code,) = key.values()
    before = books.master(table, code)
    if before is None:
        raise not_found()
    for other, column in _USES.get(table, ()):
        sql = f'SELECT 1 FROM {other} WHERE "{column}" = ? LIMIT 1'  # noqa: S608 - own names
        if books.row(sql, (code,)):
            what = f"{entity_set.type_name} '{code}'"
            raise in_use(what)
    subrows.drop(books, entity_set, key)
    where = " AND ".join(f'"{column}" = ?' for column in key)
    books.db.execute(f"DELETE FROM {table} WHERE {where}", tuple(key.values()))  # noqa: S608 - own names
    books.forget()


MASTER_SETS = frozenset(
    name
    for name in ENTITY_SETS
    if name
    not in ("Orders", "Invoices", "DeliveryNotes", "Drafts", "IncomingPayments", "JournalEntries")
)

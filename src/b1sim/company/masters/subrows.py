"""Rows of master data: addresses, contacts, prices, warehouses, each found by its row key.

Companies are known that tell addresses apart in three ways (CompanySettings.address_identity). A
contact of a known name is refused at once (sap-service-layer.md 5).
"""

import dataclasses
from collections.abc import Mapping
from sqlite3 import IntegrityError
from typing import Any

from b1sim.company.books import Books, Row, extra_of
from b1sim.company.documents.headers import stamps
from b1sim.company.masters import item_prices
from b1sim.company.refusals import duplicate_row, empty_address, missing_code, unknown_warehouse
from b1sim.company.rules import addresses, references
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import Collection, EntitySet


def add(books: Books, entity_set: EntitySet, key: Row, intake: Intake) -> None:
    """Add the rows of a new record, and those every such record has."""
    merge(books, entity_set, key, intake)
    if entity_set.table == "OITM":
        _open_warehouses(books, "WHERE i.ItemCode = ?", (key["ItemCode"],))
        item_prices.fill_item(books, key["ItemCode"])
    if entity_set.table == "OWHS":
        _open_warehouses(books, "WHERE w.WhsCode = ?", (key["WhsCode"],))
    if entity_set.table == "OCRD":
        _choose_defaults(books, key["CardCode"])


def merge(
    books: Books, entity_set: EntitySet, key: Row, intake: Intake, *, replace: bool = False
) -> None:
    """Change rows that are there, insert the others; `replace` deletes what was not sent."""
    for name, rows in intake.rows.items():
        collection = entity_set.collections[name]
        link = {own: key[above] for own, above in collection.link}
        before = _rows(books, collection, link)
        _check_names(collection, before, rows)
        sent = rows
        if collection.table == "CRD1":
            sent = _addresses(books, {} if replace else before, rows)
        kept = [_put(books, collection, link, before, row) for row in sent]
        if len(set(kept)) < len(kept):
            raise duplicate_row()
        if replace and collection.table not in _ALWAYS_THERE:
            for gone in before.keys() - set(kept):
                _delete(books, collection, link | {collection.row_column: gone})
    if entity_set.table == "OITM" and "ItemPrices" in intake.rows:
        item_prices.fill_item(books, key["ItemCode"])
    if entity_set.table == "OPLN":
        item_prices.fill_list(books, key["ListNum"])
    if entity_set.table == "OVTG":
        _show_latest_rate(books, key["Code"])


def drop(books: Books, entity_set: EntitySet, key: Row) -> None:
    """Delete all rows of a record."""
    for collection in entity_set.collections.values():
        _delete(books, collection, {own: key[above] for own, above in collection.link})


def _rows(books: Books, collection: Collection, link: Row) -> dict[Any, Row]:
    where = " AND ".join(f'"{column}" = ?' for column in link)
    sql = f"SELECT * FROM {collection.table} WHERE {where}"  # noqa: S608 - own names
    return {row[collection.row_column]: row for row in books.rows(sql, tuple(link.values()))}


def _put(
    books: Books, collection: Collection, link: Row, before: Mapping[Any, Row], intake: Intake
) -> Any:
    """Change or insert one row with the rows inside it, and return its row key."""
    row_key = _put_row(books, collection, link, before, intake)
    for name, rows in intake.rows.items():
        inner = collection.collections[name]
        outer = link | {collection.row_column: row_key}
        inside = {own: outer[above] for own, above in inner.link}
        there = _rows(books, inner, inside)
        for row in rows:
            _put_row(books, inner, inside, there, row)
    return row_key


def _put_row(
    books: Books, collection: Collection, link: Row, before: Mapping[Any, Row], intake: Intake
) -> Any:
    references.check(books, collection.table, intake)
    if collection.table == "CRD1":
        addresses.check(books, intake.columns)
    column = collection.row_column
    if collection.table == "ITM12":
        intake.columns[column] = f"{intake.columns.get('UomType')}{intake.columns.get('UomEntry')}"
    row_key = intake.columns.get(column)
    if row_key in before:
        changes = {c: v for c, v in intake.columns.items() if c not in (column, *link)}
        if intake.extra:
            changes["Extra"] = extra_of(before[row_key]) | intake.extra
        if collection.table == "OCPR":
            changes |= {c: v for c, v in stamps(books).items() if c.startswith("Update")}
        books.update(collection.table, link | {column: row_key}, changes)
        return row_key
    if row_key is None:
        row_key = _next_key(books, collection, link)
    if collection.table == "OITW" and books.master("OWHS", row_key) is None:
        raise unknown_warehouse(collection.table, 1, str(row_key))
    row = _DEFAULTS.get(collection.table, {}) | intake.columns | link | {column: row_key}
    if collection.table == "OCPR":
        row |= stamps(books)
    try:
        books.insert(collection.table, [row | {"Extra": intake.extra}])
    except IntegrityError:
        raise duplicate_row() from None
    return row_key


# Every item has a row per warehouse and price list, whatever a client sends.
_ALWAYS_THERE = ("OITW", "ITM1")
_DEFAULTS: dict[str, Row] = {
    "CRD1": {"AdresType": "S"},
    "OCPR": {"Active": "Y"},
    "ITM1": {"Factor": 1.0},
    "ITM9": {"AutoUpdate": "N"},
    "UGP1": {"AltQty": 1.0, "BaseQty": 1.0, "IsActive": "Y"},
    "ITT1": {"IssueMthd": "B", "Type": "4"},
    "OITW": {"OnHand": 0.0, "IsCommited": 0.0, "OnOrder": 0.0, "Locked": "N"},
}


def _next_key(books: Books, collection: Collection, link: Row) -> int:
    """Return the next number: contacts count through the company, others within a record."""
    if collection.table == "OCPR":
        return books.next_number("OCPR")
    if collection.table == "OBCD":
        return int(books.figure("SELECT COALESCE(MAX(BcdEntry), 0) + 1 FROM OBCD"))
    shown = collection.properties.get(collection.row_key)
    if shown is not None and shown.type != "Edm.Int32":
        field = f"{collection.table}.{collection.row_column}"
        raise missing_code(field)
    found = _rows(books, collection, link)
    numbers = [key for key in found if isinstance(key, int)]
    return max(numbers, default=-1) + 1


_IDENTITY = ("CardCode", "Address", "AdresType", "LineNum")


def _addresses(books: Books, before: Mapping[Any, Row], rows: list[Intake]) -> list[Intake]:
    """Tell changed addresses from new ones, in the way of this company."""
    identity = books.settings.address_identity
    if identity == "late":
        return rows
    sent = [_addressed(row) for row in rows] if identity == "full" else rows
    _check_addresses(before, sent)
    return sent


def _addressed(intake: Intake) -> Intake:
    """Forget the number of an address that does not name all of its identity."""
    if all(intake.has(column) for column in _IDENTITY):
        return intake
    if not intake.has("Address"):
        raise empty_address()
    kept = {column: value for column, value in intake.columns.items() if column != "LineNum"}
    return dataclasses.replace(intake, columns=kept)


def _check_addresses(before: Mapping[Any, Row], rows: list[Intake]) -> None:
    """Refuse to insert an address beside one of its name and type."""
    inserted = [row.columns for row in rows if not row.has("LineNum")]
    new = [(row.get("Address"), row.get("AdresType", "S")) for row in inserted]
    known = {(row["Address"], row["AdresType"]) for row in before.values()}
    if known & set(new) or len(set(new)) < len(new):
        raise duplicate_row()


def _check_names(collection: Collection, before: Mapping[Any, Row], rows: list[Intake]) -> None:
    if collection.table == "CRD1":
        names = [(row["Address"], row["AdresType"]) for row in before.values()]
        if len(set(names)) < len(names):
            raise duplicate_row()
    if collection.table == "OCPR":
        known = {row["Name"] for row in before.values()}
        new = [r.columns.get("Name") for r in rows if r.columns.get("CntctCode") is None]
        if known & set(new) or len(set(new)) < len(new):
            raise duplicate_row()


def _delete(books: Books, collection: Collection, key: Row) -> None:
    """Delete rows with what lies inside them; the key names one row or all of a record."""
    for inner in collection.collections.values():
        inside = {own: key[above] for own, above in inner.link if above in key}
        _delete(books, inner, inside | dict(inner.fixed))
    where = " AND ".join(f'"{column}" = ?' for column in key)
    books.db.execute(f"DELETE FROM {collection.table} WHERE {where}", tuple(key.values()))  # noqa: S608 - own names


def _open_warehouses(books: Books, where: str, params: tuple[Any, ...]) -> None:
    """Give every item a row in every warehouse, as SAP does by default."""
    sql = f"""INSERT OR IGNORE INTO OITW (ItemCode, WhsCode, OnHand, IsCommited, OnOrder, Locked)
        SELECT i.ItemCode, w.WhsCode, 0, 0, 0, 'N' FROM OITM i, OWHS w {where}"""  # noqa: S608 - own text
    books.db.execute(sql, params)


def _show_latest_rate(books: Books, code: str) -> None:
    """Keep on the VAT group the rate that came last, where SQL queries look for it."""
    books.db.execute(
        """UPDATE OVTG SET Rate = (SELECT Rate FROM VTG1 WHERE VTG1.Code = OVTG.Code
            ORDER BY EffecDate DESC LIMIT 1) WHERE Code = ?""",
        (code,),
    )


def _choose_defaults(books: Books, card_code: str) -> None:
    """Take the first address of each side as the default one."""
    books.db.execute(
        """UPDATE OCRD SET
            ShipToDef = COALESCE(ShipToDef, (SELECT Address FROM CRD1 WHERE CardCode = OCRD.CardCode
                AND AdresType = 'S' ORDER BY LineNum LIMIT 1)),
            BillToDef = COALESCE(BillToDef, (SELECT Address FROM CRD1 WHERE CardCode = OCRD.CardCode
                AND AdresType = 'B' ORDER BY LineNum LIMIT 1))
           WHERE CardCode = ?""",
        (card_code,),
    )
    # Guess: the head of a partner shows its default bill-to address where nothing was sent.
    books.db.execute(
        """UPDATE OCRD SET (Country, City, ZipCode) = (
            SELECT COALESCE(OCRD.Country, a.Country), COALESCE(OCRD.City, a.City),
                COALESCE(OCRD.ZipCode, a.ZipCode)
            FROM CRD1 a WHERE a.CardCode = OCRD.CardCode AND a.AdresType = 'B'
                AND a.Address = OCRD.BillToDef)
           WHERE CardCode = ? AND BillToDef IN (
            SELECT Address FROM CRD1 WHERE CardCode = OCRD.CardCode AND AdresType = 'B')""",
        (card_code,),
    )

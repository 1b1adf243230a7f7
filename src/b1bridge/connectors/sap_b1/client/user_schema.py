"""What a company should have of its own: tables, fields and keys (sap-service-layer.md 5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from b1bridge.connectors.sap_b1.client.odata import Filter, and_, eq

Facts = Mapping[str, Any]
TABLE = r"@?[A-Z][A-Z0-9_]{0,19}"
NAME = r"[A-Za-z][A-Za-z0-9_]{0,49}"


class _Wanted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UserTable(_Wanted):
    """A table of one's own; SAP writes its name in capitals and its set as U_NAME."""

    name: str = Field(pattern=r"^[A-Z][A-Z0-9_]{0,19}$")
    description: str = Field(min_length=1, max_length=30)
    type: Literal[
        "bott_NoObject",
        "bott_MasterData",
        "bott_MasterDataLines",
        "bott_Document",
        "bott_DocumentLines",
        "bott_NoObjectAutoIncrement",
    ] = "bott_NoObject"


class UserField(_Wanted):
    """A field of one's own; `table` is the database's (ORDR, @MINE), `name` has no U_."""

    table: str = Field(pattern=f"^{TABLE}$")
    name: str = Field(pattern=f"^{NAME}$")
    description: str = Field(min_length=1, max_length=80)
    type: Literal["db_Alpha", "db_Memo", "db_Numeric", "db_Date", "db_Float"] = "db_Alpha"
    sub_type: str = "st_None"
    size: int | None = Field(default=None, ge=1, le=254)
    valid_values: Mapping[str, str] = Field(default_factory=dict)


class UserKey(_Wanted):
    """An index on a user table; `columns` have no U_."""

    table: str = Field(pattern=r"^@[A-Z][A-Z0-9_]{0,19}$")
    name: str = Field(pattern=f"^{NAME}$")
    columns: tuple[str, ...] = Field(min_length=1)
    unique: bool = False


class Wanted(_Wanted):
    """All that a company should have; what it has besides stays untouched."""

    tables: tuple[UserTable, ...] = ()
    fields: tuple[UserField, ...] = ()
    keys: tuple[UserKey, ...] = ()


Thing = UserTable | UserField | UserKey


def things_of(wanted: Wanted) -> list[Thing]:
    """Order them as they depend on each other."""
    return [*wanted.tables, *wanted.fields, *wanted.keys]


def place_of(thing: Thing) -> tuple[str, Filter]:
    """Return the set that holds such things, and the condition that finds this one."""
    if isinstance(thing, UserTable):
        return "UserTablesMD", eq("TableName", thing.name)
    if isinstance(thing, UserField):
        return "UserFieldsMD", and_(eq("TableName", thing.table), eq("Name", thing.name))
    return "UserKeysMD", and_(eq("TableName", thing.table), eq("KeyName", thing.name))


def payload_of(thing: Thing) -> dict[str, Any]:
    """Write what SAP takes to create it."""
    if isinstance(thing, UserTable):
        names = {"TableName": thing.name, "TableDescription": thing.description}
        return {**names, "TableType": thing.type}
    if isinstance(thing, UserField):
        return _field_payload(thing)
    return {
        "TableName": thing.table,
        "KeyName": thing.name,
        "Unique": "tYES" if thing.unique else "tNO",
        "UserKeysMD_Elements": [{"ColumnAlias": column} for column in thing.columns],
    }


def _field_payload(thing: UserField) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "TableName": thing.table,
        "Name": thing.name,
        "Description": thing.description,
        "Type": thing.type,
        "SubType": thing.sub_type,
    }
    if thing.size is not None:
        payload |= {"Size": thing.size, "EditSize": thing.size}
    if thing.valid_values:
        values = thing.valid_values.items()
        payload["ValidValuesMD"] = [{"Value": v, "Description": text} for v, text in values]
    return payload


def difference(thing: Thing, found: Facts) -> str:
    """Tell what stands in the way: another type, or less room. Descriptions may differ."""
    if isinstance(thing, UserTable):
        return _unlike("type", thing.type, found.get("TableType"))
    if isinstance(thing, UserField):
        room = found.get("EditSize") or found.get("Size")
        if thing.size is not None and isinstance(room, int) and room < thing.size:
            return f"it holds {room} characters and {thing.size} are wanted"
        kinds = _unlike("type", thing.type, found.get("Type"))
        return kinds or _unlike("sub type", thing.sub_type, found.get("SubType"))
    columns = tuple(str(row.get("ColumnAlias")) for row in found.get("UserKeysMD_Elements", ()))
    return _unlike("columns", ", ".join(thing.columns), ", ".join(columns)) or _unlike(
        "unique", "tYES" if thing.unique else "tNO", found.get("Unique")
    )


def _unlike(what: str, wanted: str, there: Any) -> str:
    return "" if there in {None, wanted} else f"{what} is {there} and {wanted} is wanted"


def named(thing: Thing) -> str:
    """Name it for a person, as SAP's database does."""
    if isinstance(thing, UserTable):
        return f"table @{thing.name}"
    if isinstance(thing, UserField):
        return f"field {thing.table}.U_{thing.name}"
    return f"key {thing.table}.{thing.name}"

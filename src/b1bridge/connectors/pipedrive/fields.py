"""Custom fields: 40 hexadecimal digits that differ everywhere, found by their names (1.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from time import monotonic
from typing import Any

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.client import Client
from b1bridge.connectors.pipedrive.operations import FIELDS, NEW_FIELD
from b1bridge.connectors.pipedrive.wire import FIELD_ROWS, WireField
from b1bridge.domain.crm import CrmField, CrmRecord, FieldKind, FieldValue
from b1bridge.domain.money import Money
from b1bridge.errors import NeedsOperator
from b1bridge.sdk.per_loop import PerLoop
from b1bridge.sdk.reading import read_all

KEYS = {
    CrmRecord.ORGANIZATION: CrmField(CrmRecord.ORGANIZATION, "SAP customer code", FieldKind.TEXT),
    CrmRecord.PERSON: CrmField(CrmRecord.PERSON, "SAP contact", FieldKind.TEXT),
}
"""Where our keys stand; products carry theirs as their code."""
_TYPES = {
    FieldKind.TEXT: "varchar",
    FieldKind.NUMBER: "double",
    FieldKind.MONEY: "monetary",
    FieldKind.DATE: "date",
}
_ALSO = {FieldKind.TEXT: {"varchar", "text", "varchar_auto"}}
_FRESH_SECONDS = 300.0
_MENDED_SECONDS = 1.0
"""What is missing is looked for again: somebody may have made it, in another process."""
_LONGEST = 255


@dataclass(slots=True)
class Fields:
    """The definitions of one company, read again every five minutes."""

    client: Client
    _known: dict[CrmRecord, tuple[float, dict[str, WireField]]] = field(default_factory=dict)
    _reading: PerLoop[asyncio.Lock] = field(default_factory=lambda: PerLoop(asyncio.Lock))

    async def codes(self, wanted: Iterable[CrmField]) -> dict[CrmField, str]:
        """Return the codes of these fields; absent where a field is not there."""
        found = {}
        for one in wanted:
            there = (await self._among(one.record, [one])).get(one.name)
            if there is not None:
                found[one] = _checked(one, there).field_code
        return found

    async def key_code(self, record: CrmRecord) -> str:
        """Return the code of the field that carries our key."""
        found = await self.codes([KEYS[record]])
        if KEYS[record] not in found:
            raise missing([KEYS[record]])
        return found[KEYS[record]]

    async def written(self, record: CrmRecord, values: Mapping[str, FieldValue]) -> dict[str, Any]:
        """Write values by field name as the API takes them; NeedsOperator for missing fields."""
        fields = {name: CrmField(record, name, kind_of(v)) for name, v in values.items()}
        empty = {name for name, value in values.items() if value is None}
        known = await self._among(record, fields.values(), empty)
        absent = [one for name, one in fields.items() if name not in known]
        if absent:
            raise missing(absent)
        return {
            _fit(fields[name], known[name], value).field_code: _plain(value)
            for name, value in values.items()
        }

    async def read(self, record: CrmRecord, custom: Mapping[str, Any]) -> dict[str, Any]:
        """Return values of custom fields by the names of their fields, as they came."""
        known = await self._of(record)
        return {
            name: custom[one.field_code] for name, one in known.items() if one.field_code in custom
        }

    async def make(self, wanted: Sequence[CrmField]) -> tuple[CrmField, ...]:
        """Make the fields that are not there."""
        made = []
        for one in wanted:
            if one.name in await self._of(one.record):
                continue
            payload = {"field_name": one.name, "field_type": _TYPES[one.kind]}
            await self.client.call(NEW_FIELD[one.record], payload=payload)
            self._known.pop(one.record, None)
            made.append(one)
        return tuple(made)

    async def _among(
        self, record: CrmRecord, wanted: Iterable[CrmField], empty: Container[str] = ()
    ) -> dict[str, WireField]:
        """Return all fields of a record, read anew unless these are among them and fit."""
        known = await self._of(record)
        for one in wanted:
            there = known.get(one.name)
            if there is None or not (one.name in empty or _suits(one, there)):
                return await self._of(record, _MENDED_SECONDS)
        return known

    async def _of(
        self, record: CrmRecord, fresh_seconds: float = _FRESH_SECONDS
    ) -> dict[str, WireField]:
        known = self._known.get(record)
        if known is not None and monotonic() - known[0] < fresh_seconds:
            return known[1]
        async with self._reading.here():
            rows = [
                row
                async for page in self.client.pages(FIELDS[record])
                for row in read_all(FIELD_ROWS, page, system=SYSTEM, record=f"{record} fields")
            ]
            found = {row.field_name: row for row in rows if row.is_custom_field}
            self._known[record] = (monotonic(), found)
        return found


def kind_of(value: FieldValue) -> FieldKind:
    """Return what kind of field takes a value; nothing fits everywhere."""
    if isinstance(value, Money):
        return FieldKind.MONEY
    if isinstance(value, Decimal):
        return FieldKind.NUMBER
    return FieldKind.DATE if isinstance(value, date) else FieldKind.TEXT


def missing(fields: Iterable[CrmField]) -> NeedsOperator:
    """Ask for fields that are not there: what we know must not be lost in silence."""
    names = ", ".join(f"'{one.name}' ({one.record})" for one in fields)
    msg = f"{SYSTEM}: these custom fields are missing: {names}"
    fix = "make them with `b1bridge provision CONNECTION`, then retry the case"
    return NeedsOperator(msg, system=SYSTEM, reason="FIELD_MISSING", fix=fix)


def _fit(wanted: CrmField, there: WireField, value: FieldValue) -> WireField:
    """Let nothing go into every field: it empties it."""
    return there if value is None else _checked(wanted, there)


def _suits(wanted: CrmField, there: WireField) -> bool:
    return there.field_type in _ALSO.get(wanted.kind, {_TYPES[wanted.kind]})


def _checked(wanted: CrmField, there: WireField) -> WireField:
    if _suits(wanted, there):
        return there
    msg = (
        f"{SYSTEM}: the custom field '{wanted.name}' ({wanted.record}) is of type "
        f"{there.field_type}, and {wanted.kind} does not go into it"
    )
    fix = (
        f"rename or delete that field, make one of type {_TYPES[wanted.kind]} with "
        "`b1bridge provision CONNECTION`, then retry the case"
    )
    raise NeedsOperator(msg, system=SYSTEM, reason="FIELD_TYPE", fix=fix)


def _plain(value: FieldValue) -> Any:
    if isinstance(value, Money):
        return {"value": value.amount, "currency": value.currency}
    if isinstance(value, date):
        return value.isoformat()
    return value[:_LONGEST] if isinstance(value, str) else value

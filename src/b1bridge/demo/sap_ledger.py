"""Reads SAP as it is, past the hub: what it has booked.

Nothing here uses the hub's connectors, so that a fault of theirs cannot hide itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx

PAGE = 500


@dataclass(frozen=True, slots=True)
class Booked:
    """One document in SAP that is not cancelled."""

    entry: int
    number: int
    reference: str
    total: Decimal
    tax: Decimal
    paid: Decimal


class SapLedger:
    """SAP's own view, read with a session of its own."""

    def __init__(self, http: httpx.Client, company: str, user: str, password: str) -> None:
        self._http = http
        login = {"CompanyDB": company, "UserName": user, "Password": password}
        reply = http.post("/b1s/v2/Login", json=login)
        reply.raise_for_status()
        http.headers["Cookie"] = f"B1SESSION={reply.json()['SessionId']}"

    def documents(self, entity_set: str, prefix: str) -> list[Booked]:
        """Return the invoices or orders whose reference starts with the prefix."""
        fields = "DocEntry,DocNum,NumAtCard,DocTotal,VatSum,PaidToDate,CancelStatus"
        wanted = f"startswith(NumAtCard,'{prefix}')"
        return [
            Booked(
                entry=row["DocEntry"],
                number=row["DocNum"],
                reference=row["NumAtCard"],
                total=_amount(row["DocTotal"]),
                tax=_amount(row["VatSum"]),
                paid=_amount(row["PaidToDate"]),
            )
            for row in self.rows(entity_set, "DocEntry", fields, wanted)
            if row["CancelStatus"] == "csNo"
        ]

    def payments(self, entity_set: str, prefix: str) -> list[tuple[str, Decimal]]:
        """Return reference and amount of the payments, in or out, that are not cancelled."""
        fields = "DocEntry,Remarks,TransferSum,CashSum,Cancelled"
        wanted = f"startswith(Remarks,'{prefix}')"
        return [
            (row["Remarks"].split()[0], _amount(row["TransferSum"]) + _amount(row["CashSum"]))
            for row in self.rows(entity_set, "DocEntry", fields, wanted)
            if row["Cancelled"] == "tNO"
        ]

    def available(self, warehouses: set[str]) -> dict[str, Decimal]:
        """Return on hand less committed per item, over these warehouses."""
        fields = "ItemCode,ItemWarehouseInfoCollection"
        return {
            row["ItemCode"]: sum(
                (
                    _amount(place["InStock"]) - _amount(place["Committed"])
                    for place in row["ItemWarehouseInfoCollection"]
                    if place["WarehouseCode"] in warehouses
                ),
                Decimal(0),
            )
            for row in self.rows("Items", "ItemCode", fields, "")
        }

    def rows(self, entity_set: str, key: str, fields: str, wanted: str = "") -> Iterator[Any]:
        """Walk a set in the order of its key; skipping would lose rows while others write."""
        last = ""
        while True:
            conditions = [c for c in (wanted, f"{key} gt {last}" if last else "") if c]
            params = {"$select": fields, "$orderby": key}
            if conditions:
                params["$filter"] = " and ".join(conditions)
            headers = {"Prefer": f"odata.maxpagesize={PAGE}"}
            reply = self._http.get(f"/b1s/v2/{entity_set}", params=params, headers=headers)
            reply.raise_for_status()
            rows = json.loads(reply.content, parse_float=Decimal)["value"]
            yield from rows
            if len(rows) < PAGE:
                return
            last = _literal(rows[-1][key])


def _amount(value: Any) -> Decimal:
    return Decimal(value or 0)


def _literal(value: int | str) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

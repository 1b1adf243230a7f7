"""Makes src/b1sim/company/entities.json: names, types and enum codes of the sets b1sim keeps.

Run: B1BRIDGE_SHARED=../shared .venv/bin/python tools/b1sim_entities.py
"""

import json
import os
from pathlib import Path
from typing import Any

SETS = [
    "BusinessPartners",
    "BusinessPartnerGroups",
    "Items",
    "ItemGroups",
    "Warehouses",
    "PriceLists",
    "VatGroups",
    "SalesTaxCodes",
    "AdditionalExpenses",
    "Currencies",
    "ChartOfAccounts",
    "CreditCards",
    "PaymentTermsTypes",
    "Orders",
    "Invoices",
    "DeliveryNotes",
    "Drafts",
    "IncomingPayments",
    "JournalEntries",
    "SQLQueries",
]
INNER = [
    "ItemPrice",
    "ItemWarehouseInfo",
    "BPAddress",
    "ContactEmployee",
    "DocumentLine",
    "DocumentAdditionalExpense",
    "BatchNumber",
    "SerialNumber",
    "PaymentInvoice",
    "PaymentCreditCard",
    "JournalEntryLine",
    "VatGroups_Line",
    "SalesTaxCodes_Line",
    "AddressExtension",
    "TaxExtension",
]
# Version 2 renames a property that equals its type's name (sap-service-layer.md 1.1).
RENAMED = {"BatchNumberProperty": "BatchNumber"}
OUTPUT = Path("src/b1sim/company/entities.json")


def main() -> None:
    """Write the file anew."""
    folder = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")) / "facts"
    facts = json.loads((folder / "sap-entities.json").read_text(encoding="utf-8"))
    sets = {name: _set(facts["sets"][name]) for name in SETS}
    names = list(dict.fromkeys([entry["type"] for entry in sets.values()] + INNER))
    types = {name: _properties(facts["types"][name]["props"]) for name in names}
    used = {kind for properties in types.values() for kind in properties.values()}
    enums = {name: _codes(rows) for name, rows in facts["enums"].items() if name in used}
    lines = [_block("sets", sets), _block("types", types), _block("enums", enums)]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _set(entry: dict[str, Any]) -> dict[str, Any]:
    operations = entry["operations"] or []
    actions = [text.rsplit("/", 1)[1] for text in operations if ")/" in text]
    return {
        "type": entry["type"],
        "key": entry["key"],
        "etag": entry["etag"],
        "actions": actions,
        "deletable": not operations or any(text.startswith("DELETE") for text in operations),
    }


def _properties(props: dict[str, Any]) -> dict[str, str]:
    """Name each property as version 1 does, with its version 1 type."""
    return {RENAMED.get(name, name): _type(found) for name, found in props.items()}


def _type(found: dict[str, Any]) -> str:
    return str(found.get("t") or found.get("v1") or found["v2"])


def _codes(rows: list[dict[str, Any]]) -> dict[str, str | None]:
    return {row["name"]: row.get("code") for row in rows}


def _block(name: str, entries: dict[str, Any]) -> str:
    body = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items())
    return f"{json.dumps(name)}: {{\n{body}\n}}"


if __name__ == "__main__":
    main()

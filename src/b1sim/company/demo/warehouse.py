"""What lies in the demo company's warehouse besides plain goods: sets, cases, a transfer."""

from typing import Any

from b1sim.company.books import Books
from b1sim.company.demo import catalogue
from b1sim.company.keepers import KEEPERS
from b1sim.company.shape import intake
from b1sim.company.shape.model import ENTITY_SETS

SET, HAMPER, JUICE = "SET-BREAKFAST", "HAMPER-EVENING", "CASE-JUICE"
_CASE = 2
_ITEMS: tuple[dict[str, Any], ...] = (
    {"ItemCode": SET, "ItemName": "Breakfast set: two mugs and tea", "InventoryItem": "tNO"}
    | {"ItemPrices": [{"PriceList": 1, "Price": "29.90"}]},
    {"ItemCode": HAMPER, "ItemName": "Evening hamper, packed on order", "InventoryItem": "tNO"}
    | {"ItemPrices": [{"PriceList": 1, "Price": "24.50"}]},
    {"ItemCode": JUICE, "ItemName": "Apple juice 0.7 l, also by the case", "UoMGroupEntry": 1}
    | {
        "SalesVATGroup": "A20",
        "ItemPrices": [
            {
                "PriceList": 1,
                "Price": "4.80",
                "UoMPrices": [{"UoMEntry": _CASE, "Price": "55.00", "Currency": "EUR"}],
            }
        ],
    },
)
_TREES: tuple[dict[str, Any], ...] = (
    {"TreeCode": SET, "TreeType": "iSalesTree"}
    | {
        "ProductTreeLines": [
            {"ItemCode": "MUG-NOR1", "Quantity": 2},
            {"ItemCode": "TEA-NOR1", "Quantity": 1},
        ]
    },
    {"TreeCode": HAMPER, "TreeType": "iAssemblyTree"}
    | {
        "ProductTreeLines": [
            {"ItemCode": "CDL-NOR1", "Quantity": 2},
            {"ItemCode": "TWL-NOR1", "Quantity": 1},
        ]
    },
)


def show(books: Books) -> None:
    """Add a set, an assembly and goods by the case, and move and sell some of them."""
    for payload in _ITEMS:
        _create(books, "Items", payload)
    for payload in _TREES:
        _create(books, "ProductTrees", payload)
    received = {"ItemCode": JUICE, "Quantity": 240, "UnitPrice": "2.60"}
    _create(books, "InventoryGenEntries", {"DocumentLines": [received]})
    broken = {"ItemCode": "CDL-NOR1", "Quantity": 2}
    _create(books, "InventoryGenExits", {"DocumentLines": [broken], "Comments": "Broken"})
    moved = [{"ItemCode": "TEA-NOR1", "Quantity": 20}]
    places = {"FromWarehouse": "01", "ToWarehouse": "02"}
    _create(books, "StockTransfers", places | {"StockTransferLines": moved})
    _create(books, "DeliveryNotes", _delivery())


def _delivery() -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {"ItemCode": SET, "Quantity": 3},
        {"ItemCode": HAMPER, "Quantity": 1},
        {"ItemCode": JUICE, "Quantity": 3, "UoMEntry": _CASE},
    ]
    return {"CardCode": catalogue.BUYERS[0], "NumAtCard": "PO-SETS", "DocumentLines": rows}


def _create(books: Books, entity_set: str, payload: dict[str, Any]) -> None:
    kind = ENTITY_SETS[entity_set]
    KEEPERS[entity_set].create(books, kind, intake.take(kind, payload))

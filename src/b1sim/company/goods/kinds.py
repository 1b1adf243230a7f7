"""The kinds of warehouse document (object types: sap-service-layer.md 8)."""

from b1sim.company.kinds import Kind
from b1sim.company.shape.areas.documents import DOCUMENT_TABLES

TRANSFERS = {
    "StockTransfers": (67, "OWTR", "WTR"),
    "InventoryTransferRequests": (1250000001, "OWTQ", "WTQ"),
}
RECEIPT = Kind(
    "InventoryGenEntries",
    *DOCUMENT_TABLES["InventoryGenEntries"],
    "Goods Receipt",
    moves=1,
    books="goods",
)
ISSUE = Kind(
    "InventoryGenExits",
    *DOCUMENT_TABLES["InventoryGenExits"],
    "Goods Issue",
    moves=-1,
    books="goods",
)
TRANSFER = Kind("StockTransfers", *TRANSFERS["StockTransfers"], "Inventory Transfers")
REQUEST = Kind(
    "InventoryTransferRequests",
    *TRANSFERS["InventoryTransferRequests"],
    "Inventory Transfer Request",
    promises="committed",
)

"""The rights that a SAP user of the hub needs, and which flows need them."""

from __future__ import annotations

from b1bridge.connectors.sap_b1.client.privileges import Need

_DEALS = "deal-to-sales-order"
_ORDERS = ("order-to-invoice", "order-to-sales-order", _DEALS)
_STOCK = ("stock-to-shop", "item-to-product")

# Which sets move stock: sap-service-layer.md 6. Units of measure and tax codes belong to the set-up
# of a company, which everybody may read (guess).
_FOR_SOME: tuple[tuple[Need, tuple[str, ...]], ...] = (
    (
        Need("CreditNotes", "DocEntry", write=True),
        ("refund-to-credit-memo", "invoice-to-note", *_ORDERS),
    ),
    (Need("VendorPayments", "DocEntry", write=True), ("refund-to-credit-memo",)),
    (Need("DownPayments", "DocEntry", write=True), ("payment-to-down-payment",)),
    (
        Need("DeliveryNotes", "DocEntry"),
        (
            "order-to-sales-order",
            "sales-order-to-invoice",
            "delivery-to-fulfillment",
            "delivery-to-deal",
            _DEALS,
        ),
    ),
    (Need("Returns", "DocEntry", write=True), ("order-to-sales-order", _DEALS)),
    (Need("Quotations", "DocEntry", write=True), (_DEALS,)),
    (Need("PriceLists", "PriceListNo"), ("partner-to-organization", "item-to-product")),
    (Need("JournalEntries", "JdtNum"), ("partner-to-organization",)),
    (Need("ProductTrees", "TreeCode"), (*_ORDERS, "stock-to-shop")),
    *(
        (Need(name, "DocEntry"), _STOCK)
        for name in (
            "StockTransfers",
            "InventoryTransferRequests",
            "InventoryGenEntries",
            "InventoryGenExits",
            "PurchaseOrders",
            "PurchaseDeliveryNotes",
            "PurchaseInvoices",
        )
    ),
)
NEEDED = (
    Need("BusinessPartners", "CardCode", write=True),
    Need("Items", "ItemCode"),
    Need("Invoices", "DocEntry", write=True),
    Need("Orders", "DocEntry", write=True),
    Need("Drafts", "DocEntry"),
    Need("IncomingPayments", "DocEntry", write=True),
    *(need for need, _ in _FOR_SOME),
)
FLOWS = {need.entity_set: flows for need, flows in _FOR_SOME}
"""The flows that a set is for; what is not here, nearly every flow needs."""

# What no flow touches, and what would do the most harm in the wrong hands.
NOT_NEEDED = (
    Need("Users", "InternalKey", read=False),
    Need("EmployeesInfo", "EmployeeID", read=False),
)
SQL = Need("SQLQueries", "SqlCode")

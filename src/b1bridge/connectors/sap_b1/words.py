"""SAP's names for things, as far as more than one module needs them."""

from __future__ import annotations

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.kits import Tree

ENTITY_SETS = {
    DocumentKind.QUOTATION: "Quotations",
    DocumentKind.SALES_ORDER: "Orders",
    DocumentKind.DELIVERY: "DeliveryNotes",
    DocumentKind.RETURN: "Returns",
    DocumentKind.INVOICE: "Invoices",
    DocumentKind.CREDIT_MEMO: "CreditNotes",
    DocumentKind.DOWN_PAYMENT: "DownPayments",
}
OBJECT_TYPES = {
    DocumentKind.QUOTATION: "23",
    DocumentKind.SALES_ORDER: "17",
    DocumentKind.DELIVERY: "15",
    DocumentKind.RETURN: "16",
    DocumentKind.INVOICE: "13",
    DocumentKind.CREDIT_MEMO: "14",
    DocumentKind.DOWN_PAYMENT: "203",
}
SETTLED_TYPES = {
    DocumentKind.INVOICE: "it_Invoice",
    DocumentKind.CREDIT_MEMO: "it_CredItnote",
    DocumentKind.DOWN_PAYMENT: "it_DownPayment",
}
KINDS = {int(number): kind for kind, number in OBJECT_TYPES.items()}
TREES = {
    "iSalesTree": Tree.SALES,
    "iTemplateTree": Tree.TEMPLATE,
    "iAssemblyTree": Tree.ASSEMBLY,
    "iProductionTree": Tree.PRODUCTION,
    "iIngredient": Tree.PART,
}
TREE_NAMES = {tree: name for name, tree in TREES.items()}
PAYMENT = "incoming payment"
OUTGOING_PAYMENT = "outgoing payment"

YES = "tYES"
NO = "tNO"

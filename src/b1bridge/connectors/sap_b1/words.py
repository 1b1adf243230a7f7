"""SAP's names for things, as far as more than one module needs them."""

from __future__ import annotations

from b1bridge.domain.documents import DocumentKind

ENTITY_SETS = {DocumentKind.INVOICE: "Invoices", DocumentKind.SALES_ORDER: "Orders"}
OBJECT_TYPES = {DocumentKind.INVOICE: "13", DocumentKind.SALES_ORDER: "17"}
PAYMENT = "incoming payment"

YES = "tYES"
NO = "tNO"

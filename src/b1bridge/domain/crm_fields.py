"""The custom fields that we fill, by the names that people see."""

from __future__ import annotations

from b1bridge.domain.crm import CrmField, CrmRecord, FieldKind

STATUS = "SAP status"
BALANCE = "SAP balance"
OVERDUE = "SAP overdue"
OPEN_ORDERS = "SAP open orders"
CREDIT_LIMIT = "SAP credit limit"
CREDIT_STATUS = "SAP credit status"
PRICE_LIST = "SAP price list"
SEGMENT = "SAP segment"
STOCK = "SAP stock"
ON_ORDER = "SAP on order"
PROFIT_CENTRE = "SAP profit centre"
ORDER = "SAP order"
DELIVERY = "SAP delivery"
INVOICE = "SAP invoice"
OPEN = "SAP open"
EXPECTED = "SAP expected"

ORGANIZATION_FIELDS = (
    CrmField(CrmRecord.ORGANIZATION, STATUS, FieldKind.TEXT),
    CrmField(CrmRecord.ORGANIZATION, BALANCE, FieldKind.MONEY),
    CrmField(CrmRecord.ORGANIZATION, OVERDUE, FieldKind.MONEY),
    CrmField(CrmRecord.ORGANIZATION, OPEN_ORDERS, FieldKind.MONEY),
    CrmField(CrmRecord.ORGANIZATION, CREDIT_LIMIT, FieldKind.MONEY),
    CrmField(CrmRecord.ORGANIZATION, CREDIT_STATUS, FieldKind.TEXT),
    CrmField(CrmRecord.ORGANIZATION, PRICE_LIST, FieldKind.TEXT),
    CrmField(CrmRecord.ORGANIZATION, SEGMENT, FieldKind.TEXT),
)
PERSON_FIELDS = (CrmField(CrmRecord.PERSON, STATUS, FieldKind.TEXT),)
PRODUCT_FIELDS = (
    CrmField(CrmRecord.PRODUCT, STOCK, FieldKind.NUMBER),
    CrmField(CrmRecord.PRODUCT, ON_ORDER, FieldKind.NUMBER),
    CrmField(CrmRecord.PRODUCT, EXPECTED, FieldKind.DATE),
    CrmField(CrmRecord.PRODUCT, PROFIT_CENTRE, FieldKind.TEXT),
)
DEAL_FIELDS = (
    CrmField(CrmRecord.DEAL, ORDER, FieldKind.TEXT),
    CrmField(CrmRecord.DEAL, DELIVERY, FieldKind.TEXT),
    CrmField(CrmRecord.DEAL, INVOICE, FieldKind.TEXT),
    CrmField(CrmRecord.DEAL, OPEN, FieldKind.TEXT),
    CrmField(CrmRecord.DEAL, EXPECTED, FieldKind.DATE),
)
ALL = (*ORGANIZATION_FIELDS, *PERSON_FIELDS, *PRODUCT_FIELDS, *DEAL_FIELDS)

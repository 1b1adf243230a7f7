"""From the trade's nouns to SAP's fields; pure functions."""

from __future__ import annotations

from typing import Any

from b1bridge.connectors.sap_b1.addresses import (
    address_extension,
    check_room,
    partner_address,
)
from b1bridge.connectors.sap_b1.places import GUESSED, Places
from b1bridge.connectors.sap_b1.texts import (
    CARD_CODE,
    CARD_NAME,
    COMMENTS,
    DESCRIPTION,
    EMAIL,
    PHONE,
    REFERENCE,
    TAX_ID,
    TRANSFER_REFERENCE,
    cut,
    fitting,
    plain,
    width_of,
)
from b1bridge.connectors.sap_b1.words import OBJECT_TYPES, SETTLED_TYPES, TREE_NAMES, YES
from b1bridge.domain.customers import NewBusinessPartner
from b1bridge.domain.documents import (
    BaseRow,
    DocumentKind,
    DocumentLine,
    Drawing,
    Expense,
    SalesDocument,
)
from b1bridge.domain.payments import Means, PartnerPayment, Settled


def document_fields(
    document: SalesDocument, *, local_currency: str, tax_field: str, places: Places = GUESSED
) -> dict[str, Any]:
    """Write an invoice or sales order with the shop's own line amounts.

    Amounts go into LineTotal or GrossTotal alone: a price beside them would over-constrain the
    line (9.1). Amounts of a foreign document are sent in its own currency, which is a guess
    that reading the totals back proves or refutes.
    """
    record = f"{document.kind} {document.reference}"
    fields: dict[str, Any] = {
        "CardCode": document.business_partner,
        "NumAtCard": fitting(document.reference, REFERENCE, field="NumAtCard", record=record),
        "DocDate": document.posted_on,
        "DocDueDate": document.due_on,
        "TaxDate": document.taxed_on or document.posted_on,
        "DocumentLines": [_line(line, document.gross, tax_field) for line in document.lines],
    }
    if any(line.account for line in document.lines):
        fields["DocType"] = "dDocument_Service"
    if document.currency != local_currency:
        fields["DocCurrency"] = document.currency
        if document.rate is not None:
            fields["DocRate"] = document.rate
    if document.gross:
        fields["PriceMode"] = "pmdGross"
    if document.expenses:
        fields["DocumentAdditionalExpenses"] = [
            _expense(expense, document.gross, tax_field) for expense in document.expenses
        ]
    foreign = document.currency != local_currency
    return fields | _extras(document, foreign=foreign) | _texts(document, record, places)


def _texts(document: SalesDocument, record: str, places: Places) -> dict[str, Any]:
    """Write addresses and comments; what addresses have no room for comes first in the latter."""
    extension, rest = address_extension(document.ship_to, document.bill_to, places=places)
    fields: dict[str, Any] = {"AddressExtension": extension} if extension else {}
    check_room(rest, record)
    comments = ". ".join(filter(None, (rest, document.comments)))
    return fields | ({"Comments": cut(comments, COMMENTS)} if comments else {})


def _extras(document: SalesDocument, *, foreign: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if document.rounding:
        fields |= {"Rounding": YES, "RoundingDiffAmount": document.rounding.amount}
    if document.reserve and document.kind is DocumentKind.INVOICE:
        fields["ReserveInvoice"] = YES
    if document.kind is DocumentKind.DOWN_PAYMENT:
        fields["DownPaymentType"] = "dptInvoice"
    if document.transport is not None:
        fields["TransportationCode"] = document.transport
    if document.payment_method:
        fields["PaymentMethod"] = document.payment_method
    if document.contact is not None:
        fields["ContactPersonCode"] = document.contact
    if document.also_carried:
        name, number = document.also_carried
        fields[name] = number
    if document.draws:
        fields["DownPaymentsToDraw"] = [_drawing(one, foreign=foreign) for one in document.draws]
    return fields


def _line(line: DocumentLine, gross: bool, tax_field: str) -> dict[str, Any]:  # noqa: FBT001 - named by the document
    fields: dict[str, Any] = {
        "ItemCode": line.item,
        "AccountCode": line.account,
        "Quantity": line.quantity if line.item else "",
        "ItemDescription": "" if line.item else cut(line.description, DESCRIPTION),
        "GrossTotal" if gross else "LineTotal": line.amount.amount,
        tax_field: line.tax_code,
        "WarehouseCode": line.warehouse,
        "WithoutInventoryMovement": "" if line.moves_stock else YES,
    }
    written = {name: value for name, value in fields.items() if value != ""}
    return written | _base(line.base) | _packed(line)


def _packed(line: DocumentLine) -> dict[str, Any]:
    """Say in which unit, as what part of a kit, and from which batches a row is sold."""
    fields: dict[str, Any] = {}
    if line.unit:
        fields["UoMEntry"] = line.unit.entry
    if line.tree:
        fields["TreeType"] = TREE_NAMES[line.tree]
    if line.batches:
        fields["BatchNumbers"] = [
            {"BatchNumber": one.number, "Quantity": one.quantity} for one in line.batches
        ]
    return fields


def _drawing(drawing: Drawing, *, foreign: bool) -> dict[str, Any]:
    return {
        "DocEntry": drawing.entry,
        "GrossAmountToDrawFC" if foreign else "GrossAmountToDraw": drawing.gross.amount,
        "IsGrossLine": YES,
    }


def _base(base: BaseRow | None) -> dict[str, Any]:
    if base is None:
        return {}
    return {
        "BaseType": int(OBJECT_TYPES[base.kind]),
        "BaseEntry": base.entry,
        "BaseLine": base.row,
    }


def _expense(expense: Expense, gross: bool, tax_field: str) -> dict[str, Any]:  # noqa: FBT001 - named by the document
    fields = {
        "ExpenseCode": expense.code,
        "LineGross" if gross else "LineTotal": expense.amount.amount,
        tax_field: expense.tax_code,
        "Remarks": cut(expense.remarks, COMMENTS),
    }
    return {name: value for name, value in fields.items() if value != ""}


def payment_fields(payment: PartnerPayment, *, local_currency: str) -> dict[str, Any]:
    """Write a payment, in or out (9.5).

    A foreign payment names its currency and what it applies in that currency (a guess).
    """
    record = f"payment {payment.reference}"
    foreign = payment.amount.currency != local_currency
    fields: dict[str, Any] = {
        "DocType": "rCustomer",
        "CardCode": payment.business_partner,
        "DocDate": payment.posted_on,
        "TaxDate": payment.taxed_on or payment.posted_on,
        "Remarks": remarks_of(payment, record=record),
    }
    if payment.settles:
        fields["PaymentInvoices"] = [_settled(one, foreign=foreign) for one in payment.settles]
    if foreign:
        fields["DocCurrency"] = payment.amount.currency
        if payment.rate is not None:
            fields["DocRate"] = payment.rate
    return fields | _means(payment)


def _settled(one: Settled, *, foreign: bool) -> dict[str, Any]:
    """Write what a payment settles of a document, in the payment's own currency."""
    return {
        "DocEntry": one.entry,
        "InvoiceType": SETTLED_TYPES[one.kind],
        "AppliedFC" if foreign else "SumApplied": one.amount.amount,
    }


def _means(payment: PartnerPayment) -> dict[str, Any]:
    """Write how the money moves: to or from a bank account, or in cash."""
    amount = payment.amount.amount
    if payment.means is Means.CASH:
        return {"CashAccount": payment.account, "CashSum": amount}
    fields: dict[str, Any] = {
        "TransferAccount": payment.account,
        "TransferSum": amount,
        "TransferDate": payment.posted_on,
    }
    if payment.gateway_reference:
        fields["TransferReference"] = cut(payment.gateway_reference, TRANSFER_REFERENCE)
    return fields


def remarks_of(payment: PartnerPayment, *, record: str) -> str:
    """Put our reference first, so that a search for what Remarks begin with finds it.

    A gateway reference too long for its own field is kept here in full.
    """
    reference = fitting(payment.reference, REFERENCE, field="Remarks", record=record)
    rest = [payment.remarks]
    if width_of(plain(payment.gateway_reference)) > TRANSFER_REFERENCE:
        rest.insert(0, payment.gateway_reference)
    return cut(" ".join([reference, *rest]), COMMENTS)


def carries(remarks: str, reference: str) -> bool:
    """Tell whether remarks begin with this reference, and not with a longer one."""
    return remarks == reference or remarks.startswith(f"{reference} ")


def partner_fields(partner: NewBusinessPartner, *, places: Places = GUESSED) -> dict[str, Any]:
    """Write a customer account with its billing address."""
    record = f"customer {partner.code}"
    fields: dict[str, Any] = {
        "CardCode": fitting(partner.code, CARD_CODE, field="CardCode", record=record),
        "CardName": cut(partner.name, CARD_NAME),
        "CardType": "cCustomer",
        "EmailAddress": fitting(partner.email, EMAIL, field="EmailAddress", record=record),
        "Phone1": cut(partner.phone, PHONE),
        "Currency": partner.currency,
        "FederalTaxID": fitting(partner.tax_id, TAX_ID, field="FederalTaxID", record=record),
    }
    fields = {name: value for name, value in fields.items() if value}
    address, rest = partner_address(partner.billing, "bo_BillTo", "Bill to", places=places)
    if address:
        fields["BPAddresses"] = [address]
    # A memo: it takes whatever an address has no room for.
    return fields | ({"FreeText": rest} if rest else {})

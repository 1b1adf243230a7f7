"""From the trade's nouns to SAP's fields; pure functions."""

from __future__ import annotations

import re
from typing import Any

from b1bridge.connectors.sap_b1.words import YES
from b1bridge.domain.customers import Address, NewBusinessPartner
from b1bridge.domain.documents import DocumentKind, DocumentLine, Expense, SalesDocument
from b1bridge.domain.payments import IncomingPayment, Means
from b1bridge.errors import Rejected

# SAP refuses longer texts instead of cutting them. CardCode is recorded (sap-service-layer.md 5),
# NumAtCard too (9.1); the other widths are those of the database columns from memory: guesses.
CARD_CODE = 15
REFERENCE = 100
CARD_NAME = 100
EMAIL = 100
PHONE = 20
COMMENTS = 254
TRANSFER_REFERENCE = 27
JOURNAL_MEMO = 50

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def plain(text: str) -> str:
    """Turn control characters and line ends into spaces, since SAP's fields are one line."""
    return " ".join(_CONTROL.sub(" ", text).split())


def cut(text: str, width: int) -> str:
    """Shorten a text of our own making; an ellipsis shows that there was more."""
    clean = plain(text)
    return clean if len(clean) <= width else clean[: width - 1].rstrip() + "…"


def fitting(text: str, width: int, *, field: str, record: str) -> str:
    """Return the text, or raise Rejected: half a code or reference would name something else."""
    clean = plain(text)
    if len(clean) <= width:
        return clean
    msg = f"{record}: {field} takes {width} characters and '{clean}' has {len(clean)}"
    raise Rejected(msg, reason="VALUE_TOO_LONG", fix=f"shorten {field}, then retry the case")


def document_fields(
    document: SalesDocument, *, local_currency: str, tax_field: str
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
        "TaxDate": document.posted_on,
        "DocumentLines": [_line(line, document.gross, tax_field) for line in document.lines],
    }
    if document.currency != local_currency:
        fields["DocCurrency"] = document.currency
    if document.gross:
        fields["PriceMode"] = "pmdGross"
    if document.expenses:
        fields["DocumentAdditionalExpenses"] = [
            _expense(expense, document.gross, tax_field) for expense in document.expenses
        ]
    return fields | _extras(document, record)


def _extras(document: SalesDocument, record: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if document.rounding:
        fields |= {"Rounding": YES, "RoundingDiffAmount": document.rounding.amount}
    if document.reserve and document.kind is DocumentKind.INVOICE:
        fields["ReserveInvoice"] = YES
    if document.comments:
        fields["Comments"] = cut(document.comments, COMMENTS)
    extension = address_extension(document.ship_to, document.bill_to, record=record)
    if extension:
        fields["AddressExtension"] = extension
    return fields


def _line(line: DocumentLine, gross: bool, tax_field: str) -> dict[str, Any]:  # noqa: FBT001 - named by the document
    fields = {
        "ItemCode": line.item,
        "Quantity": line.quantity,
        "GrossTotal" if gross else "LineTotal": line.amount.amount,
        tax_field: line.tax_code,
        "WarehouseCode": line.warehouse,
    }
    return {name: value for name, value in fields.items() if value != ""}


def _expense(expense: Expense, gross: bool, tax_field: str) -> dict[str, Any]:  # noqa: FBT001 - named by the document
    fields = {
        "ExpenseCode": expense.code,
        "LineGross" if gross else "LineTotal": expense.amount.amount,
        tax_field: expense.tax_code,
        "Remarks": cut(expense.remarks, COMMENTS),
    }
    return {name: value for name, value in fields.items() if value != ""}


def payment_fields(payment: IncomingPayment, *, local_currency: str) -> dict[str, Any]:
    """Write an incoming payment against one invoice (9.5).

    A foreign payment names its currency and what it applies in that currency (a guess).
    """
    record = f"payment {payment.reference}"
    amount = payment.amount.amount
    foreign = payment.amount.currency != local_currency
    applied = {"AppliedFC" if foreign else "SumApplied": amount}
    fields: dict[str, Any] = {
        "DocType": "rCustomer",
        "CardCode": payment.business_partner,
        "DocDate": payment.posted_on,
        "TaxDate": payment.posted_on,
        "Remarks": remarks_of(payment, record=record),
        "PaymentInvoices": [
            {"DocEntry": payment.invoice_entry, "InvoiceType": "it_Invoice", **applied}
        ],
    }
    if foreign:
        fields["DocCurrency"] = payment.amount.currency
    return fields | _means(payment)


def _means(payment: IncomingPayment) -> dict[str, Any]:
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


def remarks_of(payment: IncomingPayment, *, record: str) -> str:
    """Put our reference first, so that a search for what Remarks begin with finds it.

    A gateway reference too long for its own field is kept here in full.
    """
    reference = fitting(payment.reference, REFERENCE, field="Remarks", record=record)
    rest = [payment.remarks]
    if len(plain(payment.gateway_reference)) > TRANSFER_REFERENCE:
        rest.insert(0, payment.gateway_reference)
    return cut(" ".join([reference, *rest]), COMMENTS)


def carries(remarks: str, reference: str) -> bool:
    """Tell whether remarks begin with this reference, and not with a longer one."""
    return remarks == reference or remarks.startswith(f"{reference} ")


def partner_fields(partner: NewBusinessPartner) -> dict[str, Any]:
    """Write a customer account with its billing address."""
    record = f"customer {partner.code}"
    fields: dict[str, Any] = {
        "CardCode": fitting(partner.code, CARD_CODE, field="CardCode", record=record),
        "CardName": cut(partner.name, CARD_NAME),
        "CardType": "cCustomer",
        "EmailAddress": fitting(partner.email, EMAIL, field="EmailAddress", record=record),
        "Phone1": cut(partner.phone, PHONE),
        "Currency": partner.currency,
    }
    fields = {name: value for name, value in fields.items() if value}
    address = _named(address_parts(partner.billing, record=record), _PARTNER_NAMES)
    if address:
        head = {"AddressName": "Bill to", "AddressType": "bo_BillTo"}
        fields["BPAddresses"] = [head | address]
    return fields


_WIDTHS = {
    "Street": 100,
    "Block": 100,
    "Building": 254,
    "City": 100,
    "ZipCode": 20,
    "County": 100,
    "State": 3,
    "Country": 3,
    "Name2": 50,
    "Name3": 50,
}
_EXTENSION_NAMES = {"Name2": "Address2", "Name3": "Address3"}
_PARTNER_NAMES = {
    "Name2": "AddressName2",
    "Name3": "AddressName3",
    "Building": "BuildingFloorRoom",
}


def address_extension(ship_to: Address, bill_to: Address, *, record: str) -> dict[str, str]:
    """Write the order's own addresses onto the document, whatever the partner card says."""
    fields: dict[str, str] = {}
    for prefix, address in (("ShipTo", ship_to), ("BillTo", bill_to)):
        parts = _named(address_parts(address, record=record), _EXTENSION_NAMES)
        fields |= {prefix + name: text for name, text in parts.items()}
    return fields


def address_parts(address: Address, *, record: str) -> dict[str, str]:
    """Lay an address into SAP's widths; what does not fit flows on, nothing is lost.

    SAP's State is a code of at most 3 characters, so a written-out state goes to County. SAP has
    no field for recipient and company: they stand in the second and third address name.
    Raises Rejected (ADDRESS) when even the last field is full.
    """
    wanted = {
        "Street": address.street_1,
        "Block": address.street_2,
        "Name2": address.name,
        "Name3": address.company,
        "City": address.city,
        "ZipCode": address.zip_code,
        "County": address.state if len(plain(address.state)) > _WIDTHS["State"] else "",
        "State": address.state if len(plain(address.state)) <= _WIDTHS["State"] else "",
        "Country": address.country.upper(),
    }
    laid: dict[str, str] = {}
    over: list[str] = []
    for name, text in wanted.items():
        flowing = [laid.pop("flow", ""), plain(text)] if name == "Block" else [plain(text)]
        fits, rest = _split(", ".join(filter(None, flowing)), _WIDTHS[name])
        laid[name] = fits
        if rest and name == "Street":
            laid["flow"] = rest
        elif rest:
            over.append(rest)
    laid["Building"] = _last(", ".join(over), record)
    return {name: text for name, text in laid.items() if text}


def _last(text: str, record: str) -> str:
    if len(text) <= _WIDTHS["Building"]:
        return text
    msg = f"{record}: an address is longer than all of SAP's address fields together"
    fix = "shorten the address in the shop, then retry the case"
    raise Rejected(msg, reason="ADDRESS", fix=fix)


def _split(text: str, width: int) -> tuple[str, str]:
    """Split at the last space that fits, or in a word that is longer than the field."""
    if len(text) <= width:
        return text, ""
    at = text.rfind(" ", 0, width + 1)
    at = at if at > 0 else width
    return text[:at].rstrip(), text[at:].lstrip()


def _named(parts: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    return {names.get(name, name): text for name, text in parts.items()}

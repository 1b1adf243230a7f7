"""Every refusal of the company, with the code, HTTP status and wording that clients meet.

Source of codes and texts: sap-service-layer.md 3.2 and 9. Texts marked *guess* were never
captured; clients must not match on them anyway.
"""

from decimal import Decimal
from http import HTTPStatus


class Refusal(Exception):
    """The company says no; nothing was changed."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def refused(code: int, message: str) -> Refusal:
    """Refuse with HTTP 400, as nearly every business rule does."""
    return Refusal(HTTPStatus.BAD_REQUEST, code, message)


# -- addressing ----------------------------------------------------------------------------------
def not_found() -> Refusal:
    """Answer a key that does not exist."""
    return Refusal(HTTPStatus.NOT_FOUND, -2028, "No matching records found (ODBC -2028)")


class Diverted(Refusal):
    """The document became a draft that waits for approval; the draft is kept.

    SAP then tries to read the document back and finds none (sap-service-layer.md 9.9); with
    `Prefer: return-no-content` it answers 204 instead, which is the caller's to do.
    """

    def __init__(self, status: int, draft_entry: int) -> None:
        super().__init__(status, -2028, "No matching records found (ODBC -2028)")
        self.draft_entry = draft_entry


def unknown_code() -> Refusal:
    """Refuse to write what points at a record that is not there."""
    return refused(-2028, "No matching records found (ODBC -2028)")


def duplicate_row() -> Refusal:
    """Refuse a key or sub-row that is already there."""
    message = "This entry already exists in the following tables (ODBC -2035)"
    return refused(-2035, message)


def empty_address() -> Refusal:
    """Refuse an address without a name; the wording was met live (guess: code)."""
    return refused(-5002, "Address is empty")


def invalid_property(name: str, type_name: str) -> Refusal:
    """Refuse a name that the type does not have."""
    return refused(-1000, f"Property '{name}' of '{type_name}' is invalid")


def invalid_value(name: str, type_name: str, value: object) -> Refusal:
    """Refuse a value of the wrong kind or an unknown enum member (guess: code and text)."""
    return refused(-1000, f"Invalid value '{value}' in property '{name}' of '{type_name}'")


def value_too_long(name: str, type_name: str) -> Refusal:
    """Refuse instead of cutting: the Service Layer never truncates."""
    return refused(-1, f"Value too long in property '{name}' of '{type_name}'")


def not_simulated(what: str) -> Refusal:
    """Say loudly that SAP may do this and b1sim does not."""
    return Refusal(HTTPStatus.NOT_IMPLEMENTED, -1, f"b1sim does not simulate {what}")


def action_not_supported() -> Refusal:
    """Refuse DELETE of an order and the like."""
    return refused(-5006, "The requested action is not supported for this object.")


# -- master data ---------------------------------------------------------------------------------
def duplicate_partner(code: str) -> Refusal:
    """Refuse a second partner with one code."""
    return refused(
        -10,
        f"1320000140 - Business partner code '{code}' already assigned to a business partner; "
        "enter a unique business partner code",
    )


def duplicate_item(code: str) -> Refusal:
    """Refuse a second item with one code."""
    return refused(-10, f"Item code '{code}' already exists")


def missing_code(field: str) -> Refusal:
    """Refuse master data without its key (guess: text)."""
    return refused(-10, f"Enter a code  [{field}]")


def in_use(what: str) -> Refusal:
    """Refuse to delete or change what documents point at (guess: text)."""
    return refused(-10, f"Cannot remove or change {what}: it has been used in transactions")


# -- documents -----------------------------------------------------------------------------------
def invalid_partner(table: str, code: str | None) -> Refusal:
    """Refuse an unknown, missing or unsuitable partner."""
    return refused(-5002, f"Invalid BP code  [{table}.CardCode] , '{code or ''}'")


def inactive_partner(table: str, code: str) -> Refusal:
    """Refuse a frozen partner (guess: text)."""
    return refused(-5002, f"Business partner is inactive  [{table}.CardCode] , '{code}'")


def missing_due_date(table: str) -> Refusal:
    """Refuse an order that does not say when it is due (guess: text before the bracket)."""
    return refused(-5002, f"Enter due date  [{table}.DocDueDate]")


def no_lines(table: str) -> Refusal:
    """Refuse a document without rows (guess: text)."""
    return refused(-5002, f"Document has no rows; add at least one row  [{table}.DocEntry]")


def missing_item(line: int) -> Refusal:
    """Refuse a row without an item."""
    return refused(
        -5002,
        f"Item number is missing; specify an item number  [DocumentLines.ItemCode][line: {line}]",
    )


def unknown_item(table: str, line: int, code: str) -> Refusal:
    """Refuse a row whose item does not exist."""
    return refused(-5002, f"Item code is invalid  [{table}.ItemCode][line: {line}] , '{code}'")


def inactive_item(table: str, line: int, code: str) -> Refusal:
    """Refuse a frozen or inactive item."""
    return refused(-5002, f"Item is inactive  [{table}.ItemCode][line: {line}] , '{code}'")


def not_for_sale(table: str, line: int, code: str) -> Refusal:
    """Refuse an item that is not a sales item (guess: text)."""
    return refused(-5002, f"Item is not a sales item  [{table}.ItemCode][line: {line}] , '{code}'")


def unknown_warehouse(table: str, line: int, code: str) -> Refusal:
    """Refuse an unknown or inactive warehouse (guess: text)."""
    return refused(-5002, f"Warehouse code is invalid  [{table}.WhsCode][line: {line}] , '{code}'")


def unknown_tax_code(field: str, line: int, code: str | None) -> Refusal:
    """Refuse a tax code the company does not have (guess: text)."""
    return refused(-5002, f"Invalid tax code  [{field}][line: {line}] , '{code or ''}'")


def unknown_account(field: str, code: str | None, line: int = 1) -> Refusal:
    """Refuse an account that does not exist or takes no postings."""
    return refused(-5002, f"Invalid G/L account  [{field}][line: {line}] , '{code or ''}'")


def unknown_expense(table: str, line: int, code: object) -> Refusal:
    """Refuse freight that is not defined (guess: text)."""
    return refused(-5002, f"Invalid freight code  [{table}.ExpnsCode][line: {line}] , '{code}'")


def no_rate(currency: str, day: str) -> Refusal:
    """Refuse a foreign document on a day without a rate (guess: text)."""
    return refused(-5002, f"Update the exchange rate for '{currency}' on {day}  [ORTT.Rate]")


def wrong_currency(table: str, currency: str) -> Refusal:
    """Refuse a currency the partner does not trade in (guess: text)."""
    return refused(-5002, f"Invalid document currency  [{table}.DocCur] , '{currency}'")


def invalid_quantity(table: str, line: int) -> Refusal:
    """Refuse a quantity of zero or less (guess: text)."""
    return refused(-5002, f"Quantity must be greater than zero  [{table}.Quantity][line: {line}]")


def duplicate_reference(table: str, reference: str) -> Refusal:
    """Refuse a customer reference used before, where the company blocks that (guess: text)."""
    return refused(
        -10, f"Customer reference number already exists  [{table}.NumAtCard] , '{reference}'"
    )


def wrong_series(table: str, series: object) -> Refusal:
    """Refuse a numbering series that is not this document's."""
    return refused(
        -4002, f"Numbering series does not match the document type  [{table}.Series] , '{series}'"
    )


def period_locked(table: str, field: str) -> Refusal:
    """Refuse a date in a locked posting period."""
    return refused(-4013, f"Posting period locked; specify an alternative date  [{table}.{field}]")


def date_out_of_range(table: str, field: str) -> Refusal:
    """Refuse a date for which no posting period exists."""
    return refused(-4013, f"Date deviates from permissible range  [{table}.{field}]")


# -- copying -------------------------------------------------------------------------------------
def base_closed() -> Refusal:
    """Refuse to draw on a document that is closed."""
    return refused(-10, "One of the base documents has already been closed ")


def base_card_differs() -> Refusal:
    """Refuse to draw on another partner's document."""
    return refused(-5002, "Base document card and target document card do not match.")


def base_item_differs(line: int) -> Refusal:
    """Refuse a row whose item is not the base row's."""
    return refused(
        -5002, f"Base document item and target item number does not match  [line: {line}]"
    )


def base_missing(table: str, line: int) -> Refusal:
    """Refuse a base document or row that does not exist (guess: text)."""
    return refused(-5002, f"Base document row not found  [{table}.BaseEntry][line: {line}]")


def over_base_quantity(table: str, line: int) -> Refusal:
    """Refuse more than is open, where the company blocks that (guess: text)."""
    return refused(
        -10, f"Quantity exceeds the open base quantity  [{table}.Quantity][line: {line}]"
    )


# -- cancelling ----------------------------------------------------------------------------------
def already_closed() -> Refusal:
    """Refuse an action on a closed or cancelled document."""
    return refused(-5006, "Document is already closed or cancelled")


def has_targets() -> Refusal:
    """Refuse to cancel what other documents were drawn from (guess: text)."""
    return refused(-5006, "Cannot cancel: target documents exist")


# -- stock ---------------------------------------------------------------------------------------
def negative_stock(table: str, line: int) -> Refusal:
    """Refuse to take more than lies there."""
    return refused(-10, f"Quantity falls into negative inventory  [{table}.ItemCode][line: {line}]")


def negative_batch(item: str, batch: str, warehouse: str) -> Refusal:
    """Refuse to take more of a batch than lies there."""
    return refused(
        -10,
        f"10001153 - Insufficient quantity for item {item} with batch {batch} "
        f"in warehouse {warehouse}",
    )


def incomplete_batches(line: int) -> Refusal:
    """Refuse a row whose batches or serials do not add up to its quantity."""
    return refused(
        -4014,
        f"Cannot add row without complete selection of batch/serial numbers  [line: {line}]",
    )


def unknown_batch(number: str) -> Refusal:
    """Refuse a batch or serial number nobody received."""
    return refused(
        -5002,
        f"Batch/serial number {number} does not exist; specify a valid batch/serial number",
    )


# -- money ---------------------------------------------------------------------------------------
def invoice_closed() -> Refusal:
    """Refuse to pay an invoice twice."""
    return refused(-10, "Invoice is already closed or blocked  [Message 3524-20]")


def unbalanced(debit: Decimal, credit: Decimal) -> Refusal:
    """Refuse a journal entry whose sides differ (guess: text)."""
    return refused(-5002, f"Unbalanced transaction: debit {debit}, credit {credit}  [OJDT.TransId]")


def control_account(account: str, line: int) -> Refusal:
    """Refuse a posting to a control account other than through a partner."""
    return refused(
        -5002,
        f"Control accounts take postings through business partners only  "
        f"[JDT1.Account][line: {line}] , '{account}'",
    )

"""What a user may do: a superuser everything, anybody else what the rows of UserPermission say.

The three levels and their table are SAP's (SDK help, USR3; none is the default), the refusal's
code, status and text are those of stored queries (sap-service-layer.md 4.3): a guess elsewhere.
Which number stands for which set is a guess as well, but for webhooks (sap-service-layer.md 6):
SAP's list is not public, so documents have the numbers of their windows. What stands in no line
below belongs to the set-up of the company, which everybody may read; user tables and attachments
are everybody's.
Changing stored queries, and running each of them, are rights of their own.
"""

from http import HTTPStatus

from b1sim.company.books import Books
from b1sim.company.refusals import Refusal
from b1sim.company.rules import users

FULL, READ, NONE = "F", "R", "N"
SET_UP = "SETUP"
_MODIFY_QUERIES = "SQLQUERIES"
_EVERYBODYS = ("U_", "Attachments2")
NOT_PERMITTED = -6006
PERMISSIONS = {
    "Activities": "651",
    "ApprovalRequests": "50101",
    "BlanketAgreements": "1250000100",
    "BusinessPartners": "134",
    "ChartOfAccounts": "806",
    "CreditNotes": "179",
    "DeliveryNotes": "140",
    "DownPayments": "65300",
    "Drafts": "3002",
    "EmployeesInfo": "60100",
    "EventNotifications": "2249",
    "EventSubscriptions": "2249",
    "IncomingPayments": "170",
    "InventoryGenEntries": "721",
    "InventoryGenExits": "720",
    "InventoryTransferRequests": "1250000940",
    "Invoices": "133",
    "Items": "150",
    "JournalEntries": "392",
    "Orders": "139",
    "PaymentDrafts": "3002",
    "PriceLists": "155",
    "ProductTrees": "672",
    "PurchaseDeliveryNotes": "143",
    "PurchaseInvoices": "141",
    "PurchaseOrders": "142",
    "Quotations": "149",
    "ReturnRequest": "234000032",
    "Returns": "180",
    "SalesOpportunities": "320",
    "SpecialPrices": "333",
    "StockTransfers": "940",
    "Users": "20700",
    "VendorPayments": "426",
}


def check(books: Books, entity_set: str, *, write: bool) -> None:
    """Refuse to read or to write the entities of a set without the right to."""
    free = entity_set not in PERMISSIONS and (not write or entity_set.startswith(_EVERYBODYS))
    if free or users.is_superuser(books, books.user):
        return
    granted = level(books, books.user, right_of(entity_set))
    if granted == FULL or (granted == READ and not write):
        return
    raise not_permitted()


def right_of(entity_set: str) -> str:
    """Name the right that a set is read and written by."""
    return _MODIFY_QUERIES if entity_set == "SQLQueries" else PERMISSIONS.get(entity_set, SET_UP)


def check_service(books: Books, operation: str) -> None:
    """Refuse an operation that changes what its user may not change.

    An operation of a set needs the right to write it, or to read it where it only asks; what the
    others change is the set-up of the company (guess). Everybody may ask who they are.
    """
    service, _, method = operation.partition("Service_")
    if method != "GetCurrentUser":
        asks = method.startswith(("Get", "Init", "Format", "Round"))
        check(books, service, write=not asks)


def level(books: Books, user: str, right: str) -> str:
    """Return what a user is granted; a value that is none of the three counts as none (guess)."""
    sql = """SELECT Permission FROM USR3 JOIN OUSR ON OUSR.USERID = USR3.UserLink
        WHERE USER_CODE = ? AND PermId = ?"""
    found = books.recall(sql, (user, right)) or {}
    return str(found["Permission"]) if found.get("Permission") in (FULL, READ) else NONE


def may_run(books: Books, query: str) -> bool:
    """Tell whether the user may run a stored query; its code is its right (guess)."""
    if users.is_superuser(books, books.user):
        return True
    return level(books, books.user, query) == FULL


def not_permitted() -> Refusal:
    """Refuse for want of a right."""
    text = "You are not permitted to perform this action"
    return Refusal(HTTPStatus.FORBIDDEN, NOT_PERMITTED, text)

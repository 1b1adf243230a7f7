"""The switches of a company; each guess about SAP is one of them, with its default argued."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class ApprovalRule:
    """Which documents are diverted to Drafts: every one of a kind from an amount on."""

    entity_set: str
    from_total: str = "0"
    card_code: str | None = None


@dataclass
class ProcedureRule:
    """One refusal of the company's stored procedure (sap-service-layer.md 3.1)."""

    entity_set: str
    condition: str
    """SQL over the columns of the record as it would stand, such as `DocTotal > 1000`."""
    number: int
    text: str
    code: int = -5002
    transactions: str = "AU"
    """A add, U update, D delete, C cancel, L close."""


@dataclass
class CompanySettings:
    """How this company is set up; kept in the company file."""

    name: str = "SBODEMO"
    local_currency: str = "EUR"
    time_zone: str = "Europe/Berlin"
    users: dict[str, str] = field(default_factory=lambda: {"manager": "b1sim"})

    amount_decimals: int = 2
    price_decimals: int = 6
    tax_on: Literal["document", "line"] = "document"
    """document: header tax per code on the sum, difference walked down the lines (SAP Note
    3379849, correctness-rules 3.1); line: the header is the sum of line taxes."""
    sales_tax: bool = False
    """False: VAT localisation (VatGroup); True: TaxCode. A code of the other kind is accepted
    all the same, so that one demo company can show both (guess: SAP may refuse)."""

    # A claim that nobody recorded: a DocTotal that was sent makes SAP derive a header discount
    # (sap-service-layer.md 9.1). "ignore" lets the rows decide alone.
    sent_total: Literal["discount", "ignore"] = "discount"

    # HANA compares case-sensitively; SQL Server usually does not (sap-service-layer.md 4.2).
    case_sensitive: bool = True
    database: Literal["hana", "mssql"] = "hana"
    """Aggregation, cross joins and the query service are HANA's alone; the texts of stored
    queries are echoed in the spelling of this database (sap-service-layer.md 4.2, 4.3)."""
    duplicate_reference: Literal["off", "warn", "block"] = "off"
    """NumAtCard is not unique by itself; "warn" cannot be shown by a service and acts as off."""
    block_negative_stock: bool = True
    sales_sets: Literal["components", "parent"] = "components"
    """What of a sales tree is delivered. "parent": the set itself, which is not stocked, so that
    its delivery falls into negative inventory, as some set-ups do (sap-service-layer.md 9.4)."""
    batch_manufacturing_dates: bool = True
    """Off: the batch set-up lacks the attribute, and a row that brings one is refused with -4014
    (sap-service-layer.md 9.4)."""
    copy_freight: bool = False
    """A document drawn from another takes its freight over (guess: SAP's screens do, its API does
    not)."""
    block_over_base_quantity: bool = False
    """Drawing more than is open is "allowed or blocked by company setting"; SAP ships allowed."""

    webhooks: bool = False
    """EnableWebhook of the company: off until somebody turns it on (sap-service-layer.md 6)."""
    webhook_plain_http: bool = False
    """Receivers may listen without TLS; SAP wants HTTPS (sap-service-layer.md 6)."""
    webhook_most: int = 16
    webhook_retries: int = 3
    """Tries beyond the first; SAP's documents say 3 every 2 s and also 5 exponential ones."""
    webhook_retry_seconds: float = 2
    webhook_batch: int = 1024
    webhook_hours: float = 24
    """How long an event waits before it is given up (MessageTTL)."""
    approvals_in_services: bool = True
    """EnableApprovalProcedureInDI: off, no approval procedure asks about what a service posts. SAP
    ships it off; here it is on, so that a procedure that is set up works (guess)."""
    approvals: list[ApprovalRule] = field(default_factory=list)
    # Nobody recorded the status that goes with -2028 here; 400 is what refusals of a POST have.
    approval_status: Literal[400, 404] = 400

    branches: bool = False
    """Several branches: every document names one (sap-service-layer.md 9.1)."""
    procedure: list[ProcedureRule] = field(default_factory=list)
    credit_check: list[Literal["orders", "deliveries", "invoices"]] = field(default_factory=list)
    """Which documents the credit limit stops; SAP's screens can also only warn, a service not."""

    locked_periods: list[str] = field(default_factory=list)
    """Months as "2026-10"."""
    first_period: str = ""
    last_period: str = ""
    """Months as "2026-01"; empty: no limit. Due dates count as well (guess: SAP keeps a
    third window for them)."""

    views: dict[str, dict[str, str]] = field(default_factory=dict)
    """Semantic views by name, each with its SQL `text`, the day it was `created` and whether it is
    `exposed` ("Y"); SAP keeps them in HANA's model or in SQL Server (sap-service-layer.md 4.4)."""

    receivables: str = "_SYS00000000101"
    payables: str = "_SYS00000000102"
    cheques: str = "_SYS00000000208"
    exchange_differences: str = "_SYS00000000591"
    book_exchange_differences: bool = True
    """A payment in a foreign currency books what the rate gained or lost since the invoice (guess);
    False: the difference stays on the partner until somebody reconciles it."""
    revenue: str = "_SYS00000000401"
    stock: str = "_SYS00000000111"
    cost_of_goods: str = "_SYS00000000501"
    sales_tax_account: str = "_SYS00000000125"
    rounding: str = "_SYS00000000590"
    stock_offset: str = "_SYS00000000115"
    down_payments: str = "_SYS00000000212"
    """What customers paid in advance against down payment invoices (guess: SAP keeps two accounts,
    one for interim postings)."""
    expenses: str = "_SYS00000000531"
    address_identity: Literal["row", "late", "full"] = "row"
    """What makes a sent address the change of one that is there, where accounts differ. row:
    RowNum alone, and one sent again without it is refused with -2035 (sap-service-layer.md 3.2);
    late: the one sent again is inserted and the next change dies with -2035 (5); full: BPCode,
    AddressName, AddressType and RowNum together, any other is inserted or refused (recorded on
    2511 over HANA, in the integration tests of b1sl-python)."""
    address_codes: Literal["known", "free"] = "known"
    """Whether countries and states of addresses must be codes of the company's own lists
    (sap-service-layer.md 5). Guess: addresses on documents, too, with -2028 as for other codes."""
    attachments_folder: str = "/mnt/attachments"
    """Where the lines of attachments say that their files lie; empty refuses all files with
    -5002, as a company does whose folder was never set up (sap-service-layer.md 5.4)."""
    default_warehouse: str = "01"
    default_tax_group: str = "A20"
    default_input_tax_group: str = "V20"
    default_tax_code: str = "EX"

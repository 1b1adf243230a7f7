"""What SAP's refusals mean to us: a decision, a reason to group cases by, and the way out.

Codes: sap-service-layer.md 3.2 and 9. Texts are translated and reworded, so they decide last,
after code, message number and the bracketed field.
"""

from __future__ import annotations

import re
from dataclasses import replace

import httpx

from b1bridge.connectors.sap_b1.client.catalogue import (
    Explained,
    Explanation,
    explain,
    explain_answer,
)
from b1bridge.connectors.sap_b1.client.sap_errors import SapError, sap_error_of
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import BridgeError, ConnectionBroken, ContractBroken, Rejected, Transient
from b1bridge.sdk.replies import Decision, decided, refusal, retry_after

NOT_FOUND = "-2028"
ALREADY_THERE = "-2035"
INVOICE_CLOSED = "3524-20"

_STOCK = Decision(Rejected, "STOCK_SHORT", "receive or transfer stock in SAP, then retry the case")
_ITEM = Decision(
    Rejected, "MISSING_ITEM", "create or activate the item in SAP, or map the SKU to another item"
)

CODES = {
    "-4013": Decision(
        Rejected, "PERIOD_LOCKED", "unlock the posting period in SAP or give another posting date"
    ),
    "-4014": Decision(
        Rejected,
        "BATCH_SHORT",
        "batch or serial numbers must be chosen: post a sales order instead",
    ),
    "-4002": Decision(Rejected, "SERIES", "set the user's default numbering series in SAP"),
    ALREADY_THERE: Decision(Rejected, "ALREADY_THERE", "look at the record in SAP, then retry"),
    "-2039": Decision(Transient, "SAP_LOCK"),
    NOT_FOUND: Decision(
        Rejected, "NOT_FOUND", "a code on the record does not exist in SAP: create it or map it"
    ),
    "-1000": Decision(ContractBroken),
    "201": Decision(ContractBroken),
    "244": Decision(ContractBroken),
    "501": Decision(ContractBroken),
    "701": Decision(ContractBroken),
    "702": Decision(ContractBroken),
    "703": Decision(ContractBroken),
    "704": Decision(ContractBroken),
    "-6006": Decision(
        ConnectionBroken,
        fix="grant the SAP user the right or the stored query in the authorisations of SAP",
    ),
}
_MESSAGES = {
    "10001153": Decision(Rejected, "BATCH_SHORT", "receive the batch in SAP or choose another one"),
    "1320000140": Decision(
        Rejected,
        "PARTNER_CODE_TAKEN",
        "the customer code is in use in SAP: link the customer to it",
    ),
    INVOICE_CLOSED: Decision(Rejected, "ALREADY_PAID", "see in SAP which payment closed it"),
}
_ACCOUNT = "correct the account of the method in the payment_method crosswalk"
_COLUMNS = {
    "ItemCode": _ITEM,
    "CardCode": Decision(
        Rejected, "MISSING_CUSTOMER", "create or activate the customer in SAP, then retry the case"
    ),
    "VatGroup": Decision(Rejected, "TAX_MAP", "correct the code in the tax crosswalk"),
    "TaxCode": Decision(Rejected, "TAX_MAP", "correct the code in the tax crosswalk"),
    "WhsCode": Decision(
        Rejected,
        "WAREHOUSE_MAP",
        "correct the option warehouse(s) of the sync, or the codes in the location crosswalk",
    ),
    "ExpnsCode": Decision(Rejected, "FREIGHT_MAP", "correct the code in the freight crosswalk"),
    "DocCur": Decision(
        Rejected, "CURRENCY", "let the customer trade in this currency in SAP (## for all)"
    ),
    "BPLId": Decision(Rejected, "BRANCH", "assign the SAP user and the warehouse to one branch"),
    "Series": Decision(Rejected, "SERIES", "set the user's default numbering series in SAP"),
    "TrsfrAcct": Decision(Rejected, "PAYMENT_METHOD_MAP", _ACCOUNT),
    "CashAcct": Decision(Rejected, "PAYMENT_METHOD_MAP", _ACCOUNT),
    "NumAtCard": Decision(
        Rejected, "ALREADY_THERE", "a document with our reference exists in SAP: link it"
    ),
}
_TEXTS = (
    (
        re.compile(r"negative inventory|fall below zero|insufficient quantity", re.IGNORECASE),
        _STOCK,
    ),
    (
        re.compile(r"exchange rate|\[ORTT\.|\.DocRate\]", re.IGNORECASE),
        Decision(Rejected, "RATE_MISSING", "enter the exchange rate of that day in SAP"),
    ),
    (
        re.compile(r"credit limit", re.IGNORECASE),
        Decision(Rejected, "CREDIT_HOLD", "raise the credit limit or release the order in SAP"),
    ),
    (
        re.compile(r"batch/serial", re.IGNORECASE),
        Decision(Rejected, "BATCH_SHORT", "receive the batch or serial number in SAP"),
    ),
    (
        re.compile(r"value too long in property", re.IGNORECASE),
        Decision(Rejected, "VALUE_TOO_LONG", "shorten the field in the shop, then retry the case"),
    ),
    (
        re.compile(r"base documents? has already been closed", re.IGNORECASE),
        Decision(Rejected, "EDIT_CONFLICT", "the base document is closed: reopen or replace it"),
    ),
)
_GENERIC = "-10"


def refusal_of(response: httpx.Response, *, read: bool | None = None) -> BridgeError:
    """Read a refusing answer and decide; its code, where known, outranks the HTTP status.

    The message adds the catalogue's sentence to SAP's words, which may be in any language.
    """
    said, explanation = sap_error_of(response), explain_answer(response)
    error = _decided(response, said, explanation, read=read)
    error.__cause__ = Explained(said, explanation)
    return error


def _decided(
    response: httpx.Response, said: SapError, explanation: Explanation, *, read: bool | None
) -> BridgeError:
    text = said.text
    if explanation.is_specific:
        text = f"{text.rstrip(' .')}. {explanation.sentence.rstrip('.')}"
    decision = decision_on(said) if said.code else None
    if decision is None:
        return refusal(response, system=SYSTEM, code=said.code, text=text, read=read)
    message = f"{SYSTEM}: {text} ({said.code})"
    fix = decision.fix or (explanation.fix if decision.kind is not Transient else "")
    return decided(
        replace(decision, fix=fix),
        message,
        system=SYSTEM,
        code=said.code,
        retry_after=retry_after(response),
    )


def decision_on(said: SapError) -> Decision | None:
    """Decide on what SAP said; None where only the HTTP status can tell."""
    if said.procedure:
        fix = f"rule {said.procedure} of the company's own checks refused: ask who keeps them"
        return Decision(Rejected, "COMPANY_RULE", fix)
    if found := _MESSAGES.get(said.message_id):
        return found
    if found := CODES.get(said.code):
        return found
    # -10 with an item is about its stock in every language; -5002 is about the item itself.
    if said.code == _GENERIC and said.column == "ItemCode":
        return _STOCK
    return _by_text(said.text) or _COLUMNS.get(said.column) or _by_catalogue(said)


def _by_catalogue(said: SapError) -> Decision | None:
    """Let a case about a field that no table above knows show the catalogue's way out."""
    explanation = explain(said)
    if not said.column or not explanation.is_specific:
        return None
    return Decision(Rejected, fix=f"{explanation.fix} Then retry the case")


def _by_text(text: str) -> Decision | None:
    return next((decision for pattern, decision in _TEXTS if pattern.search(text)), None)

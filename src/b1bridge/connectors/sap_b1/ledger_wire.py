"""The parts of SAP's JSON that lists of documents or payments need."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from b1bridge.connectors.sap_b1.wire import (
    Amount,
    Text,
    Wire,
    WireDocument,
    WirePayment,
    WireSums,
)
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.money import rounded

# The members of BoRcptInvTypes that we post against (sap-service-layer.md 9.5).
INVOICE_TYPES = {
    "it_Invoice": DocumentKind.INVOICE.value,
    "it_CredItnote": DocumentKind.CREDIT_MEMO.value,
    "it_DownPayment": DocumentKind.DOWN_PAYMENT.value,
}


class WireLedgerDocument(WireDocument, WireSums):
    """The head of a document, whether it stands or was cancelled."""

    code: str = Field(alias="CardCode")
    posted_on: date = Field(alias="DocDate")
    status: Text = Field(alias="DocumentStatus")
    paid: Amount = Field(alias="PaidToDate")
    paid_foreign: Amount = Field(alias="PaidToDateFC")

    @property
    def is_mirror(self) -> bool:
        """Whether this is the document that cancels another, which says nothing of its own."""
        return self.cancel_status == "csCancellation"


# SAP keeps amounts with six decimals; what a database adds up as floats has more.
Summed = Annotated[Amount, AfterValidator(lambda value: rounded(value, 6))]


class WireTaxed(Wire):
    """What one document has under one tax code: one row, or all such rows added up by SAP."""

    entry: int = Field(alias="DocEntry")
    vat_group: Text = Field(alias="VatGroup")
    tax_code: Text = Field(alias="TaxCode")
    rate: Amount = Field(alias="TaxRate")
    net: Summed = Field(alias="Net")
    net_foreign: Summed = Field(alias="NetFC")
    tax: Summed = Field(alias="Tax")
    tax_foreign: Summed | None = Field(alias="TaxFC", default=None)
    base_type: int | None = Field(alias="BaseType", default=None)


class WireSettled(Wire):
    """A document that a payment settles."""

    entry: int = Field(alias="DocEntry")
    type: Text = Field(alias="InvoiceType", default="")
    applied: Amount = Field(alias="SumApplied", default=Decimal(0))
    applied_foreign: Amount = Field(alias="AppliedFC", default=Decimal(0))


class WireLedgerPayment(WirePayment):
    """A payment with its means and what it settles."""

    code: Text = Field(alias="CardCode")
    posted_on: date = Field(alias="DocDate")
    currency: Text = Field(alias="DocCurrency")
    cash_account: Text = Field(alias="CashAccount")
    cash_sum: Amount = Field(alias="CashSum")
    transfer_account: Text = Field(alias="TransferAccount")
    transfer_sum: Amount = Field(alias="TransferSum")
    settles: list[WireSettled] = Field(alias="PaymentInvoices", default=[])

"""Outgoing payments: money given back, found by our reference, settling what is open of memos.

VendorPayments takes customers too, by DocType rCustomer (sap-service-layer.md 9.5 tells it of
IncomingPayments; that both are alike is the metadata's). Our reference begins Remarks, as there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from b1bridge.connectors.sap_b1.client.odata import startswith
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.texts import plain
from b1bridge.connectors.sap_b1.translate import carries, means_fields, remarks_of, settled_fields
from b1bridge.connectors.sap_b1.wire import WirePayment, WirePosted, fields_of
from b1bridge.connectors.sap_b1.words import OUTGOING_PAYMENT
from b1bridge.domain.identity import Posted
from b1bridge.domain.outgoing_payments import OutgoingPayment
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read

_SET = "VendorPayments"


class SapOutgoingPayments(SapCompany):
    """The OutgoingPayments capability."""

    async def find_outgoing(self, reference: str) -> Posted | None:
        """Look for remarks that begin with our reference; the oldest one wins."""
        reference = plain(reference)  # as it was when it was sent
        async for wire in self._remarked(reference):
            if not wire.cancelled and carries(wire.remarks, reference):
                return _posted(wire)
        return None

    async def post_outgoing(self, payment: OutgoingPayment) -> Posted:
        """Post; a closed credit memo may have been closed by this very payment (9.5)."""
        rules = await self.rules()
        try:
            answer = await self._service.post(_SET, _fields(payment, rules.local_currency))
        except Rejected as exc:
            if exc.reason != "ALREADY_PAID":
                raise
            found = await self.find_outgoing(payment.reference)
            if found is None:
                raise _settled_by_another(payment, exc) from exc
            return found
        return _posted(read(WirePosted, answer, system=SYSTEM, record=OUTGOING_PAYMENT))

    async def _remarked(self, beginning: str) -> AsyncIterator[WirePayment]:
        where = startswith("Remarks", beginning)
        select = fields_of(WirePayment)
        async for rows in windows(self._service, _SET, key="DocEntry", select=select, where=where):
            for row in rows:
                yield read(WirePayment, row, system=SYSTEM, record=f"payment {beginning}")


def _fields(payment: OutgoingPayment, local_currency: str) -> dict[str, Any]:
    """Write the payment; a foreign one tells what it settles in its own currency (a guess)."""
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
        fields["PaymentInvoices"] = [
            settled_fields(one, foreign=foreign) for one in payment.settles
        ]
    if foreign:
        fields["DocCurrency"] = payment.amount.currency
        if payment.rate is not None:
            fields["DocRate"] = payment.rate
    return fields | means_fields(payment)


def _settled_by_another(payment: OutgoingPayment, refused: Rejected) -> Rejected:
    reference = payment.reference
    return Rejected(
        f"{refused}: no outgoing payment there carries {reference}",
        system=SYSTEM,
        code=refused.code,
        reason=refused.reason,
        fix=f"begin the remarks of the payment that closed it with {reference} and retry the "
        "case, or ignore the case with that payment as the reason",
    )


def _posted(wire: WirePosted) -> Posted:
    return Posted(OUTGOING_PAYMENT, wire.entry, wire.number)

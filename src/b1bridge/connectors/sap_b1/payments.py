"""Payments in and out: found by our reference, posted once, settling what is open of documents.

IncomingPayments has no NumAtCard. CounterReference holds 8 characters and TransferReference 27
(widths from memory, guesses), too few for shop-eu/payment/812:x and not there for cash; Remarks
holds 254 and people can read it. So our reference begins Remarks; editing it there hides it.
VendorPayments takes customers too, by DocType rCustomer (sap-service-layer.md 9.5 tells it of
IncomingPayments; that both are alike is the metadata's).
"""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.connectors.sap_b1.client.odata import startswith
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.texts import plain
from b1bridge.connectors.sap_b1.translate import carries, payment_fields
from b1bridge.connectors.sap_b1.wire import WirePayment, WirePosted, fields_of
from b1bridge.connectors.sap_b1.words import OUTGOING_PAYMENT, PAYMENT
from b1bridge.domain.identity import Posted
from b1bridge.domain.outgoing_payments import OutgoingPayment
from b1bridge.domain.payments import IncomingPayment, PartnerPayment
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read


@dataclass(frozen=True, slots=True)
class _Way:
    """Whether money comes or goes: SAP keeps the two in sets of their own, of one shape."""

    entity_set: str
    name: str

    def posted(self, wire: WirePosted) -> Posted:
        """Name a payment that was found or made."""
        return Posted(self.name, wire.entry, wire.number)


_IN = _Way("IncomingPayments", PAYMENT)
_OUT = _Way("VendorPayments", OUTGOING_PAYMENT)


class SapPayments(SapCompany):
    """The Payments and OutgoingPayments capabilities."""

    async def find_payment(self, reference: str) -> Posted | None:
        """Look for remarks that begin with our reference; the oldest one wins."""
        return await self._find(_IN, reference)

    async def post_payment(self, payment: IncomingPayment) -> Posted:
        """Post; a closed invoice may have been closed by this very payment (9.5)."""
        return await self._post(_IN, payment)

    async def find_outgoing(self, reference: str) -> Posted | None:
        """Look for remarks that begin with our reference; the oldest one wins."""
        return await self._find(_OUT, reference)

    async def post_outgoing(self, payment: OutgoingPayment) -> Posted:
        """Post; a closed credit memo may have been closed by this very payment (9.5)."""
        return await self._post(_OUT, payment)

    async def _find(self, way: _Way, reference: str) -> Posted | None:
        reference = plain(reference)  # as it was when it was sent
        async for rows in windows(
            self._service,
            way.entity_set,
            key="DocEntry",
            select=fields_of(WirePayment),
            where=startswith("Remarks", reference),
        ):
            for row in rows:
                wire = read(WirePayment, row, system=SYSTEM, record=f"payment {reference}")
                if not wire.cancelled and carries(wire.remarks, reference):
                    return way.posted(wire)
        return None

    async def _post(self, way: _Way, payment: PartnerPayment) -> Posted:
        rules = await self.rules()
        fields = payment_fields(payment, local_currency=rules.local_currency)
        try:
            answer = await self._service.post(way.entity_set, fields)
        except Rejected as exc:
            if exc.reason != "ALREADY_PAID":
                raise
            found = await self._find(way, payment.reference)
            if found is None:
                raise _settled_by_another(way, payment.reference, exc) from exc
            return found
        return way.posted(read(WirePosted, answer, system=SYSTEM, record=way.name))


def _settled_by_another(way: _Way, reference: str, refused: Rejected) -> Rejected:
    return Rejected(
        f"{refused}: no {way.name} there carries {reference}",
        system=SYSTEM,
        code=refused.code,
        reason=refused.reason,
        fix=f"begin the remarks of the payment that closed it with {reference} and retry the "
        "case, or ignore the case with that payment as the reason",
    )

"""Incoming payments: found by our reference, posted once, applied to one invoice.

IncomingPayments has no NumAtCard. CounterReference holds 8 characters and TransferReference 27
(widths from memory, guesses), too few for shop-eu/payment/812:x and not there for cash; Remarks
holds 254 and people can read it. So our reference begins Remarks; editing it there hides it.
"""

from __future__ import annotations

from b1bridge.connectors.sap_b1.client.odata import startswith
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.texts import plain
from b1bridge.connectors.sap_b1.translate import carries, payment_fields
from b1bridge.connectors.sap_b1.wire import WirePayment, WirePosted, fields_of
from b1bridge.connectors.sap_b1.words import PAYMENT
from b1bridge.domain.identity import Posted
from b1bridge.domain.payments import IncomingPayment
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read

_SET = "IncomingPayments"


class SapPayments(SapCompany):
    """The Payments capability."""

    async def find_payment(self, reference: str) -> Posted | None:
        """Look for remarks that begin with our reference; the oldest one wins."""
        reference = plain(reference)  # as it was when it was sent
        async for rows in windows(
            self._service,
            _SET,
            key="DocEntry",
            select=fields_of(WirePayment),
            where=startswith("Remarks", reference),
        ):
            for row in rows:
                wire = read(WirePayment, row, system=SYSTEM, record=f"payment {reference}")
                if not wire.cancelled and carries(wire.remarks, reference):
                    return _posted(wire)
        return None

    async def post_payment(self, payment: IncomingPayment) -> Posted:
        """Post; a closed invoice may have been closed by this very payment (9.5)."""
        rules = await self.rules()
        fields = payment_fields(payment, local_currency=rules.local_currency)
        try:
            answer = await self._service.post(_SET, fields)
        except Rejected as exc:
            if exc.reason != "ALREADY_PAID":
                raise
            found = await self.find_payment(payment.reference)
            if found is None:
                raise _settled_by_another(payment, exc) from exc
            return found
        return _posted(read(WirePosted, answer, system=SYSTEM, record=PAYMENT))


def _settled_by_another(payment: IncomingPayment, refused: Rejected) -> Rejected:
    reference = payment.reference
    return Rejected(
        f"{refused}: no payment there carries {reference}",
        system=SYSTEM,
        code=refused.code,
        reason=refused.reason,
        fix=f"begin the remarks of the payment that closed it with {reference} and retry the "
        "case, or ignore the case with that payment as the reason",
    )


def _posted(wire: WirePosted) -> Posted:
    return Posted(PAYMENT, wire.entry, wire.number)

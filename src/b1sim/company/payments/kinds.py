"""The kinds of payment: in and out, alike but for the sign (sap-service-layer.md 8, 9.5)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PaymentKind:
    """One kind of payment: its tables and SAP's object type."""

    entity_set: str
    type: int
    header: str
    prefix: str
    memo: str
    sign: int
    """1 when money comes in, -1 when it goes out."""

    @property
    def cheques(self) -> str:
        """Name the table of its cheques."""
        return f"{self.prefix}1"

    @property
    def applied(self) -> str:
        """Name the table of what it settles."""
        return f"{self.prefix}2"

    @property
    def cards(self) -> str:
        """Name the table of its card vouchers."""
        return f"{self.prefix}3"

    @property
    def accounts(self) -> str:
        """Name the table of the accounts it is booked to."""
        return f"{self.prefix}4"


INCOMING = PaymentKind("IncomingPayments", 24, "ORCT", "RCT", "Incoming Payments", 1)
OUTGOING = PaymentKind("VendorPayments", 46, "OVPM", "VPM", "Outgoing Payments", -1)
KINDS = {kind.entity_set: kind for kind in (INCOMING, OUTGOING)}
BY_TYPE = {kind.type: kind for kind in KINDS.values()}

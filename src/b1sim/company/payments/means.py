"""The money of a payment: cash, transfer, cards and cheques (sap-service-layer.md 9.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.payments.kinds import PaymentKind
from b1sim.company.payments.refusals import no_payment_means, unknown_credit_card
from b1sim.company.refusals import unknown_account
from b1sim.company.shape.intake import Intake

ZERO = Decimal(0)


@dataclass
class Means:
    """All money of one payment, in the payment's currency."""

    cards: list[Row]
    cheques: list[Row]
    sums: list[tuple[str, Decimal]]
    """Accounts and what goes there."""

    @property
    def total(self) -> Decimal:
        """Add up all of it."""
        return sum((money for _, money in self.sums), ZERO)


def means_of(books: Books, kind: PaymentKind, header: Row, intake: Intake) -> Means:
    """Check and collect the money; Refusal when there is none or an account is unknown."""
    cards = _cards(books, kind, intake.rows.get("PaymentCreditCards", []))
    cheques = _cheques(books, header, intake.rows.get("PaymentChecks", []))
    table = kind.header
    named = [
        (f"{table}.CashAcct", header.get("CashAcct"), header.get("CashSum")),
        (f"{table}.TrsfrAcct", header.get("TrsfrAcct"), header.get("TrsfrSum")),
        *((f"{kind.cards}.CreditAcct", row["CreditAcct"], row["CreditSum"]) for row in cards),
        *((f"{kind.cheques}.CheckAct", row["CheckAct"], row["CheckSum"]) for row in cheques),
    ]
    found = Means(cards, cheques, list(_sums(books, kind, named)))
    if not found.sums:
        raise no_payment_means(table)
    return found


def _sums(
    books: Books, kind: PaymentKind, named: list[tuple[str, Any, Decimal | None]]
) -> Iterator[tuple[str, Decimal]]:
    for field, account, money in named:
        if not money:
            continue
        if money < 0:
            raise no_payment_means(kind.header)
        if books.master("OACT", account) is None:
            raise unknown_account(field, account)
        yield str(account), money


def _cards(books: Books, kind: PaymentKind, sent: list[Intake]) -> list[Row]:
    cards = []
    for position, intake in enumerate(sent):
        card = {c: v for c, v in intake.columns.items() if v is not None}
        found = books.master("OCRC", card.get("CreditCard"))
        if found is None:
            raise unknown_credit_card(kind.cards, card.get("CreditCard"))
        card.setdefault("CreditAcct", found["AcctCode"])
        card.setdefault("CreditSum", ZERO)
        cards.append(card | {"LineID": position, "Extra": intake.extra})
    return cards


def _cheques(books: Books, header: Row, sent: list[Intake]) -> list[Row]:
    """Take cheques; the account is the row's, the header's or the company's (guess: the order)."""
    cheques = []
    for position, intake in enumerate(sent):
        cheque = {c: v for c, v in intake.columns.items() if v is not None}
        cheque.setdefault("CheckAct", header.get("CheckAcct") or books.settings.cheques)
        cheque.setdefault("CheckSum", ZERO)
        cheque.setdefault("DueDate", header["DocDueDate"])
        cheque.setdefault("Currency", header["DocCurr"])
        cheque["CheckAbs"] = books.next_number("OCHH")
        cheques.append(cheque | {"LineID": position, "Extra": intake.extra})
    return cheques

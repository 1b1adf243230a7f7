"""Refusals of payments: sap-service-layer.md 3.2 and 9.5; most texts were never captured."""

from decimal import Decimal

from b1sim.company.refusals import Refusal, refused


def no_payment_means(table: str) -> Refusal:
    """Refuse a payment without money, or with a negative sum (guess: text)."""
    return refused(-5002, f"Payment has no means of payment  [{table}.CashSum]")


def overapplied(table: str, applied: Decimal, paid: Decimal) -> Refusal:
    """Refuse to apply more than was paid, or more than is open (guess: text)."""
    return refused(-5002, f"Applied amount {applied} exceeds {paid}  [{table}.SumApplied]")


def unknown_credit_card(table: str, code: object) -> Refusal:
    """Refuse a credit card that is not defined (guess: text)."""
    return refused(-5002, f"Invalid credit card  [{table}.CreditCard] , '{code}'")


def unbalanced_accounts(table: str, booked: Decimal, paid: Decimal) -> Refusal:
    """Refuse a payment to accounts whose rows are not its money (guess: text)."""
    message = f"Sum of accounts {booked} differs from payment means {paid}  [{table}.SumApplied]"
    return refused(-5002, message)


def wrong_card(table: str, code: object) -> Refusal:
    """Refuse to settle another partner's document."""
    return refused(-5002, f"Invalid BP code  [{table}.CardCode] , '{code or ''}'")


def partly_used() -> Refusal:
    """Refuse to cancel a payment whose money has settled something else since (guess: text)."""
    return refused(-5002, "Payment has been applied or drawn; cancel what used it first")


def unknown_installment(table: str, number: object) -> Refusal:
    """Refuse an instalment that the document does not have (guess: text)."""
    return refused(-5002, f"Invalid installment  [{table}.InstId] , '{number}'")

"""A client's order as an order of the trade: what it left open is worked out as the books would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from b1bridge.connectors.rest.wire import (
    SubmittedAddress,
    SubmittedCharge,
    SubmittedLine,
    SubmittedOrder,
    Taxed,
    too_fine,
)
from b1bridge.domain.customers import Address, Customer
from b1bridge.domain.documents import CompanyRules
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money, decimals_of
from b1bridge.domain.open_taxes import TaxedRow, discounted, taxes_of
from b1bridge.domain.orders import Charge, Order, OrderLine, OrderState, Tax, Wishes, version_of
from b1bridge.domain.payments import Payment
from b1bridge.domain.submissions import Submission
from b1bridge.domain.tax_rates import unknown_tax_code
from b1bridge.errors import NeedsOperator, Unmapped

PAYMENT = "payment"
_CONTENT = 16  # characters of a digest that tell two versions of one order apart


@dataclass(frozen=True, slots=True)
class BooksSay:
    """What an order needs to know of the books it is for; codes by the names of their lists."""

    rules: CompanyRules
    tax_rates: Mapping[str, Decimal]
    freight: Mapping[str, int]
    shipping_types: Mapping[str, int]
    payment_methods: frozenset[str]


def currency_of(ref: Ref, wire: SubmittedOrder, fallback: str, rules: CompanyRules) -> str:
    """Return what the order is in: its own word, the connection's, or the company's currency.

    Raises NeedsOperator (CURRENCY) for an amount that is finer than that currency is settled in.
    """
    currency = wire.currency or fallback or rules.local_currency
    for place, amount in too_fine(wire, currency):
        where = "/".join(map(str, place))
        msg = f"{ref}: {where} is {amount:f}, finer than {currency} is settled in"
        fix = "send the order again with an amount that can be paid"
        raise NeedsOperator(msg, reason="CURRENCY", fix=fix)
    return currency


def order_from(kept: Submission, wire: SubmittedOrder, currency: str, books: BooksSay) -> Order:
    """Translate an order; a total that it states is what was charged, whatever its parts say."""
    lines, charges = _lines(kept, wire, currency, books), _charges(kept, wire, currency, books)
    total, tax_total = _totals(wire, currency, [*lines, *charges])
    billing = _address(wire.billing or SubmittedAddress(), wire.customer.email)
    return Order(
        ref=kept.ref,
        number=wire.reference,
        state=OrderState.CANCELLED if kept.cancelled else OrderState.OPEN,
        placed_at=wire.placed_at or kept.received_at,
        modified_at=kept.changed_at,
        currency=currency,
        prices_include_tax=wire.prices_include_tax,
        customer=_customer(wire, billing),
        billing=billing,
        shipping=_address(wire.shipping, wire.customer.email) if wire.shipping else billing,
        lines=tuple(lines),
        charges=tuple(charges),
        total=total,
        tax_total=tax_total,
        charge_total=Money.sum((charge.net for charge in charges), currency),
        comment=wire.comment,
        content=content_of(kept),
        wishes=_wishes(kept.ref, wire, books),
        rewritten=True,
    )


def content_of(kept: Submission) -> str:
    """Return what tells versions of an order apart, be they of the same moment."""
    return f"{kept.digest[:_CONTENT]}{'-cancelled' if kept.cancelled else ''}"


def version_from(kept: Submission) -> str:
    """Return what Order.version is, with nothing asked of the books."""
    return version_of(kept.changed_at, content_of(kept))


def payments_from(kept: Submission, wire: SubmittedOrder, currency: str) -> tuple[Payment, ...]:
    """Translate the money that the client has captured, oldest first."""
    found = [
        Payment(
            ref=Ref(kept.ref.connection, PAYMENT, f"{wire.reference}/{one.id}"),
            order=kept.ref,
            method=one.method,
            amount=Money.of(one.amount, currency),
            captured_at=one.paid_at or kept.received_at,
            gateway_reference=one.id,
        )
        for one in wire.payments
    ]
    return tuple(sorted(found, key=lambda payment: payment.captured_at))


def _lines(
    kept: Submission, wire: SubmittedOrder, currency: str, books: BooksSay
) -> list[OrderLine]:
    asked = [_asked(line, currency) for line in wire.lines]
    amounts = discounted(asked, wire.discount_percent, currency)
    rows = [
        _row(line, amount, books, f"{kept.ref} line {number}")
        for number, (line, amount) in enumerate(zip(wire.lines, amounts, strict=True), start=1)
    ]
    taxes = taxes_of(rows, gross=wire.prices_include_tax, by_row=books.rules.tax_by_row)
    return [
        _line(str(number), line, row, tax, gross=wire.prices_include_tax)
        for number, (line, row, tax) in enumerate(zip(wire.lines, rows, taxes, strict=True), 1)
    ]


def _charges(
    kept: Submission, wire: SubmittedOrder, currency: str, books: BooksSay
) -> list[Charge]:
    rows = [
        _row(one, Money.of(one.amount, currency), books, f"{kept.ref} charge '{one.name}'")
        for one in wire.charges
    ]
    taxes = taxes_of(rows, gross=wire.prices_include_tax, by_row=True)
    parts = zip(wire.charges, rows, taxes, strict=True)
    return [_charge(one, row, tax, books, gross=wire.prices_include_tax) for one, row, tax in parts]


def _asked(line: SubmittedLine, currency: str) -> Money:
    amount = line.quantity * line.price if line.price is not None else line.amount
    return Money.of(amount or Decimal(0), currency).rounded()


def _row(part: Taxed, amount: Money, books: BooksSay, place: str) -> TaxedRow:
    rate = part.tax_rate
    if rate is None:
        rate = books.tax_rates.get(part.tax_code)
    if rate is None:
        raise unknown_tax_code(part.tax_code, place, of_books=True)
    stated = None if part.tax is None else Money.of(part.tax, amount.currency)
    return TaxedRow(amount.rounded(), part.tax_code, rate, stated)


def _sides(row: TaxedRow, tax: Money, *, gross: bool) -> tuple[Money, Tax, Money]:
    inside = Tax(row.code, row.rate, tax, of_books=bool(row.code))
    if gross:
        return row.amount - tax, inside, row.amount
    return row.amount, inside, row.amount + tax


def _line(number: str, line: SubmittedLine, row: TaxedRow, tax: Money, *, gross: bool) -> OrderLine:
    net, inside, whole = _sides(row, tax, gross=gross)
    name = line.name or line.item
    return OrderLine(number, line.item, name, line.quantity, net, inside, whole)


def _charge(
    one: SubmittedCharge, row: TaxedRow, tax: Money, books: BooksSay, *, gross: bool
) -> Charge:
    net, inside, whole = _sides(row, tax, gross=gross)
    return Charge(one.name, net, inside, whole, books.freight.get(one.name))


def _totals(
    wire: SubmittedOrder, currency: str, parts: Sequence[OrderLine | Charge]
) -> tuple[Money, Money]:
    """Return total and tax as stated; what is left open follows from the other, or the parts.

    Prices without tax are exact, so a total of another last cent was taxed by another rounding.
    """
    gross = Money.sum((part.gross for part in parts), currency)
    tax = Money.sum((part.tax.amount for part in parts), currency)
    total = gross if wire.total is None else Money.of(wire.total, currency)
    tax_total = tax if wire.tax_total is None else Money.of(wire.tax_total, currency)
    if wire.prices_include_tax:
        return total, tax_total
    if wire.total is None:
        return total + tax_total - tax, tax_total
    if wire.tax_total is None and _is_rounding(total - gross, len(parts)):
        return total, tax + total - gross
    return total, tax_total


def _is_rounding(off: Money, parts: int) -> bool:
    """Tell whether rounding tax row by row explains a difference: half a cent or less for each."""
    return abs(off).amount * 2 <= parts * Decimal(1).scaleb(-decimals_of(off.currency))


def _customer(wire: SubmittedOrder, billing: Address) -> Customer:
    sent = wire.customer
    return Customer(
        ref=None,
        email=sent.email,
        name=sent.name or billing.name,
        company=sent.company or billing.company,
        phone=sent.phone or billing.phone,
        billing=billing,
        tax_id=sent.tax_id,
        account=sent.account,
    )


def _address(sent: SubmittedAddress, email: str) -> Address:
    return Address(**{**sent.model_dump(), "email": sent.email or email})


def _wishes(ref: Ref, wire: SubmittedOrder, books: BooksSay) -> Wishes:
    method = wire.payment_method
    if method and method not in books.payment_methods:
        raise _unknown_code(ref, "payment method", method, books.payment_methods)
    transport = None
    if wire.shipping_type:
        transport = books.shipping_types.get(wire.shipping_type)
        if transport is None:
            raise _unknown_code(ref, "shipping type", wire.shipping_type, books.shipping_types)
    return Wishes(
        due_on=wire.due_on,
        transport=transport,
        payment_method=method,
        contact=wire.customer.contact,
        reference_field=wire.reference_field,
    )


def _unknown_code(ref: Ref, what: str, named: str, there: Iterable[str]) -> Unmapped:
    names = ", ".join(sorted(there)) or "none"
    msg = f"{ref}: the books have no {what} '{named}'; there are: {names}"
    fix = f"send the order again with one of these, or add '{named}' in the books, then retry"
    return Unmapped(msg, reason="UNKNOWN_CODE", fix=fix)

"""What SAP Business One will make of a sales document: a prediction to the last cent.

Our reading of the facts (correctness-rules 3.1, sources SAP1 and SAP2):

- Prices without tax. Every row's tax is rounded; then the tax on the *sum* of the rows of
  one tax code is rounded, and the difference between the two is walked down the rows, each
  taking its share by weight over the rows that remain, rounded, never more than is left.
- Prices with tax. The document is the sum of its gross rows; per tax code the net is the
  gross sum / (1 + rate), rounded, and the tax is the rest.
- Additional expenses (freight) are no rows of that walk: each is taxed by itself, by its
  own code. That is a reading, not a recorded fact; the read-back after posting is the judge.
- A company may round tax row by row instead: then each row stands for itself, nothing is
  walked, and the tax is the sum of the rows'.
- Rounding is half away from zero, at the document currency's decimals. A `rounding` amount
  is added to the total and carries no tax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.documents import DocumentLine, SalesDocument, Totals
from b1bridge.domain.money import Money, decimals_of, rounded

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CodeTotal:
    """What one tax code comes to over all the rows that carry it."""

    net: Decimal
    tax: Decimal


def predicted_totals(document: SalesDocument) -> Totals:
    """Return the total, tax and freight that the books will come to."""
    decimals = decimals_of(document.currency)
    rows = [_code_total(lines, document, decimals) for lines in _taxed_together(document)]
    freight = [
        _by_itself(expense.amount.amount, expense.tax_rate, decimals, gross=document.gross)
        for expense in document.expenses
    ]
    net = sum((part.net for part in (*rows, *freight)), ZERO)
    tax = sum((part.tax for part in (*rows, *freight)), ZERO)
    return Totals(
        total=Money(net + tax, document.currency) + document.rounding,
        tax=Money(tax, document.currency),
        freight=Money(sum((part.net for part in freight), ZERO), document.currency),
    )


def line_taxes(nets: Sequence[Decimal], rate: Decimal, decimals: int) -> list[Decimal]:
    """Return the tax of each row of one tax code after SAP's walk; `rate` in per cent."""
    taxes = [_share(net, rate, decimals) for net in nets]
    remaining = sum(nets, ZERO)
    left = _share(remaining, rate, decimals) - sum(taxes, ZERO)
    for i, net in enumerate(nets):
        if not left:
            break
        part = _part_of(left, net, remaining, decimals)
        taxes[i] += part
        left -= part
        remaining -= net
    return taxes


def net_of(gross: Decimal, rate: Decimal, decimals: int) -> Decimal:
    """Take the tax out of a gross amount."""
    return rounded(gross * 100 / (100 + rate), decimals)


def _taxed_together(document: SalesDocument) -> list[list[DocumentLine]]:
    if document.tax_by_row:
        return [[line] for line in document.lines]
    codes: dict[tuple[str, Decimal], list[DocumentLine]] = {}
    for line in document.lines:
        codes.setdefault((line.tax_code, line.tax_rate), []).append(line)
    return list(codes.values())


def _code_total(lines: list[DocumentLine], document: SalesDocument, decimals: int) -> CodeTotal:
    rate = lines[0].tax_rate
    amounts = [rounded(line.amount.amount, decimals) for line in lines]
    whole = sum(amounts, ZERO)
    if document.gross:
        return _by_itself(whole, rate, decimals, gross=True)
    return CodeTotal(whole, sum(line_taxes(amounts, rate, decimals), ZERO))


def _by_itself(amount: Decimal, rate: Decimal, decimals: int, *, gross: bool) -> CodeTotal:
    whole = rounded(amount, decimals)
    if gross:
        net = net_of(whole, rate, decimals)
        return CodeTotal(net, whole - net)
    return CodeTotal(whole, _share(whole, rate, decimals))


def _share(net: Decimal, rate: Decimal, decimals: int) -> Decimal:
    return rounded(net * rate / 100, decimals)


def _part_of(left: Decimal, net: Decimal, remaining: Decimal, decimals: int) -> Decimal:
    """Return what a row takes of the difference; a row of no weight takes none."""
    if not net or not remaining:
        return ZERO
    size = min(abs(rounded(abs(left) * net / remaining, decimals)), abs(left))
    return size.copy_sign(left)

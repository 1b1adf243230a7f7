"""Tax codes, and SAP's way of rounding tax: header first, the difference walked down the rows.

Rules and worked numbers: correctness-rules.md 3.1 (SAP Note 3379849 for net prices, the 77.70
example for gross prices).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.refusals import unknown_tax_code
from b1sim.company.shape.values import amount, rounded

ZERO = Decimal(0)


@dataclass(frozen=True)
class Tax:
    """One tax code: its rate in percent and the account its tax is booked to."""

    code: str
    rate: Decimal
    account: str

    @property
    def factor(self) -> Decimal:
        """Return the rate as a fraction."""
        return self.rate / 100


def vat_group(
    books: Books, code: str | None, day: str, field: str, line: int, *, category: str = "O"
) -> Tax:
    """Find a VAT group for sales ("O") or purchases ("I") and its rate on a day."""
    found = books.master("OVTG", code)
    if found is None or found["Inactive"] == "Y" or found["Category"] != category:
        raise unknown_tax_code(field, line, code)
    sql = "SELECT Rate FROM VTG1 WHERE Code = ? AND EffecDate <= ? ORDER BY EffecDate DESC LIMIT 1"
    rate = books.recall(sql, (found["Code"], day)) or {"Rate": None}
    return Tax(found["Code"], amount(rate["Rate"]), found["Account"])


def sales_tax_code(books: Books, code: str | None, field: str, line: int) -> Tax:
    """Find a US-style tax code for sales."""
    found = books.master("OSTC", code)
    if found is None or found["Lock"] == "Y" or found["ValidForAR"] == "N":
        raise unknown_tax_code(field, line, code)
    return Tax(
        found["Code"], amount(found["Rate"]), found["Account"] or books.settings.sales_tax_account
    )


def walk(
    weights: Sequence[Decimal], parts: Sequence[Decimal], whole: Decimal, decimals: int = 2
) -> list[Decimal]:
    """Make the parts add up to the whole: each row takes its share of what is still left."""
    adjusted = list(parts)
    left = whole - sum(parts, ZERO)
    sign, left = (1, left) if left > 0 else (-1, -left)
    remaining = sum(weights, ZERO)
    for index, weight in enumerate(weights):
        if not left or not remaining:
            break
        share = min(rounded(abs(weight / remaining * left), decimals), left)
        adjusted[index] += sign * share
        left -= share
        remaining -= weight
    if left and adjusted:
        adjusted[-1] += sign * left
    return adjusted


def tax_net_rows(rows: Sequence[Row], rate: Decimal, kept: Decimal, decimals: int) -> None:
    """Set VatSum on rows priced net; `kept` is what a header discount leaves (1 = all)."""
    bases = [row["TotalFrgn"] * kept for row in rows]
    taxes = [rounded(base * rate, decimals) for base in bases]
    header = rounded(sum(bases, ZERO) * rate, decimals)
    for row, base, tax in zip(rows, bases, walk(bases, taxes, header, decimals), strict=True):
        row["VatSum"] = tax
        row["Taxable"] = base


def tax_gross_rows(rows: Sequence[Row], rate: Decimal, kept: Decimal, decimals: int) -> None:
    """Set net and tax of rows priced gross; their gross totals stand.

    The tax of the whole is walked down the rows by their gross totals: only so do the rows of the
    77.70 example come out as SAP showed them (guess from that one example). Beside rows below
    zero each is taxed for itself first.
    """
    grosses = [row["GTotalFC"] for row in rows]
    whole = sum(grosses, ZERO)
    own = [gross - rounded(gross / (1 + rate), decimals) for gross in grosses]
    parts = own if any(gross < 0 for gross in grosses) else [ZERO] * len(rows)
    taxes = walk(grosses, parts, whole - rounded(whole / (1 + rate), decimals), decimals)
    for row, tax in zip(rows, taxes, strict=True):
        row["TotalFrgn"] = row["GTotalFC"] - tax
        row["VatSum"] = tax
        row["Taxable"] = row["TotalFrgn"]
    if kept != 1:
        tax_net_rows(rows, rate, kept, decimals)

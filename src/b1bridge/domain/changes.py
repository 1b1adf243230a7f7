"""Row by row, what an order holds more or less than the documents posted for it.

Rows are compared by item and tax code, whatever their order: a shop renumbers its lines at will.
A thing whose price changed is taken back as a whole and sold anew, so that no row ever says less
than one piece at its price, and quantities of several documents still add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.domain.documents import DocumentLine, Expense, SalesDocument
from b1bridge.domain.kits import Tree
from b1bridge.domain.money import Money, decimals_of
from b1bridge.domain.standing import Standing, StandingExpense, StandingRow

Key = tuple[str, str]
Rows = dict[Key, DocumentLine]
Freight = dict[Key, Expense]


@dataclass(frozen=True, slots=True)
class Change:
    """What goes back and what is sold anew; all amounts above zero."""

    taken: tuple[DocumentLine, ...] = ()
    added: tuple[DocumentLine, ...] = ()
    taken_freight: tuple[Expense, ...] = ()
    added_freight: tuple[Expense, ...] = ()

    def __bool__(self) -> bool:
        return self.has_goods or bool(self.taken_freight or self.added_freight)

    @property
    def has_goods(self) -> bool:
        """Whether anything but freight differs."""
        return bool(self.taken or self.added)


def change_between(
    wanted: SalesDocument, invoices: Iterable[Standing], memos: Iterable[Standing]
) -> Change:
    """Compare an order as a document with what its invoices less its memos hold."""
    invoices, memos = tuple(invoices), tuple(memos)
    was, now = rows_of(invoices, memos, gross=wanted.gross), _rows(wanted.lines)
    taken, added = [], []
    for key in dict.fromkeys((*was, *now)):
        back, anew = _difference(was.get(key), now.get(key))
        taken += [back] if back else []
        added += [anew] if anew else []
    freight = _freight_of(invoices, memos, gross=wanted.gross)
    less, more = _freight_between(freight, _merged(wanted.expenses))
    return Change(tuple(taken), tuple(added), less, more)


def rows_of(
    invoices: Iterable[Standing], memos: Iterable[Standing], *, gross: bool
) -> dict[Key, DocumentLine]:
    """Add up what invoices sold and memos took back; what came to nothing is left out."""
    sold = [line for one in invoices for line in _lines(one, gross=gross)]
    back = [line for one in memos for line in _lines(one, gross=gross)]
    less = (replace(line, quantity=-line.quantity, amount=-line.amount) for line in back)
    found = _rows((*sold, *less))
    return {key: line for key, line in found.items() if line.quantity or line.amount}


def with_a_row(change: Change, was: Mapping[Key, DocumentLine], wanted: SalesDocument) -> Change:
    """Take one thing back and sell it again where a document would hold nothing but freight.

    SAP posts no document without a row; of that one thing, stock and money end as they should.
    """
    lacks_memo = change.taken_freight and not change.taken
    lacks_invoice = change.added_freight and not change.added
    nothing = not change.taken and not change.added
    now = _rows(wanted.lines)
    both = [key for key in was if key in now and not now[key].tree]
    if not (lacks_memo or lacks_invoice or nothing) or not both:
        return change
    key = min(both, key=lambda one: (was[one].amount != now[one].amount, was[one].amount.amount))
    taken = (line for line in change.taken if _key(line) != key)
    added = (line for line in change.added if _key(line) != key)
    return replace(change, taken=(*taken, was[key]), added=(*added, now[key]))


def _difference(
    was: DocumentLine | None, now: DocumentLine | None
) -> tuple[DocumentLine | None, DocumentLine | None]:
    """Return what of one thing goes back and what is sold anew."""
    if was is None or now is None:
        return was, now
    more, rise = now.quantity - was.quantity, now.amount - was.amount
    if not more and not rise:
        return None, None
    if not same_price(was, now):
        return was, now
    if more > 0:
        return None, replace(now, quantity=more, amount=rise)
    return replace(was, quantity=-more, amount=-rise), None


def same_price(was: DocumentLine, now: DocumentLine) -> bool:
    """Tell whether only the number of pieces changed, give or take what rounding moves."""
    more, rise = now.quantity - was.quantity, now.amount - was.amount
    if not more or not was.quantity:
        return not more and not rise
    if rise.amount and (rise.amount > 0) is not (more > 0):
        return False
    cents = max(was.quantity, now.quantity).scaleb(-decimals_of(rise.currency))
    return abs(rise.amount - was.amount.amount * more / was.quantity) <= cents


def _rows(lines: Iterable[DocumentLine]) -> Rows:
    found: Rows = {}
    for line in lines:
        key = _key(line)
        so_far = found.get(key)
        found[key] = line if so_far is None else _together(so_far, line)
    return found


def _key(line: DocumentLine) -> Key:
    """Name a thing; what is sold by itself is another thing than the same item in a kit."""
    return f"{line.tree} {line.item}" if line.tree is Tree.PART else line.item, line.tax_code


def _together(one: DocumentLine, other: DocumentLine) -> DocumentLine:
    quantity, amount = one.quantity + other.quantity, one.amount + other.amount
    return replace(one, quantity=quantity, amount=amount)


def _lines(document: Standing, *, gross: bool) -> Iterator[DocumentLine]:
    """Write the rows of a document as they were sent; SAP adds parts without a price itself."""
    for row in document.rows:
        if not row.is_part_of_kit or row.net:
            yield DocumentLine(
                item=row.item,
                description=row.description,
                quantity=row.quantity,
                amount=row.gross if gross else row.net,
                tax_code=row.tax_code,
                tax_rate=row.tax_rate,
                warehouse=row.warehouse,
                account="" if row.item else row.account,
                unit=row.unit,
                tree=_tree(row),
            )


def _tree(row: StandingRow) -> Tree:
    """Say what a row is in a kit whose parts bear its price; any other kit SAP opens itself."""
    if row.is_part_of_kit:
        return Tree.PART
    return row.tree if row.tree in {Tree.SALES, Tree.TEMPLATE} and not row.net else Tree.NONE


def _freight_of(
    invoices: Iterable[Standing], memos: Iterable[Standing], *, gross: bool
) -> list[Expense]:
    charged = [_expense(row, gross=gross) for one in invoices for row in one.expenses]
    back = [_expense(row, gross=gross) for one in memos for row in one.expenses]
    return _merged((*charged, *(replace(one, amount=-one.amount) for one in back)))


def _freight_between(
    was: Iterable[Expense], now: Iterable[Expense]
) -> tuple[tuple[Expense, ...], tuple[Expense, ...]]:
    less = (replace(one, amount=-one.amount) for one in was)
    changed = _merged((*now, *less))
    return (
        tuple(replace(one, amount=-one.amount) for one in changed if one.amount.amount < 0),
        tuple(one for one in changed if one.amount.amount > 0),
    )


def _merged(expenses: Iterable[Expense]) -> list[Expense]:
    found: Freight = {}
    for one in expenses:
        key = (str(one.code), one.tax_code)
        so_far = found.get(key)
        amount = one.amount if so_far is None else so_far.amount + one.amount
        found[key] = replace(so_far or one, amount=amount)
    return list(found.values())


def _expense(row: StandingExpense, *, gross: bool) -> Expense:
    amount: Money = row.net + row.tax if gross else row.net
    return Expense(row.code, amount, row.tax_code, row.tax_rate, row.remarks)


def pieces(lines: Iterable[DocumentLine]) -> dict[str, Decimal]:
    """Return how many of each item these rows hold."""
    found: dict[str, Decimal] = {}
    for line in lines:
        found[line.item] = found.get(line.item, Decimal(0)) + line.quantity
    return found

"""What a sales order can still become, by what was delivered of it (correctness-rules 3.14).

Nothing drawn: anything. Partly delivered: the open quantity, never below what was delivered.
Delivered: goods come back with a return. All else is a case that shows both sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.domain.changes import Key, change_between, rows_of, same_price
from b1bridge.domain.documents import BaseRow, DocumentLine, SalesDocument
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.standing import Standing, StandingRow
from b1bridge.errors import NeedsOperator


@dataclass(frozen=True, slots=True)
class NewRows:
    """The rows an order shall hold; `numbers` are those it has already, None for new ones."""

    document: SalesDocument
    numbers: tuple[int | None, ...]


def is_delivered(order: Standing) -> bool:
    """Tell whether nothing of the order is left to deliver, so that SAP has closed it."""
    return not order.is_open and not any(row.open_quantity for row in order.rows)


def was_closed(order: Standing) -> bool:
    """Tell whether somebody, or we, closed the order before all of it was delivered."""
    return not order.is_open and any(row.open_quantity for row in order.rows)


def new_rows(order: Standing, wanted: SalesDocument) -> NewRows:
    """Return the rows that make the order what is wanted; raises NeedsOperator (EDIT_CONFLICT)."""
    check_open(order, wanted)
    if any(row.is_part_of_kit for row in order.rows):
        return _all_anew(order, wanted)
    left = list(order.rows)
    numbers: list[int | None] = []
    for line in wanted.lines:
        row = _match(line, left)
        if row is not None:
            left.remove(row)
            _check_delivered(order, row, line, wanted)
        numbers.append(None if row is None else row.number)
    for row in left:
        if row.quantity != row.open_quantity:
            raise _conflict(order, wanted, f"{_delivered(row)}, and the shop removed it")
    _check_freight(order, wanted)
    return NewRows(replace(wanted, kind=order.kind), tuple(numbers))


def returned_rows(
    order: Standing, deliveries: Iterable[Standing], wanted: SalesDocument
) -> tuple[DocumentLine, ...]:
    """Return the rows of a return that leaves the shopper with what is wanted, no less.

    Raises NeedsOperator (EDIT_CONFLICT) where more was ordered, or at other prices: what was
    delivered cannot become that.
    """
    delivered = [
        (one, row)
        for one in deliveries
        for row in one.rows
        if _rests_on(row, order) and not row.is_part_of_kit  # SAP draws the parts with their kit
    ]
    keeps = {(line.item, line.tax_code): line.quantity for line in _together(wanted)}
    _check_not_more(order, wanted, keeps, delivered)
    lines: list[DocumentLine] = []
    for one, row in reversed(delivered):
        kept = min(keeps.get(_key(row), Decimal(0)), row.open_quantity)
        keeps[_key(row)] = keeps.get(_key(row), Decimal(0)) - kept
        if row.open_quantity > kept:
            lines.append(_back(one, row, row.open_quantity - kept, gross=wanted.gross))
    return tuple(lines)


def taken_over(quotation: Standing, order: Ref) -> NeedsOperator:
    """Say that a quotation has become something else, which no change of the sale may reach."""
    name = f"{quotation.posted.kind} {quotation.posted.number}"
    msg = f"{order}: the sale changed, and {name} was taken over or closed in the books"
    fix = (
        f"bring what became of {name} to what is sold, then ignore the case with that document "
        "as the reason"
    )
    return NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)


def check_open(order: Standing, wanted: SalesDocument) -> None:
    """Raise NeedsOperator (EDIT_CONFLICT) when people have closed a row of it."""
    for row in order.rows:
        if not row.is_open and row.open_quantity:
            raise _conflict(order, wanted, f"row {row.number + 1} ({row.item}) was closed by hand")


def _all_anew(order: Standing, wanted: SalesDocument) -> NewRows:
    """Replace every row, for SAP writes the parts of a kit as rows of their own below it."""
    if not order.is_untouched:
        why = "it holds a kit, whose parts SAP keeps as rows of their own, and part was delivered"
        raise _conflict(order, wanted, why)
    anew = replace(wanted, kind=order.kind)
    return NewRows(anew, (None,) * len(wanted.lines))


def _match(line: DocumentLine, rows: Iterable[StandingRow]) -> StandingRow | None:
    """Find the row of the same thing; of several, one that holds as many pieces."""
    same = [row for row in rows if _key(row) == (line.item, line.tax_code)]
    exact = [row for row in same if row.quantity == line.quantity]
    return next(iter((*exact, *same)), None)


def _check_delivered(
    order: Standing, row: StandingRow, line: DocumentLine, wanted: SalesDocument
) -> None:
    delivered = row.quantity - row.open_quantity
    if not delivered:
        return
    if line.quantity < delivered:
        raise _conflict(
            order, wanted, f"{_delivered(row)}, and the shop now sells {_n(line.quantity)}"
        )
    was = replace(line, quantity=row.quantity, amount=row.gross if wanted.gross else row.net)
    if not same_price(was, line):
        why = f"{_delivered(row)}, and the shop now charges {line.amount} for {_n(line.quantity)}"
        raise _conflict(order, wanted, why)


def _check_freight(order: Standing, wanted: SalesDocument) -> None:
    """Refuse to change freight of which a delivery may have taken its part."""
    change = change_between(wanted, [order], ())
    if not order.is_untouched and (change.taken_freight or change.added_freight):
        raise _conflict(order, wanted, "part of it was delivered, and the shop changed its freight")


def _check_not_more(
    order: Standing,
    wanted: SalesDocument,
    keeps: dict[Key, Decimal],
    delivered: Iterable[tuple[Standing, StandingRow]],
) -> None:
    has: dict[Key, Decimal] = {}
    for _, row in delivered:
        has[_key(row)] = has.get(_key(row), Decimal(0)) + row.open_quantity
    more = {key: n for key, n in keeps.items() if n > has.get(key, Decimal(0))}
    if more:
        told = ", ".join(f"{_n(n)} {item}" for (item, _), n in more.items())
        raise _conflict(order, wanted, f"all of it was delivered, and the shop now sells {told}")
    if not wanted.lines:  # called off: the order's freight was never invoiced
        return
    change = change_between(wanted, [order], ())
    if change.added or change.taken_freight or change.added_freight:
        raise _conflict(order, wanted, "all of it was delivered, and the shop changed its prices")


def _together(wanted: SalesDocument) -> Iterable[DocumentLine]:
    whole: dict[Key, DocumentLine] = {}
    for line in wanted.lines:
        key = (line.item, line.tax_code)
        so_far = whole[key].quantity if key in whole else Decimal(0)
        whole[key] = replace(line, quantity=so_far + line.quantity)
    return whole.values()


def _back(delivery: Standing, row: StandingRow, quantity: Decimal, *, gross: bool) -> DocumentLine:
    amount: Money = row.gross if gross else row.net
    part, _ = amount.split([quantity, row.quantity - quantity])
    base = BaseRow(delivery.kind, delivery.posted.entry, row.number)
    return DocumentLine(
        row.item, row.description, quantity, part, row.tax_code, row.tax_rate, row.warehouse, base
    )


def _rests_on(row: StandingRow, order: Standing) -> bool:
    base = row.base
    return base is not None and (base.kind, base.entry) == (order.kind, order.posted.entry)


def _key(row: StandingRow) -> Key:
    return row.item, row.tax_code


def _delivered(row: StandingRow) -> str:
    return f"{_n(row.quantity - row.open_quantity)} of {_n(row.quantity)} {row.item} were delivered"


def _n(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _conflict(order: Standing, wanted: SalesDocument, why: str) -> NeedsOperator:
    name = f"{order.posted.kind} {order.posted.number}"
    shop, books = _listed(wanted.lines), _listed(rows_of([order], (), gross=wanted.gross).values())
    msg = f"{wanted.reference}: {why}; the shop sells {shop}, {name} holds {books}"
    fix = (
        f"bring {name} to what the shop sells, or the shop's order to what {name} holds, then "
        "retry the case; or ignore the case with the reason why both stay as they are"
    )
    return NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)


def _listed(lines: Iterable[DocumentLine]) -> str:
    told = [f"{_n(line.quantity)} {line.item} for {line.amount}" for line in lines]
    return ", ".join(told) or "nothing"

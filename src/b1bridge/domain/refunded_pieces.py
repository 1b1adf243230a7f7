"""Which pieces refunds bring back to stock, and what the documents of an order hold otherwise.

A refund says of which pieces its money is, and an edit says nothing of the money that follows it.
So the pieces of refunds come back unless what edits have credited is their price to the cent: then
they left the order with the edit, and come back with it, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.domain.credit_memos import ReturnPolicy
from b1bridge.domain.documents import DocumentLine
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.items import is_item, item_code, sku_of
from b1bridge.domain.kits import Tree
from b1bridge.domain.money import Money, decimals_of
from b1bridge.domain.orders import OrderLine, is_called_off
from b1bridge.domain.refunded_sales import RefundedSale
from b1bridge.domain.refunds import Refunded, RefundPart
from b1bridge.domain.standing import Standing, StandingRow, base_reference
from b1bridge.domain.taking_back import rows_taken_back

ZERO = Decimal(0)
Pieces = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Moves:
    """Rows without value: what has to come back to stock, and what has to leave it again."""

    back: tuple[DocumentLine, ...] = ()
    out: tuple[DocumentLine, ...] = ()


def moves(sale: RefundedSale, sku: Crosswalk, policy: ReturnPolicy) -> Moves:
    """Compare what documents took from stock with what the order and its refunds leave to it.

    Nothing comes back that a refund says stays away, and nothing leaves again but what refunds
    brought back, of goods whose invoices are all there. Kits whose parts are rows of their own are
    left alone.
    """
    returning = {str(one.ref) for one in sale.refunds if policy.comes_back(one)}
    sold, kept = _kept(sale, sku, returning)
    own = _pieces(sale.invoices, sale.changes)
    refunded = _pieces(sale.memos, sale.recharges)
    moved = _pieces(_moving(sale.memos), _moving(sale.recharges))
    away = _pieces(_unmoved(sale.memos, returning), ())
    back, out = [], []
    for row in _rows_by_item(sale.invoices):
        had, theirs, stays = (found.get(row.item, ZERO) for found in (own, refunded, away))
        beyond = had - (theirs - stays) - kept.get(row.item, ZERO)
        again = min(-beyond, moved.get(row.item, ZERO))
        if beyond > stays:
            back.append(_without_value(row, beyond - stays, sale, policy.return_warehouse))
        elif again > 0 and had >= sold.get(row.item, ZERO):
            out.append(_without_value(row, again, sale))
    drawn = rows_taken_back(back, sale.invoices, (*sale.changes, *sale.memos), by_row=False)
    return Moves(tuple(row for row in drawn if row.moves_stock), tuple(out))


def gone_with_edits(sale: RefundedSale, parts: Iterable[RefundPart]) -> Pieces:
    """Return how many pieces of which line were refunded and are no longer ordered either.

    These are they when what edits have credited is their price, give or take rounding.
    """
    lines = {line.id: line for line in sale.order.lines if line.quantity > 0}
    left, off = sale.credited_by_edits.amount, ZERO
    if not left:
        return {}
    cent = Decimal(1).scaleb(-decimals_of(sale.order.currency))
    gone: Pieces = {}
    for part in parts:
        line = lines.get(part.name)
        price = _price(line, part) if line else ZERO
        pieces = min((left + cent * part.quantity) // price, part.quantity) if price else ZERO
        if pieces > 0:
            left -= price * pieces
            off += cent * pieces
            _add(gone, part.name, pieces)
    return gone if abs(left) <= off else {}


def _kept(sale: RefundedSale, sku: Crosswalk, returning: set[str]) -> tuple[Pieces, Pieces]:
    """Return what the order says was sold, and what of it did not come back, by item."""
    parts = [
        part
        for refund in sale.refunds
        if refund.returned and str(refund.ref) in returning
        for part in refund.parts
        if part.what is Refunded.GOODS and part.quantity
    ]
    gone = gone_with_edits(sale, parts)
    came: Pieces = {}
    for part in parts:
        _add(came, part.name, part.quantity)
    sold: Pieces = {}
    kept: Pieces = {}
    for line in () if is_called_off(sale.order) else sale.order.lines:
        if is_item(line, sku):
            item = item_code(sku_of(line), sku)
            back = came.get(line.id, ZERO) - gone.get(line.id, ZERO)
            _add(sold, item, line.quantity)
            _add(kept, item, max(line.quantity - back, ZERO))
    return sold, kept


def _add(pieces: Pieces, name: str, more: Decimal) -> None:
    pieces[name] = pieces.get(name, ZERO) + more


def _price(line: OrderLine, part: RefundPart) -> Decimal:
    """Return what one piece was refunded at, not rounded."""
    if part.amount is not None:
        return part.amount.amount / part.quantity
    return line.gross.amount / line.quantity


def _pieces(plus: Iterable[Standing], minus: Iterable[Standing]) -> Pieces:
    """Count the pieces of some documents less those of others, by item."""
    found: Pieces = {}
    for sign, one in [*((1, one) for one in plus), *((-1, one) for one in minus)]:
        for row in one.rows:
            if row.item and not row.is_part_of_kit:
                _add(found, row.item, sign * row.quantity)
    return found


def _moving(documents: Iterable[Standing]) -> Iterator[Standing]:
    """Leave only rows that moved stock."""
    for one in documents:
        yield replace(one, rows=tuple(row for row in one.rows if row.moves_stock))


def _unmoved(memos: Iterable[Standing], returning: set[str]) -> Iterator[Standing]:
    """Leave only rows that did not move stock, of refunds whose goods stay away."""
    for one in memos:
        if base_reference(one.reference) not in returning:
            yield replace(one, rows=tuple(row for row in one.rows if not row.moves_stock))


def _rows_by_item(invoices: Iterable[Standing]) -> Iterator[StandingRow]:
    """Yield one row of each item that is sold by itself."""
    rows = [row for one in invoices for row in one.rows if row.item]
    in_kits = {row.item for row in rows if row.is_part_of_kit or row.tree is Tree.TEMPLATE}
    found = {row.item: row for row in rows if row.item not in in_kits}
    yield from found.values()


def _without_value(
    row: StandingRow, quantity: Decimal, sale: RefundedSale, warehouse: str = ""
) -> DocumentLine:
    return DocumentLine(
        item=row.item,
        description=row.description,
        quantity=quantity,
        amount=Money.zero(sale.order.currency),
        tax_code=row.tax_code,
        tax_rate=row.tax_rate,
        warehouse=warehouse or row.warehouse,
        unit=row.unit,
    )

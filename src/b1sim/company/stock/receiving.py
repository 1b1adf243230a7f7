"""Goods coming in: stock, batches or serials, moving average cost and the ledger."""

from collections.abc import Sequence
from decimal import Decimal

from b1sim.company.books import Books
from b1sim.company.ledger import ledger
from b1sim.company.ledger.ledger import Cause, Side
from b1sim.company.refusals import not_found
from b1sim.company.shape.values import amount, rounded
from b1sim.company.stock import batches, stock
from b1sim.company.stock.stock import Movement

GOODS_RECEIPT = 59


def receive(
    books: Books,
    item: str,
    quantity: Decimal,
    warehouse: str,
    *,
    cost: Decimal | None = None,
    batch: str | None = None,
    serials: Sequence[str] = (),
) -> None:
    """Receive goods (or, with a negative quantity, write them off) at a unit cost."""
    row = books.master("OITM", item)
    if row is None:
        raise not_found()
    at = amount(row["AvgPrice"]) if cost is None else cost
    average(books, item, quantity, at)
    stock.move(books, "OITW", [Movement(item, warehouse, on_hand=quantity)])
    if batch is not None:
        batches.receive(books, item, warehouse, batch, quantity)
    for number in serials:
        batches.receive(books, item, warehouse, number, Decimal(1))
    _book(books, rounded(at * quantity))


def average(books: Books, item: str, received: Decimal, cost: Decimal) -> None:
    """Mix goods into the moving average at their cost; a negative quantity takes them out of it."""
    row = books.row("SELECT OnHand, AvgPrice FROM OITM WHERE ItemCode = ?", (item,)) or {}
    before = max(amount(row["OnHand"]), Decimal(0))
    after = before + received
    if after <= 0:
        return
    average = (before * amount(row["AvgPrice"]) + received * cost) / after
    for table in ("OITM", "OITW"):
        books.update(table, {"ItemCode": item}, {"AvgPrice": rounded(average, 6)})
    books.forget()


def _book(books: Books, worth: Decimal) -> None:
    settings, day = books.settings, books.today()
    cause = Cause(GOODS_RECEIPT, 0, 0, day, day, day, "Goods Receipt")
    sides = [Side(settings.stock, worth), Side(settings.stock_offset, -worth)]
    ledger.post(books, cause, sides)

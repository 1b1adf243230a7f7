"""Counting goods in or out in one call, as a clerk does it: a goods receipt or a goods issue."""

from collections.abc import Sequence
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.goods import receipts
from b1sim.company.goods.kinds import ISSUE, RECEIPT
from b1sim.company.refusals import not_found
from b1sim.company.shape.intake import Intake


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
    """Receive goods (or, with a negative quantity, issue them) at a unit cost."""
    if books.master("OITM", item) is None:
        raise not_found()
    line = line_of(item, abs(quantity), warehouse, cost=cost, batch=batch, serials=serials)
    kind = RECEIPT if quantity > 0 else ISSUE
    receipts.post(books, kind, Intake(rows={"DocumentLines": [line]}))


def line_of(
    item: str,
    quantity: Decimal,
    warehouse: str,
    *,
    cost: Decimal | None = None,
    batch: str | None = None,
    serials: Sequence[str] = (),
) -> Intake:
    """Write the row of a receipt or an issue."""
    columns: Row = {"ItemCode": item, "Quantity": quantity, "WhsCode": warehouse}
    rows: dict[str, list[Intake]] = {
        "SerialNumbers": [Intake({"IntrSerial": number}) for number in serials]
    }
    if batch is not None:
        rows["BatchNumbers"] = [Intake({"BatchNum": batch, "Quantity": quantity})]
    if cost is not None:
        columns["PriceBefDi"] = cost
    return Intake(columns, rows=rows)

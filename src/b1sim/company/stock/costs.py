"""The moving average cost of an item: what comes in at a price changes it, what goes out does not.

One average for the whole company (guess: SAP keeps one per warehouse where it is told to).
"""

from decimal import Decimal

from b1sim.company.books import Books
from b1sim.company.shape.values import amount, rounded


def average(books: Books, item: str, received: Decimal, cost: Decimal) -> None:
    """Take a receipt at a unit cost into the average, before its goods are counted."""
    row = books.row("SELECT OnHand, AvgPrice FROM OITM WHERE ItemCode = ?", (item,)) or {}
    before = max(amount(row["OnHand"]), Decimal(0))
    after = before + received
    if after <= 0:
        return
    found = rounded((before * amount(row["AvgPrice"]) + received * cost) / after, 6)
    if found == amount(row["AvgPrice"]):
        return
    for table in ("OITM", "OITW"):
        books.update(table, {"ItemCode": item}, {"AvgPrice": found})
    remembered = books.master("OITM", item)
    if remembered is not None:
        remembered["AvgPrice"] = float(found)

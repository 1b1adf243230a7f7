"""A company with very many items, written into its file without asking anybody."""

from __future__ import annotations

from pathlib import Path

from b1bridge.demo.shop.books import Books, open_books
from b1bridge.demo.shop.settings import ShopDemo
from b1sim.company import clerk
from b1sim.company.company import Company

PARTNER = "BENCH"
WAREHOUSES = ("01", "02", "03", "04")
PIECES = 25  # of each item in each warehouse
_NUMBERS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)"
)


def large_company(settings: ShopDemo, path: Path, items: int) -> Books:
    """Make the demo's company and copy one of its items so many times."""
    books = open_books(settings, path)
    company = Company.open(path)
    try:
        clerk.add_partner(company, PARTNER, "Bench")
        with company.transaction():
            pattern = books.wares[0].sku
            _copies(company, "OITM", pattern, items, {"OnHand": PIECES * len(WAREHOUSES)})
            _copies(company, "OITW", pattern, items, {"OnHand": PIECES})
    finally:
        company.close()
    return books


def sku(number: int) -> str:
    """Name one of the copies."""
    return f"BULK-{number:06d}"


def _copies(
    company: Company, table: str, pattern: str, items: int, changed: dict[str, int]
) -> None:
    columns = [row[1] for row in company.db.execute(f"PRAGMA table_info({table})")]
    values = {name: f'"{name}"' for name in columns} | {k: str(v) for k, v in changed.items()}
    values |= {"ItemCode": "printf('BULK-%06d', n)", "IsCommited": "0"}
    names = ", ".join(f'"{name}"' for name in columns)
    chosen = ", ".join(values[name] for name in columns)
    company.db.execute(
        f"{_NUMBERS} INSERT INTO {table} ({names}) SELECT {chosen} FROM {table}, numbers"  # noqa: S608 - names of our own
        " WHERE ItemCode = ?",
        (items, pattern),
    )

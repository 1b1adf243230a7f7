"""The simulated company that a demo books into, and what the shop sells out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from b1bridge.demo.shop.carts import Cart, Ware, made_up
from b1bridge.demo.shop.giving_back import GivenBack, made_up_returns
from b1bridge.demo.shop.retail import read_retail
from b1bridge.demo.shop.settings import WAREHOUSE, ShopDemo
from b1bridge.domain.money import rounded
from b1sim.company import clerk
from b1sim.company.company import Company

COLLECTIVE_PARTNER = "WEB"
GIFT_EXPENSE, FEE_EXPENSE = 6, 4
GIFT_LIABILITY = "_SYS00000000210"
RETAIL_PIECES = 200_000


@dataclass(frozen=True, slots=True)
class Chart:
    """The books' codes for what the shop names otherwise; they fill the crosswalks."""

    collective_partner: str = COLLECTIVE_PARTNER
    tax_codes: Mapping[str, str] = field(
        default_factory=lambda: {"20": "A20", "19": "A19", "7": "A7", "0": "A0"}
    )
    freight: Mapping[str, str] = field(
        default_factory=lambda: {
            "shipping": "1",
            "handling": "2",
            "fee": str(FEE_EXPENSE),
            "goodwill": str(FEE_EXPENSE),
            "gift certificate": str(GIFT_EXPENSE),
        }
    )
    payment_methods: Mapping[str, str] = field(
        default_factory=lambda: {
            "stripe/credit_card": "transfer:_SYS00000000203",
            "paypalexpress/electronic_wallet": "transfer:_SYS00000000204",
            "bankdeposit": "transfer:_SYS00000000201",
            "store_credit": f"transfer:{GIFT_LIABILITY}",
            "gift_certificate": f"transfer:{GIFT_LIABILITY}",
        }
    )
    refund_accounts: Mapping[str, str] = field(
        default_factory=lambda: {"goodwill": "_SYS00000000401"}
    )


@dataclass(frozen=True, slots=True)
class Books:
    """What one demo plays with: the carts to come, the wares, and the company behind them."""

    company: str
    chart: Chart
    wares: Sequence[Ware]
    carts: Sequence[Cart]
    given_back: Sequence[GivenBack] = ()


def open_books(settings: ShopDemo, path: Path) -> Books:
    """Write the company file and think up, or read, the orders."""
    if settings.retail is not None:
        return _retail(settings.retail, settings.limit, path)
    company = Company.open(path)
    try:
        _add_gift_expense(company)
        wares = _wares_of(company)
    finally:
        company.close()
    since = datetime.now(UTC) - timedelta(days=2)
    carts = tuple(made_up(wares, settings.count, seed=settings.seed, since=since))
    return Books("SBODEMO", Chart(), wares, carts, made_up_returns(carts))


def _retail(file: Path, limit: int | None, path: Path) -> Books:
    read = read_retail(file, limit)
    wares = _wares_in(read.carts)
    company = Company.open(path, name="RETAIL", seed=False)
    try:
        # The shop taxes line by line, and orders have up to 1,114 lines: so must the company.
        how = {"local_currency": "GBP", "time_zone": "Europe/London", "tax_on": "line"}
        clerk.change_settings(company, **how)
        _add_gift_expense(company)
        clerk.add_partner(company, COLLECTIVE_PARTNER, "Web store customers", currency="##")
        with company.transaction():
            for ware in wares:
                _add_item(company, ware)
    finally:
        company.close()
    return Books("RETAIL", Chart(), wares, read.carts, read.given_back)


def _add_item(company: Company, ware: Ware) -> None:
    clerk.add_item(
        company,
        ware.sku,
        ware.name[:100],
        price=ware.price,
        stock=Decimal(RETAIL_PIECES),
        cost="1.00",
        DefaultWarehouse=WAREHOUSE,
    )


def _wares_in(carts: Iterable[Cart]) -> list[Ware]:
    """Return every SKU sold, letter case and all: 112 of the real ones differ by nothing else."""
    found: dict[str, Ware] = {}
    for cart in carts:
        for line in cart.lines:
            if not line.gift_certificate and line.sku not in found:
                found[line.sku] = Ware(line.sku, line.name, line.price, line.rate)
    return list(found.values())


def _wares_of(company: Company) -> list[Ware]:
    """Return the plain goods of the demo company, at their base price plus tax."""
    rates = {"A20": Decimal(20), "A7": Decimal(7)}
    rows = company.query(
        "Items",
        where="InvntItem = 'Y' AND ManBtchNum = 'N' AND ManSerNum = 'N' AND OnHand > 0",
        order_by="ItemCode",
        with_collections={"ItemPrices"},
    )
    return [
        Ware(
            row["ItemCode"],
            row["ItemName"],
            _with_tax(_base_price(row["ItemPrices"]), rates[row["SalesVATGroup"]]),
            rates[row["SalesVATGroup"]],
        )
        for row in rows
    ]


def _base_price(prices: Iterable[Mapping[str, object]]) -> Decimal:
    return next(Decimal(str(row["Price"])) for row in prices if row["PriceList"] == 1)


def _with_tax(net: Decimal, rate: Decimal) -> Decimal:
    return rounded(net * (100 + rate) / 100)


def _add_gift_expense(company: Company) -> None:
    """Add what gift cards are sold as: a debt to whoever redeems them (correctness-rules 3.4)."""
    company.create(
        "AdditionalExpenses",
        {
            "ExpensCode": GIFT_EXPENSE,
            "Name": "Gift card sold",
            "RevenuesAccount": GIFT_LIABILITY,
            "ExpenseAccount": GIFT_LIABILITY,
            "OutputVATGroup": "A0",
        },
    )

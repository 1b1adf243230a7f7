"""A shop that a test scripts, an SAP company, and the flows of an order between them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from b1bridge.domain.customers import Address, Customer
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money, rounded
from b1bridge.domain.orders import Charge, Order, OrderLine, OrderState, Tax
from b1bridge.domain.payments import Payment
from b1bridge.domain.refunds import MoneyBack, MoneyState, Refund, Refunded, RefundPart
from b1bridge.engine.options import options_of
from b1bridge.flows import discover
from b1bridge.testing.runs import InMemoryRun
from b1sim.company import clerk
from b1sim.world import World

FLOWS = discover()
CHAIN = ("order-to-invoice", "payment-to-incoming-payment", "refund-to-credit-memo")
ORDER = Ref("shop", "order", "812")
MOMENT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
CARD, VOUCHERS = "_SYS00000000203", "_SYS00000000210"
REVENUE = "_SYS00000000401"
RECEIVABLES = "_SYS00000000101"
CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1", "handling": "2", "goodwill": "4", "deduction": "4"}
    | {"tax": "4", "gift certificate": "5"},
    "payment_method": {
        "card": f"transfer:{CARD}",
        "gift_certificate": f"transfer:{VOUCHERS}",
    },
    "refund_account": dict.fromkeys(("goodwill", "shipping", "tax"), REVENUE),
}


def euro(amount):
    return Money.of(amount, "EUR")


def taxed(amount, rate, gross):
    amount, rate = Decimal(amount), Decimal(rate)
    net = rounded(amount * 100 / (100 + rate)) if gross else amount
    tax = amount - net if gross else rounded(amount * rate / 100)
    return euro(net), Tax("", rate, euro(tax)), euro(net + tax)


@dataclass
class ScriptedShop:
    """One order, its payments and refunds, as a test says."""

    gross: bool = False
    orders: dict = field(default_factory=dict)
    paid: list = field(default_factory=list)
    given_back: list = field(default_factory=list)

    def sells(self, *lines, shipping="", **facts):
        """Take (sku, quantity, amount of the row, rate) as one order."""
        sold = tuple(
            OrderLine(str(i), sku, f"A {sku}", Decimal(qty), *taxed(amount, rate, self.gross))
            for i, (sku, qty, amount, rate) in enumerate(lines, start=1)
        )
        charges = (Charge("shipping", *taxed(shipping, "19", self.gross)),) if shipping else ()
        parts = (*sold, *charges)
        self.orders[ORDER] = Order(
            ref=ORDER,
            number="812",
            state=OrderState.OPEN,
            placed_at=MOMENT,
            modified_at=MOMENT,
            currency="EUR",
            prices_include_tax=self.gross,
            customer=Customer(None, "anna@example.com", "Anna Berg"),
            billing=Address(),
            shipping=Address(),
            lines=sold,
            charges=charges,
            total=Money.sum((part.gross for part in parts), "EUR"),
            tax_total=Money.sum((part.tax.amount for part in parts), "EUR"),
            charge_total=Money.sum((charge.net for charge in charges), "EUR"),
            **facts,
        )

    def changes(self, **facts):
        self.orders[ORDER] = replace(self.orders[ORDER], **facts)

    def pays(self, amount, method="card"):
        ref = Ref("shop", "payment", f"812/{len(self.paid) + 1}")
        self.paid.append(Payment(ref, ORDER, method, euro(amount), MOMENT))

    def refunds_to(self, *payments, parts, **facts):
        """Give money back by (method, amount, state), for these parts."""
        backs = tuple(MoneyBack(method, euro(amount), state) for method, amount, state in payments)
        ref = Ref("shop", "refund", f"812/{len(self.given_back) + 1}")
        total = Money.sum((back.amount for back in backs), "EUR")
        refund = Refund(ref, ORDER, MOMENT, tuple(parts), backs, total, **facts)
        self.given_back.append(refund)
        return refund

    def gives_back(self, amount, *parts, method="card", state=MoneyState.SETTLED, **facts):
        return self.refunds_to((method, amount, state), parts=parts, **facts)

    def settles(self, number, state=MoneyState.SETTLED):
        refund = self.given_back[number]
        payments = tuple(replace(one, state=state) for one in refund.payments)
        self.given_back[number] = replace(refund, payments=payments)

    async def order(self, ref):
        return self.orders[ref]

    async def orders_changed_since(self, _moment):
        for ref, found in self.orders.items():
            yield ref, found.modified_at

    async def payments(self, ref):
        return tuple(payment for payment in self.paid if payment.order == ref)

    async def refunds(self, ref):
        return tuple(refund for refund in self.given_back if refund.order == ref)


def goods(line, quantity=1, **facts):
    return RefundPart(Refunded.GOODS, str(line), Decimal(quantity), **facts)


def goodwill(amount):
    return RefundPart(Refunded.GOODWILL, amount=euro(amount))


@dataclass
class Story:
    """One shop and one company; `tell` runs flows from one to the other."""

    shop: ScriptedShop
    sap: World
    books: object
    run: InMemoryRun

    async def tell(self, name="refund-to-credit-memo", run=None, **options):
        flow = FLOWS[name]
        run = run or self.run.about(ORDER)
        return await flow.body(run, self.shop, self.books, options_of(flow, options))

    async def catch_up(self, **options):
        """Run what an order's change runs, in its order; return the last outcome."""
        for name in CHAIN[:-1]:
            await self.tell(name)
        return await self.tell(CHAIN[-1], **options)

    def memos(self):
        return self.sap.company.query("CreditNotes")

    def paid_out(self):
        return self.sap.company.query("VendorPayments")

    def totals(self):
        return [f"{memo['DocTotal']:.2f}" for memo in self.memos()]

    def account(self, code):
        return account(self.sap, code)

    def stock(self, item):
        return stock(self.sap, item)


def account(sap, code):
    """Return what an account of the ledger comes to."""
    found = sap.company.query("ChartOfAccounts")
    return next(Decimal(a["Balance"]) for a in found if a["Code"] == code)


def stock(sap, item):
    """Return what all warehouses hold of an item."""
    found = next(i for i in sap.company.query("Items") if i["ItemCode"] == item)
    shelves = found["ItemWarehouseInfoCollection"]
    return sum((Decimal(shelf["InStock"]) for shelf in shelves), Decimal(0))


@pytest.fixture
def sap():
    with World(seed=False) as world:
        for code in ("MUG", "LAMP"):
            clerk.add_item(world.company, code, stock="100", cost="1.00")
        yield world


@pytest.fixture(params=[False, True], ids=["net prices", "gross prices"])
def shop(request):
    return ScriptedShop(gross=request.param)


@pytest.fixture
def story(shop, sap, books):
    crosswalks = {name: dict(codes) for name, codes in CROSSWALKS.items()}
    run = InMemoryRun(ORDER, crosswalks=crosswalks)
    return Story(shop, sap, books, run)


@pytest.fixture
async def mugs(story, shop):
    """Three mugs at Decimal("20.00") and 19 %: Decimal("71.40"), invoiced and paid."""
    shop.sells(("MUG", 3, "71.40" if shop.gross else "60.00", "19"))
    shop.pays("71.40")
    await story.catch_up()
    return story

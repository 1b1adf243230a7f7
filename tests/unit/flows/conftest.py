"""A shop and books in memory, small enough to see through; journeys use the simulators."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from b1bridge.domain.addresses import Placing
from b1bridge.domain.customers import Address, BusinessPartner, Customer, normalised_email
from b1bridge.domain.documents import Booked, CompanyRules, Item
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money, rounded
from b1bridge.domain.orders import Charge, Order, OrderLine, OrderState, Tax
from b1bridge.domain.payments import Payment
from b1bridge.domain.standing import Standing, StandingExpense, StandingRow
from b1bridge.domain.stock import Moved, ShopStock
from b1bridge.domain.tax import net_of, predicted_totals
from b1bridge.engine.options import options_of
from b1bridge.errors import NeedsOperator, OutcomeUnknown, Rejected
from b1bridge.testing.runs import InMemoryRun

ORDER = Ref("shop", "order", "101")
ANNA = Customer(Ref("shop", "customer", "7"), "Anna@example.com", "Anna Berg")
MOMENT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
CROSSWALKS = {
    "tax": {"20": "A20", "12": "A12"},
    "freight": {"shipping": "1"},
    "payment_method": {"card": "transfer:1020", "gift_certificate": "transfer:2170"},
}


def euro(amount):
    return Money.of(amount, "EUR")


def taxed(amount, rate="20"):
    tax = rounded(Decimal(amount) * Decimal(rate) / 100)
    return euro(amount), Tax("", Decimal(rate), euro(tax)), euro(Decimal(amount) + tax)


def line(sku, amount, quantity="1", rate="20"):
    net, tax, gross = taxed(amount, rate)
    return OrderLine(f"line of {sku}", sku, f"A {sku}", Decimal(quantity), net, tax, gross)


def order(*lines, shipping="5.00", **facts):
    charges = (Charge("shipping", *taxed(shipping)),)
    parts = (*lines, *charges)
    known = {
        "ref": ORDER,
        "number": "101",
        "state": OrderState.OPEN,
        "placed_at": MOMENT,
        "modified_at": MOMENT,
        "currency": "EUR",
        "prices_include_tax": False,
        "customer": ANNA,
        "billing": Address(),
        "shipping": Address(),
        "lines": lines,
        "charges": charges,
        "total": Money.sum((part.gross for part in parts), "EUR"),
        "tax_total": Money.sum((part.tax.amount for part in parts), "EUR"),
        "charge_total": euro(shipping),
    }
    return Order(**(known | facts))


@dataclass
class FakeShop:
    """Orders, payments, customers and stock that a test puts in and changes by hand."""

    orders: dict[Ref, Order] = field(default_factory=dict)
    paid: list[Payment] = field(default_factory=list)
    customers: dict[Ref, Customer] = field(default_factory=dict)
    levels: list[ShopStock] = field(default_factory=list)
    notes: list[tuple[Ref, int]] = field(default_factory=list)
    pushes: list[list[ShopStock]] = field(default_factory=list)

    async def order(self, ref):
        return self.orders[ref]

    async def orders_changed_since(self, _moment):
        for ref, found in self.orders.items():
            yield ref, found.modified_at

    async def payments(self, ref):
        return tuple(payment for payment in self.paid if payment.order == ref)

    async def customer(self, ref):
        return self.customers[ref]

    async def stock(self, skus=None):
        for level in self.levels:
            if skus is None or level.sku in skus:
                yield level

    async def set_stock(self, levels):
        self.pushes.append(list(levels))

    def pay(self, id_, amount, method="card"):
        ref = Ref("shop", "payment", id_)
        self.paid.append(Payment(ref, ORDER, method, euro(amount), MOMENT, f"ch_{id_}"))


class NotingShop(FakeShop):
    """A shop that has a place for the books' number."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    async def version(self, ref):
        return self.orders[ref].version

    async def annotate(self, ref, posted):
        self.meanwhile()
        self.notes.append((ref, posted.number))
        later = self.orders[ref].modified_at + timedelta(seconds=1)
        self.orders[ref] = replace(self.orders[ref], noted=str(posted.number), modified_at=later)
        return self.orders[ref].version


def _standing_expense(number, one, document):
    tax = rounded(one.amount.amount * one.tax_rate / 100)
    if document.gross:
        tax = one.amount.amount - net_of(one.amount.amount, one.tax_rate, 2)
    net = one.amount - euro(tax) if document.gross else one.amount
    code = (one.tax_code, one.tax_rate, one.remarks)
    return StandingExpense(number, one.code, net, euro(tax), *code)


def _is_of(found, reference):
    return found == reference or found.startswith(f"{reference}+")


def _standing_row(number, row, document):
    tax = rounded(row.amount.amount * row.tax_rate / 100)
    if document.gross:
        tax = row.amount.amount - net_of(row.amount.amount, row.tax_rate, 2)
    return StandingRow(
        number=number,
        item=row.item,
        description=row.description,
        quantity=row.quantity,
        open_quantity=row.quantity,
        is_open=True,
        net=row.amount - euro(tax) if document.gross else row.amount,
        tax=euro(tax),
        tax_code=row.tax_code,
        tax_rate=row.tax_rate,
        warehouse=row.warehouse,
    )


@dataclass
class FakeBooks:
    """Books that keep what is posted, and lose an answer when a test says so."""

    stock: dict[str, Item] = field(default_factory=dict)
    partners: dict[str, BusinessPartner] = field(default_factory=dict)
    ship_tos: dict[str, dict[str, Address]] = field(default_factory=dict)
    documents: list = field(default_factory=list)
    incoming: list = field(default_factory=list)
    cancelled: set[int] = field(default_factory=set)
    rows: list = field(default_factory=list)
    kits: list = field(default_factory=list)
    units: dict = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    moved_until: str = "2026-11-02T09:30:00"
    losing: list[str] = field(default_factory=list)
    refusing: dict[str, NeedsOperator] = field(default_factory=dict)
    off_by: Decimal = Decimal(0)

    async def rules(self):
        return CompanyRules("EUR", "Europe/Berlin")

    async def periods(self):
        return ()

    async def tax_rates(self, codes, _day):
        return {code: Decimal(code[1:]) for code in codes}

    async def items(self, codes):
        return {code: self.stock[code] for code in codes if code in self.stock}

    async def items_like(self, code):
        return tuple(i for c, i in self.stock.items() if c.lower() == code.lower() and c != code)

    async def find_partner(self, code):
        return self.partners.get(code)

    async def partners_by_email(self, email):
        wanted = normalised_email(email)
        return tuple(p for p in self.partners.values() if normalised_email(p.email) == wanted)

    async def partners_by_tax_id(self, tax_id):
        return tuple(p for p in self.partners.values() if p.tax_id == tax_id)

    async def partners_by_name(self, _name):
        return tuple(self.partners.values())

    async def placing(self, address):
        known = not address.state or address.state in {"BE", "BY"}
        note = f"no state {address.state}"
        return Placing() if known else Placing((note,), unknown_state=address.state)

    async def ship_to_addresses(self, code):
        return dict(self.ship_tos.get(code, {}))

    async def post_ship_to(self, code, address):
        known = self.ship_tos.setdefault(code, {})
        known[f"ship-to {len(known)}"] = address
        self._answer("post_ship_to")
        return f"ship-to {len(known) - 1}"

    async def open_partner(self, partner):
        if partner.code in self.partners:
            msg = f"{partner.code} is taken"
            raise Rejected(msg)
        self.partners[partner.code] = BusinessPartner(partner.code, partner.name, partner.email)
        self._answer("open_partner")
        return partner.code

    async def find_document(self, kind, reference):
        return next((p for p in self._posted(kind) if self._of(p).reference == reference), None)

    async def post_document(self, document):
        if "post_document" in self.refusing:
            raise self.refusing["post_document"]
        self.documents.append(document)
        self._answer("post_document")
        return self._as_posted(len(self.documents) - 1)

    async def totals_of(self, posted):
        found = predicted_totals(self._of(posted))
        return replace(found, total=found.total + euro(self.off_by))

    async def booked(self, kind, reference):
        posted = await self.find_document(kind, reference)
        if posted is None:
            return None
        return Booked(posted, self._of(posted).business_partner, await self.totals_of(posted))

    async def standing(self, kind, reference):
        found = [p for p in self._posted(kind) if _is_of(self._of(p).reference, reference)]
        return tuple([self._standing(p, await self.totals_of(p)) for p in found])

    def _standing(self, posted, totals):
        document = self._of(posted)
        return Standing(
            posted=posted,
            reference=document.reference,
            business_partner=document.business_partner,
            posted_on=document.posted_on,
            is_open=True,
            gross=document.gross,
            totals=totals,
            paid=Money.zero(document.currency),
            rounding=document.rounding,
            rows=tuple(_standing_row(i, row, document) for i, row in enumerate(document.lines)),
            expenses=tuple(
                _standing_expense(i, one, document) for i, one in enumerate(document.expenses)
            ),
            reserve=document.reserve,
        )

    async def find_payment(self, reference):
        for i, payment in enumerate(self.incoming):
            if payment.reference == reference:
                return Posted("incoming payment", i, 9000 + i)
        return None

    async def post_payment(self, payment):
        self.incoming.append(payment)
        self._answer("post_payment")
        return Posted("incoming payment", len(self.incoming) - 1, 8999 + len(self.incoming))

    async def stock_levels(self, warehouses):
        for row in self.rows:
            if row.warehouse in warehouses:
                yield row

    async def levels_of(self, items, warehouses):
        for row in self.rows:
            if row.item in items and row.warehouse in warehouses:
                yield row

    async def stock_kits(self):
        return tuple(self.kits)

    async def unit(self, item, code):
        return self.units.get((item, code))

    async def items_moved(self, since):
        return Moved(frozenset(self.moved) if since else frozenset(), self.moved_until)

    def _answer(self, verb):
        if verb in self.losing:
            self.losing.remove(verb)
            msg = f"no answer to {verb}"
            raise OutcomeUnknown(msg)

    def _posted(self, kind):
        numbered = enumerate(self.documents)
        return [
            self._as_posted(i) for i, d in numbered if d.kind is kind and i not in self.cancelled
        ]

    def _as_posted(self, i):
        return Posted(self.documents[i].kind.value, i, 4700 + i)

    def _of(self, posted):
        return self.documents[posted.entry]


@dataclass
class Story:
    """One shop and one company, and runs between them."""

    shop: FakeShop
    books: FakeBooks
    run: InMemoryRun

    async def tell(self, flow, run: InMemoryRun | None = None, **options):
        """Run the flow as the engine would: between the right two, with its options."""
        source, target = self.shop, self.books
        if flow.on == "schedule":
            source, target = target, source
        chosen = options_of(flow, options)
        return await flow.body(run or self.run.restarted(), source, target, chosen)


@pytest.fixture
def make_order() -> Callable[..., Order]:
    return order


@pytest.fixture
def make_line() -> Callable[..., OrderLine]:
    return line


def a_story():
    """Return an order of two lines and shipping, nothing of it in the books yet."""
    shop = NotingShop()
    shop.orders[ORDER] = order(line("A", "40.00", "2"), line("B", "15.50"), noted="")
    shop.customers[ANNA.ref] = ANNA
    books = FakeBooks({code: Item(code, code, default_warehouse="W1") for code in "AB"})
    crosswalks = {name: dict(codes) for name, codes in CROSSWALKS.items()}
    return Story(shop, books, InMemoryRun(ORDER, crosswalks=crosswalks))


@pytest.fixture
def story():
    return a_story()


@pytest.fixture
def new_story():
    """Return a maker of stories, for tests that tell many."""
    return a_story


@pytest.fixture
def posted_on():
    return date(2026, 11, 2)

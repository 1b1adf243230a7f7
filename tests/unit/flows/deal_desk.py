"""A CRM with one deal, books that know its items, and the flow between them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from b1bridge.domain.crm import Deal, DealLine, DealStatus, Glance
from b1bridge.domain.crm_profiles import ItemTax
from b1bridge.domain.customers import BusinessPartner
from b1bridge.domain.documents import Item
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.engine.options import options_of
from b1bridge.flows.deal_to_sales_order import FLOW
from b1bridge.testing.runs import InMemoryRun

from .conftest import MOMENT, FakeBooks, euro

DEAL = Ref("crm", "deal", "55")
CROSSWALKS = {"tax": {"19": "A19", "0": "A0"}}


def a_line(item="A", price="10", quantity="2", discount="0", currency="EUR", **facts):
    money = {"price": Money.of(price, currency), "discount": Money.of(discount, currency)}
    known = {
        "id": f"l{item}",
        "product": "1",
        "item": item,
        "name": f"A {item}",
        "tax": Decimal(20),
    }
    known["quantity"] = Decimal(quantity)
    return DealLine(**(known | money | facts))


def a_deal(*lines, **facts):
    known = {
        "ref": DEAL,
        "title": "Big one",
        "status": DealStatus.WON,
        "stage": "Negotiation",
        "currency": "EUR",
        "value": euro("0"),
        "organization": "5",
        "organization_key": "C1",
        "organization_name": "Anna Ek AB",
        "person": "",
        "lines": lines or (a_line(),),
        "updated_at": MOMENT,
        "digest": "d1",
    }
    return Deal(**(known | facts))


@dataclass
class FakeDeals:
    """One deal that salespeople change."""

    current: Deal
    notes: list = field(default_factory=list)
    glances: int = 0
    meanwhile: object = staticmethod(lambda: None)
    reads: int = 0

    async def deal(self, _ref):
        self.reads += 1
        if self.current.status is DealStatus.DELETED:
            return None
        return self.current

    async def glance(self, _ref):
        self.glances += 1
        if self.current.status is DealStatus.DELETED:
            return None
        return Glance(self.current.updated_at, self.current.digest)

    def deals_changed_since(self, _moment):
        raise NotImplementedError

    async def annotate_deal(self, _ref, fields):
        self.notes.append(dict(fields))
        self.meanwhile()
        self.change(noted={**self.current.noted, **fields})

    def change(self, **facts):
        later = self.current.updated_at + timedelta(seconds=1)
        self.current = replace(self.current, updated_at=later, **facts)


class DealBooks(FakeBooks):
    """Books that know their items' taxes, and change what is open."""

    asked = 0

    async def item_taxes(self, items, _moment):
        self.asked += 1
        return {item: ItemTax("A20", Decimal(20)) for item in items if item in self.stock}

    async def change_document(self, posted, document, _rows):
        kept = self.documents[posted.entry]
        self.documents[posted.entry] = replace(
            document, business_partner=kept.business_partner, posted_on=kept.posted_on
        )
        return posted

    async def cancel_document(self, posted):
        self.cancelled.add(posted.entry)
        return posted


@dataclass
class Desk:
    """Deals, books, and what the hub remembers."""

    crm: FakeDeals
    books: DealBooks
    run: InMemoryRun

    async def tell(self, run=None, **options):
        run = run or self.run.restarted()
        run.seen = self.run.has_seen
        outcome = await FLOW.body(run, self.crm, self.books, options_of(FLOW, options))
        self.run.has_seen = run.has_seen
        return outcome

    def in_force(self):
        return [d for i, d in enumerate(self.books.documents) if i not in self.books.cancelled]


def open_desk():
    """Return a desk with a won deal of one line, and a customer who fits it."""
    books = DealBooks({code: Item(code, code, default_warehouse="W1") for code in "AB"})
    books.partners["C1"] = BusinessPartner("C1", "Anna Ek AB")
    run = InMemoryRun(DEAL, crosswalks=CROSSWALKS)
    return Desk(FakeDeals(a_deal()), books, run)

"""Books and a CRM in memory, and what the hub remembers between two runs."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from b1bridge.domain.contacts import Contact
from b1bridge.domain.crm_profiles import (
    InvoiceProfile,
    ItemProfile,
    ListPrice,
    PartnerProfile,
)
from b1bridge.domain.customers import Address
from b1bridge.domain.documents import CompanyRules
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.engine.options import options_of
from b1bridge.errors import NeedsOperator, OutcomeUnknown
from b1bridge.testing.runs import InMemoryRun

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PARTNER = Ref("books", "business partner", "C1")
ITEM = Ref("books", "item", "TEA")
INVOICE = Ref("books", "invoice", "12")


def euro(amount):
    return Money.of(amount, "EUR")


def a_partner(**facts):
    known = {
        "ref": PARTNER,
        "name": "Anna <Ek> AB",
        "balance": euro("120"),
        "overdue": euro("20"),
        "credit_limit": euro("100"),
        "open_orders": euro("0"),
        "open_deliveries": euro("0"),
        "billing": Address(street_1="Storgatan 1", zip_code="111 22", city="Stockholm"),
        "contacts": (Contact(7, "Bo", "Bo", "Ek", "BO@x.se"), Contact(8, "Siv")),
    }
    return PartnerProfile(**(known | facts))


def an_item(**facts):
    known = {
        "ref": ITEM,
        "name": "Earl Grey",
        "tax": Decimal(20),
        "prices": (ListPrice(1, Decimal("3.5"), "€"), ListPrice(2, Decimal("4.2"), "USD")),
        "free": {"W1": Decimal(5), "W2": Decimal(2)},
    }
    return ItemProfile(**(known | facts))


def an_invoice(**facts):
    known = {
        "ref": INVOICE,
        "number": 4711,
        "partner": "C1",
        "reference": "<b>PO</b>",
        "issued": date(2026, 11, 1),
        "due": date(2026, 11, 30),
        "total": euro("24"),
        "paid": euro("0"),
        "is_open": True,
    }
    return InvoiceProfile(**(known | facts))


@dataclass
class FakeProfiles:
    """Books that hold what a test puts in."""

    partner: PartnerProfile | None = field(default_factory=a_partner)
    item: ItemProfile | None = field(default_factory=an_item)
    invoice: InvoiceProfile = field(default_factory=an_invoice)
    asked: dict = field(default_factory=dict)

    async def partner_profile(self, _ref, _moment):
        return self.partner

    async def item_profile(self, _ref, _moment):
        return self.item

    async def rules(self):
        return CompanyRules("EUR", "UTC")

    async def price_for(self, customer, _item, _quantity, _day, *, unit=None):
        del unit
        return self.asked.get(customer)

    async def invoice_profile(self, _ref):
        return self.invoice


@dataclass
class FakeCrm:
    """Records by id; `merge` and `lose` do what people and wires do."""

    records: dict = field(default_factory=dict)
    writes: list = field(default_factory=list)
    losing: bool = False

    def _find(self, kind, key):
        found = [id_ for id_, one in self.records.items() if id_[0] == kind and one.key == key]
        if len(found) > 1:
            msg = f"several {kind}s stand for {key}"
            raise NeedsOperator(msg, reason="CRM_DUPLICATE")
        return found[0][1] if found else None

    def _add(self, kind, record):
        id_ = str(100 + len(self.writes))
        self.records[kind, id_] = record
        self.writes.append(("add", kind, id_))
        if self.losing:
            self.losing = False
            msg = "no answer"
            raise OutcomeUnknown(msg)
        return id_

    def _change(self, kind, id_, record):
        if (kind, id_) not in self.records:
            return False
        self.records[kind, id_] = record
        self.writes.append(("change", kind, id_))
        return True

    async def remove(self, record, id_):
        self.records.pop((record.value, id_), None)
        self.writes.append(("remove", record.value, id_))

    async def change_fields(self, record, id_, fields):
        self.writes.append(("mark", record.value, id_))
        one = self.records[record.value, id_]
        self.records[record.value, id_] = replace(one, fields={**one.fields, **fields})
        return True

    async def close_product(self, id_):
        self.writes.append(("close", "product", id_))
        self.records["product", id_] = replace(self.records["product", id_], is_sold=False)
        return True

    async def find_organization(self, key, _as_of=None):
        return self._find("organization", key)

    async def add_organization(self, one):
        return self._add("organization", one)

    async def change_organization(self, id_, one):
        return self._change("organization", id_, one)

    async def find_person(self, key, _as_of=None):
        return self._find("person", key)

    async def add_person(self, one):
        return self._add("person", one)

    async def change_person(self, id_, one):
        return self._change("person", id_, one)

    async def find_product(self, key, _as_of=None):
        return self._find("product", key)

    async def add_product(self, one):
        return self._add("product", one)

    async def change_product(self, id_, one):
        return self._change("product", id_, one)

    async def find_note(self, key, _as_of=None):
        return self._find("note", key)

    async def add_note(self, one):
        return self._add("note", one)

    async def change_note(self, id_, one):
        return self._change("note", id_, one)

    def told(self, kind):
        return [one for (of, _), one in self.records.items() if of == kind]


@dataclass
class Desk:
    """Books, a CRM and what the hub remembers between runs."""

    flow: object
    run: InMemoryRun
    books: FakeProfiles = field(default_factory=FakeProfiles)
    crm: FakeCrm = field(default_factory=FakeCrm)

    async def tell(self, run=None, **options):
        """Run the flow and let the next run see what this one saw."""
        run = run or self.run.restarted()
        run.seen = self.run.has_seen
        self.crm.writes.clear() if run.seen else None
        outcome = await self.flow.body(run, self.books, self.crm, options_of(self.flow, options))
        self.run.has_seen = run.has_seen
        return outcome


def desk_of(module, ref):
    crosswalks = {"currency": {"€": "EUR"}}
    run = InMemoryRun(ref, target="crm", crosswalks=crosswalks, clock=lambda: NOW)
    return Desk(module.FLOW, run)

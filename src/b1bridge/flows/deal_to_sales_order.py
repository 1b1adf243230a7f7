"""A deal that is won becomes a sales order or a quotation, and what it becomes is noted on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from b1bridge.domain.crm import CrmRecord, Deal, DealStatus, FieldValue
from b1bridge.domain.crm_fields import ORDER
from b1bridge.domain.crm_profiles import ItemTax
from b1bridge.domain.customers import Address, Customer, NewBusinessPartner
from b1bridge.domain.deals import (
    DealPolicy,
    Sale,
    deal_version,
    gone_deal,
    is_known,
    items_of,
    no_organization,
    order_from,
    sale_of,
    same_sale,
    unlinked_organization,
    value_note,
)
from b1bridge.domain.documents import CompanyRules, DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.items import item_code
from b1bridge.domain.orders import Order
from b1bridge.domain.partners import partner_code
from b1bridge.domain.text import single_line
from b1bridge.engine.flow import Did, Flow, Lane, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.crm import DealSource
from b1bridge.ports.crm_books import DealBooks
from b1bridge.procedures.deal_sales import (
    check_goods_of_gone,
    current_sale,
    end_sale,
    recalled,
    sale_to_post,
)
from b1bridge.procedures.order_documents import UNCHANGED, order_to_document
from b1bridge.procedures.order_options import SaleOptions, of_known_customer

PARTNER = "business partner"


class Document(StrEnum):
    """What a deal becomes."""

    SALES_ORDER = "sales order"
    QUOTATION = "quotation"


@dataclass(frozen=True, kw_only=True)
class Options(SaleOptions, DealPolicy):
    """`create_partner` opens a customer for an organization that stands for none.

    `partner_prefix` is what the code of such a customer begins with.
    """

    document: Document = Document.SALES_ORDER
    create_partner: bool = False
    partner_prefix: str = "W"


@dataclass(frozen=True, slots=True)
class _DealAsOrder:
    """A deal as the order procedures see the orders of a shop."""

    crm: DealSource
    deal: Ref
    sold: Order
    policy: DealPolicy

    async def order(self, ref: Ref) -> Order:
        """Return the deal as it was read."""
        del ref
        return self.sold

    def orders_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each deal that changed."""
        return self.crm.deals_changed_since(moment)

    async def annotate(self, order: Ref, posted: Posted) -> str:
        """Write the number onto the deal, and return its version afterwards.

        It is read again, for somebody may have changed it since we did.
        """
        del order
        await self.crm.annotate_deal(self.deal, _noted(posted))
        after = await self.crm.deal(self.deal)
        return deal_version(after, self.policy) if after else ""


async def deal_to_sales_order(
    run: Run, crm: DealSource, books: DealBooks, options: Options
) -> Outcome:
    """Enter a won deal once; one that changes or is lost afterwards is followed as orders are.

    One that is won again after its order was called off is a new sale, with an order of its own.
    """
    kind = DocumentKind(options.document.value)
    deal, sale, known = await run.step("read deal", lambda: _read(run, crm, books, kind))
    version = deal_version(deal, options) if deal else run.seen
    run.saw(version)
    if deal is None or same_sale(run.seen, version):
        return Outcome(Did.ALREADY_THERE if known else Did.SKIPPED, UNCHANGED)
    stands = sale_of(deal, options)
    if not known and stands is not Sale.SOLD:
        return Outcome(Did.SKIPPED, f"deal {deal.ref.id} is {deal.status}")
    if stands is Sale.WAITS:
        return await _opened_again(run, crm, books, deal, sale, options)
    customer = Customer(None, "", deal.organization_name)
    if stands is Sale.SOLD:
        customer = await _customer(run, books, deal, options)
        sale = sale if known else await _sale_to_post(run, books, kind, sale)
    elif deal.status is DealStatus.DELETED:
        await run.step("look for its goods", lambda: check_goods_of_gone(books, kind, sale))
    rules, taxes = await run.step("read company and taxes", lambda: _company(run, books, deal))
    order = replace(order_from(deal, options, customer, taxes, rules), ref=sale)
    seen_as = _DealAsOrder(crm, deal.ref, order, options)
    outcome = await order_to_document(run, seen_as, books, of_known_customer(options), kind)
    if stands is Sale.CALLED_OFF:
        await end_sale(run, kind, sale)
        return outcome
    own = next((one for one in outcome.documents if one.kind == kind), None)
    if known and options.annotate and own:
        await _renumber(run, crm, deal, _noted(own))
    return _with(outcome, value_note(deal, order))


def _with(outcome: Outcome, note: str) -> Outcome:
    """Add what an operator should know to what became of a deal."""
    if outcome.did is not Did.POSTED or not note:
        return outcome
    return replace(outcome, reason="; ".join(filter(None, (outcome.reason, note))))


async def _read(
    run: Run, crm: DealSource, books: DealBooks, kind: DocumentKind
) -> tuple[Deal | None, Ref, bool]:
    """Read the deal unless a glance shows it as it was; also say which sale it is in, if known."""
    sale, known = await current_sale(run, kind)
    known = known or await recalled(run, books, kind, sale)
    if run.seen and is_known(run.seen, await crm.glance(run.ref)):
        return None, sale, known
    deal = await crm.deal(run.ref)
    if deal is None:
        deal = await _gone(run, books, kind, sale, known=known)
    return deal, sale, known


async def _gone(run: Run, books: DealBooks, kind: DocumentKind, sale: Ref, *, known: bool) -> Deal:
    """Say that the deal was deleted, in the currency that its document is in, if there is one."""
    if not known:
        return gone_deal(run.ref, "", run.now())
    booked = await books.booked(kind, str(sale))
    rules = await books.rules()
    currency = booked.totals.total.currency if booked else rules.local_currency
    return gone_deal(run.ref, currency, run.now())


async def _sale_to_post(run: Run, books: DealBooks, kind: DocumentKind, sale: Ref) -> Ref:
    return await run.step("look for former sales", lambda: sale_to_post(books, kind, run.ref, sale))


async def _opened_again(
    run: Run, crm: DealSource, books: DealBooks, deal: Deal, sale: Ref, options: Options
) -> Outcome:
    """Leave the order, and note its number where that was not done before the deal was opened."""
    kind = DocumentKind(options.document.value)
    if options.annotate and not deal.noted.get(ORDER):
        posted = await run.step("look for its order", lambda: books.find_document(kind, str(sale)))
        if posted is not None:
            await run.step("note number", lambda: crm.annotate_deal(deal.ref, _noted(posted)))
    why = f"deal {deal.ref.id} is open again; its {kind} stays until it is won or lost"
    return Outcome(Did.ALREADY_THERE, why)


async def _renumber(run: Run, crm: DealSource, deal: Deal, wanted: dict[str, FieldValue]) -> None:
    """Note the number of a later sale where that of a former one still stands."""
    if deal.noted.get(ORDER) not in {"", None, wanted[ORDER]}:
        await run.step("note number", lambda: crm.annotate_deal(deal.ref, wanted))


def _noted(posted: Posted) -> dict[str, FieldValue]:
    """Write what is noted on a deal: the number, and what it is where it is no sales order."""
    named = str(posted.number)
    return {ORDER: named if posted.kind == DocumentKind.SALES_ORDER else f"{posted.kind} {named}"}


async def _customer(run: Run, books: DealBooks, deal: Deal, options: Options) -> Customer:
    """Return the customer whom the organization is linked to, or whose code it carries."""
    if not deal.organization:
        raise no_organization(deal)
    organization = Ref(deal.ref.connection, CrmRecord.ORGANIZATION.value, deal.organization)
    linked = await run.step("find customer", lambda: _linked(run, organization))
    code = linked or deal.organization_key
    if not code and options.create_partner:
        code = await _opened(run, books, organization, deal, options)
    if not code:
        raise unlinked_organization(deal)
    return Customer(None, "", deal.organization_name, account=code)


async def _linked(run: Run, organization: Ref) -> str:
    linked = await run.links.linked(organization, PARTNER)
    return linked.id if linked is not None and linked.connection == run.target else ""


async def _opened(
    run: Run, books: DealBooks, organization: Ref, deal: Deal, options: Options
) -> str:
    """Open the customer, whose code follows from the organization, so that a repeat finds it."""
    new = NewBusinessPartner(
        code=partner_code(str(organization), options.partner_prefix),
        name=single_line(deal.organization_name) or str(organization),
        email="",
        phone="",
        currency=deal.currency,
        billing=Address(),
    )

    async def find() -> str | None:
        found = await books.find_partner(new.code)
        return found.code if found else None

    written = await run.write_once(
        "open business partner", find=find, write=lambda: books.open_partner(new)
    )
    partner = Ref(run.target, PARTNER, written.value)
    await run.links.link(organization, partner, number=written.value)
    return written.value


async def _company(
    run: Run, books: DealBooks, deal: Deal
) -> tuple[CompanyRules, dict[str, ItemTax]]:
    """Read how the company counts, and the taxes of what is sold by the products' keys."""
    sku = await run.crosswalk("sku")
    codes = {name: item_code(name, sku) for name in items_of(deal.lines)}
    found = await books.item_taxes(set(codes.values()), deal.won_at or deal.updated_at)
    taxes = {name: found[code] for name, code in codes.items() if code in found}
    return await books.rules(), taxes


FLOW = Flow(
    name="deal-to-sales-order",
    on="deal",
    source=DealSource,
    target=DealBooks,
    body=deal_to_sales_order,
    options=Options,
    lane=Lane.ORDERS,
)

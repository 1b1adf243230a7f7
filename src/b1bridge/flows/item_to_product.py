"""An item of the books becomes a product of the CRM: prices by currency, stock, tax, unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.crm import CrmRecord, Product, content_hash
from b1bridge.domain.crm_profiles import ItemProfile, ListPrice
from b1bridge.domain.crm_records import ProductPolicy, asked_of, product_from
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.errors import NeedsOperator
from b1bridge.ports.crm import ProductTarget
from b1bridge.ports.crm_books import PricedItems
from b1bridge.procedures.crm_records import Writes, linked_id, put

KIND = CrmRecord.PRODUCT.value
_ONE = Decimal(1)
_WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Options(ProductPolicy):
    """`price_for` names customers: what SAP asks of them today is shown instead of price lists.

    Of each currency the first customer who is asked for one tells the price: special prices,
    discount groups and period discounts are in it. `remove_inactive` deletes what is frozen or not
    sold any more, which is otherwise closed.
    """

    price_for: tuple[str, ...] = ()
    remove_inactive: bool = False


async def item_to_product(
    run: Run, books: PricedItems, crm: ProductTarget, options: Options
) -> Outcome:
    """Send the product whole, all its prices, where anything of it differs from the last time."""
    profile = await run.step("read item", lambda: books.item_profile(run.ref, run.now()))
    if profile is None or (options.remove_inactive and not profile.is_sold):
        return await _withdrawn(run, crm, options)
    asked = await _asked(run, books, profile, options)
    product = product_from(profile, options, await run.crosswalk("currency"), asked)
    version = content_hash(product)
    run.saw(version)
    if version == run.seen:
        return Outcome(Did.ALREADY_THERE, "nothing that is shown has changed")
    if not product.is_sold:
        return await _closed(run, crm, product)
    made = await put(run, run.ref, KIND, _writes(crm, product))
    return Outcome(Did.POSTED, f"product {made.id}{' is new' if made.is_new else ''}")


async def _asked(
    run: Run, books: PricedItems, item: ItemProfile, options: Options
) -> tuple[ListPrice, ...] | None:
    """Let SAP find the price: what it looks at and in which order is not for us to rebuild.

    NeedsOperator (UNKNOWN_PARTNER) for a customer that the books lack.
    """
    if not options.price_for or not item.is_sold:
        return None

    async def ask() -> tuple[ListPrice, ...]:
        rules = await books.rules()
        day, found = rules.day_of(run.now()), []
        for customer in options.price_for:
            price = await books.price_for(customer, run.ref.id, _ONE, day, unit=item.sold_in)
            if price is None:
                raise _unknown(run, customer)
            found.append(asked_of(price, rules))
        return tuple(found)

    return await run.step("ask prices", ask)


def _unknown(run: Run, customer: str) -> NeedsOperator:
    msg = f"{run.ref}: the books know no customer {customer}, for whom prices are to be shown"
    fix = "correct price_for in the sync's options, then retry the case"
    return NeedsOperator(msg, reason="UNKNOWN_PARTNER", fix=fix)


async def _closed(run: Run, crm: ProductTarget, product: Product) -> Outcome:
    """Let no deal take what is not sold; what was never shown stays so."""
    why = f"item {run.ref.id} is not sold"
    known = await linked_id(run, run.ref, KIND)
    if not known:
        return Outcome(Did.SKIPPED, why)
    await run.step("close product", lambda: crm.change_product(known, product))
    return Outcome(Did.POSTED, f"{why}; product {known} was closed to new deals")


async def _withdrawn(run: Run, crm: ProductTarget, options: Options) -> Outcome:
    """Close or delete the product of an item that is gone, once."""
    why = f"item {run.ref.id} is not sold any more"
    run.saw(_WITHDRAWN)  # should it come back as it was, it is shown again
    known = await linked_id(run, run.ref, KIND)
    if not known or run.seen == _WITHDRAWN:
        return Outcome(Did.ALREADY_THERE if known else Did.SKIPPED, why)
    if options.remove_inactive:
        await run.step("delete product", lambda: crm.remove(CrmRecord.PRODUCT, known))
        return Outcome(Did.POSTED, f"{why}; product {known} was deleted")
    await run.step("close product", lambda: crm.close_product(known))
    return Outcome(Did.POSTED, f"{why}; product {known} was closed to new deals")


def _writes(crm: ProductTarget, product: Product) -> Writes:
    return Writes(
        find=lambda as_of: crm.find_product(product.key, as_of),
        add=lambda: crm.add_product(product),
        change=lambda id_: crm.change_product(id_, product),
    )


FLOW = Flow(
    name="item-to-product",
    on="item",
    source=PricedItems,
    target=ProductTarget,
    body=item_to_product,
    options=Options,
    mirrors=True,
    daily=True,
)

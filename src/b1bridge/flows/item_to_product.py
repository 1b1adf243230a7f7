"""An item of the books becomes a product of the CRM: prices by currency, stock, tax, unit."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.crm import CrmRecord, Product, content_hash
from b1bridge.domain.crm_records import ProductPolicy, product_from
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.crm import ProductTarget
from b1bridge.ports.crm_books import ItemProfiles
from b1bridge.procedures.crm_records import Writes, linked_id, put

KIND = CrmRecord.PRODUCT.value


@dataclass(frozen=True, kw_only=True)
class Options(ProductPolicy):
    """`remove_inactive` deletes what is frozen or not sold any more, which is otherwise closed."""

    remove_inactive: bool = False


async def item_to_product(
    run: Run, books: ItemProfiles, crm: ProductTarget, options: Options
) -> Outcome:
    """Send the product whole, all its prices, where anything of it differs from the last time."""
    profile = await run.step("read item", lambda: books.item_profile(run.ref, run.now()))
    if profile is None:
        return await _closed(run, crm, None, options)
    product = product_from(profile, options, await run.crosswalk("currency"))
    version = content_hash(product)
    run.saw(version)
    if version == run.seen:
        return Outcome(Did.ALREADY_THERE, "nothing that is shown has changed")
    if not product.is_sold:
        return await _closed(run, crm, product, options)
    made = await put(run, run.ref, KIND, _writes(crm, product))
    return Outcome(Did.POSTED, f"product {made.id}{' is new' if made.is_new else ''}")


async def _closed(
    run: Run, crm: ProductTarget, product: Product | None, options: Options
) -> Outcome:
    """Let no deal take what is not sold; what was never shown stays so."""
    why = f"item {run.ref.id} is not sold"
    known = await linked_id(run, run.ref, KIND)
    if not known:
        return Outcome(Did.SKIPPED, why)
    if options.remove_inactive:
        await run.step("delete product", lambda: crm.remove(CrmRecord.PRODUCT, known))
        run.saw("")  # should it come back as it was, it is shown again
        return Outcome(Did.POSTED, f"{why}; product {known} was deleted")
    if product is None:
        return Outcome(Did.SKIPPED, f"{why}; product {known} is left as it is")
    wanted = product
    await run.step("close product", lambda: crm.change_product(known, wanted))
    return Outcome(Did.POSTED, f"{why}; product {known} was closed to new deals")


def _writes(crm: ProductTarget, product: Product) -> Writes:
    return Writes(
        find=lambda: crm.find_product(product.key),
        add=lambda: crm.add_product(product),
        change=lambda id_: crm.change_product(id_, product),
    )


FLOW = Flow(
    name="item-to-product",
    on="item",
    source=ItemProfiles,
    target=ProductTarget,
    body=item_to_product,
    options=Options,
)

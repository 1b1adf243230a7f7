"""A shopper who registers becomes a business partner."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.partners import PartnerPolicy, PartnerStrategy, collective_code
from b1bridge.engine import codec
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.books import Books
from b1bridge.ports.shop import CustomerSource
from b1bridge.procedures.partners import KIND, business_partner_for


@dataclass(frozen=True, kw_only=True)
class Options(PartnerPolicy):
    """How partners are found or opened."""


async def customer_to_business_partner(
    run: Run, shop: CustomerSource, books: Books, options: Options
) -> Outcome:
    """Link the shopper to the one account that is theirs, or open it once."""
    customer = await run.step("read customer", lambda: shop.customer(run.ref))
    version = codec.digest(customer)
    run.saw(version)
    if version == run.seen:
        linked = await run.links.linked(run.ref, KIND)
        known = linked is not None and linked.connection == run.target
        did = Did.ALREADY_THERE if known else Did.SKIPPED
        return Outcome(did, "the shopper has not changed since the last run")
    if options.partners is PartnerStrategy.PER_ORDER:
        return Outcome(Did.SKIPPED, "each order gets a business partner of its own")
    pooled = collective_code(customer, options)
    if pooled:
        return Outcome(Did.SKIPPED, f"shoppers are kept under the collective partner {pooled}")
    rules = await run.step("read company", books.rules)
    partner = await business_partner_for(run, books, customer, rules.local_currency, options)
    did = Did.ALREADY_THERE if partner.already_there else Did.POSTED
    return Outcome(did, f"business partner {partner.value}")


FLOW = Flow(
    name="customer-to-business-partner",
    on="customer",
    source=CustomerSource,
    target=Books,
    body=customer_to_business_partner,
    options=Options,
)

"""Finds the business partner of a shopper, or opens one, once."""

from __future__ import annotations

from b1bridge.domain.customers import BusinessPartner, Customer, NewBusinessPartner
from b1bridge.domain.identity import Ref
from b1bridge.domain.partners import (
    PartnerPolicy,
    chosen_partner,
    collective_code,
    new_partner,
    same_shopper,
)
from b1bridge.engine.run import Run, Written
from b1bridge.ports.books import BusinessPartners

KIND = "business partner"


async def business_partner_for(
    run: Run, books: BusinessPartners, customer: Customer, currency: str, policy: PartnerPolicy
) -> Written[str]:
    """Return the code to post under: the collective one, the one that matches, or a new one."""
    pooled = collective_code(customer, policy)
    if pooled:
        return Written(pooled, already_there=True)
    candidates = await run.step("find business partner", lambda: _candidates(run, books, customer))
    code = chosen_partner(customer, candidates, await run.crosswalk("customer"))
    if code is None:
        opened = await _open(run, books, new_partner(customer, currency, policy))
    else:
        opened = Written(code, already_there=True)
    if customer.ref:
        await run.links.link(customer.ref, Ref(run.target, KIND, opened.value), number=opened.value)
    return opened


async def _candidates(
    run: Run, books: BusinessPartners, customer: Customer
) -> tuple[BusinessPartner, ...]:
    known = await run.links.linked(customer.ref, KIND) if customer.ref else None
    if known and known.connection == run.target:
        linked = await books.find_partner(known.id)
        if linked:
            return (linked,)
    return await books.partners_by_email(customer.email)


async def _open(run: Run, books: BusinessPartners, partner: NewBusinessPartner) -> Written[str]:
    async def find() -> str | None:
        found = await books.find_partner(partner.code)
        return same_shopper(found, partner.email) if found else None

    return await run.write_once(
        "open business partner", find=find, write=lambda: books.open_partner(partner)
    )

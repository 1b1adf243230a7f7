"""Finds the business partner of a shopper, or opens one, once."""

from __future__ import annotations

from dataclasses import replace

from b1bridge.domain.addresses import with_codes
from b1bridge.domain.customers import Address, BusinessPartner, Customer, NewBusinessPartner
from b1bridge.domain.identity import Ref
from b1bridge.domain.matching import (
    Candidates,
    Identity,
    Known,
    identity_of,
    with_phone_and_name,
)
from b1bridge.domain.partners import (
    PartnerPolicy,
    PartnerStrategy,
    chosen_partner,
    collective_code,
    named_partner,
    new_partner,
    no_such_partner,
    same_shopper,
)
from b1bridge.engine.run import Run, Written
from b1bridge.ports.books import BusinessPartners
from b1bridge.sdk.phones import e164

KIND = "business partner"


async def business_partner_for(
    run: Run, books: BusinessPartners, customer: Customer, currency: str, policy: PartnerPolicy
) -> Written[str]:
    """Return the code to post under: the collective one, the one that matches, or a new one."""
    account = customer.account
    if account:
        found = await run.step("find business partner", lambda: books.find_partner(account))
        return Written(named_partner(account, found), already_there=True)
    pooled = collective_code(customer, policy)
    if pooled:
        return Written(pooled, already_there=True)
    customer = replace(customer, billing=await _billing(run, customer))
    identity = identity_with_phone(customer)
    if policy.partners is PartnerStrategy.PER_ORDER:
        return await _open(
            run, books, new_partner(customer, identity, currency, policy, order=str(run.ref))
        )
    candidates = await run.step(
        "find business partner", lambda: _candidates(run, books, customer, identity)
    )
    code = chosen_partner(customer, identity, candidates)
    if code is None:
        opened = await _open(run, books, new_partner(customer, identity, currency, policy))
    else:
        opened = Written(code, already_there=True)
    if customer.ref:
        await run.links.link(customer.ref, Ref(run.target, KIND, opened.value), number=opened.value)
    return opened


def identity_with_phone(customer: Customer) -> Identity:
    """Return what the shopper is known by, with the first number that is a valid one."""
    numbers = (customer.phone, customer.billing.phone)
    known = (e164(number, customer.billing.country) for number in numbers)
    return identity_of(customer, next(filter(None, known), ""))


async def _billing(run: Run, customer: Customer) -> Address:
    states, countries = await run.crosswalk("state"), await run.crosswalk("country")
    return with_codes(customer.billing, states, countries)


async def matches(books: BusinessPartners, identity: Identity) -> Candidates:
    """Return the accounts that the surest fact leads to which leads to any."""
    if identity.tax_id:
        found = await books.partners_by_tax_id(identity.tax_id)
        if found:
            return Candidates(Known.TAX_ID, found)
    found = await books.partners_by_email(identity.email)
    if found or not (identity.phone and identity.names):
        return Candidates(Known.EMAIL, found)
    named = [one for name in identity.names for one in await books.partners_by_name(name)]
    distinct = {one.code: one for one in named}.values()
    return Candidates(Known.PHONE, with_phone_and_name(identity, distinct))


async def _candidates(
    run: Run, books: BusinessPartners, customer: Customer, identity: Identity
) -> Candidates:
    linked = await _linked(run, books, customer)
    if linked:
        return Candidates(Known.LINK, (linked,))
    decided = (await run.crosswalk("customer")).find(identity.email)
    if decided is None:
        return await matches(books, identity)
    found = await books.find_partner(decided)
    if found is None:
        raise no_such_partner(identity.email, decided)
    return Candidates(Known.CROSSWALK, (found,))


async def _linked(run: Run, books: BusinessPartners, customer: Customer) -> BusinessPartner | None:
    known = await run.links.linked(customer.ref, KIND) if customer.ref else None
    if known is None or known.connection != run.target:
        return None
    return await books.find_partner(known.id)


async def _open(run: Run, books: BusinessPartners, partner: NewBusinessPartner) -> Written[str]:
    async def find() -> str | None:
        found = await books.find_partner(partner.code)
        return same_shopper(found, partner.email) if found else None

    return await run.write_once(
        "open business partner", find=find, write=lambda: books.open_partner(partner)
    )

"""Who is whom among customers: duplicates in the books, and shoppers moved to the right account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from b1bridge.bootstrap.lines import Lines
from b1bridge.domain.customers import BusinessPartner, Customer, normalised_email
from b1bridge.domain.duplicates import Cluster, clusters_of
from b1bridge.domain.identity import Ref
from b1bridge.domain.matching import Candidates, Known
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import BusinessPartners
from b1bridge.ports.shop import CustomerSource
from b1bridge.procedures.partners import KIND, identity_with_phone, matches
from b1bridge.storage.opening import Storage
from b1bridge.storage.relinking import StoredRelinking

CROSSWALK = "customer"


@dataclass(frozen=True, slots=True)
class Shopper:
    """A shopper and the accounts that stand for them; `known` says what told."""

    name: str
    email: str
    books: str
    known: str
    partners: tuple[BusinessPartner, ...]


@dataclass(frozen=True, slots=True)
class CustomerDesk:
    """Answers questions about customers, and moves them; the books are only read."""

    storage: Storage
    lines: Lines
    clock: Callable[[], datetime]

    async def duplicates(self, books: str) -> list[Cluster]:
        """Compare every customer account of one connection with all others."""
        partners = await self._books(books)
        return clusters_of([one async for one in partners.partners()])

    async def show(self, shopper: str, books: str = "") -> Shopper:
        """Say which account the next order of a shopper would be posted to, and why."""
        books = await self._chosen(books)
        partners = await self._books(books)
        customer = await self._customer(shopper)
        found = await self._found(customer, partners, books)
        return Shopper(customer.name, customer.email, books, found.known.value, found.found)

    async def relink(self, shopper: str, code: str, actor: str, books: str = "") -> BusinessPartner:
        """Let the future orders of a shopper go to another account; it must be there."""
        books = await self._chosen(books)
        partner = await (await self._books(books)).find_partner(code)
        if partner is None:
            msg = f"there is no customer {code} in {books}"
            raise NeedsOperator(msg, reason="USAGE", fix="give the code of a customer that exists")
        customer = await self._customer(shopper)
        if customer.ref is None:
            email = normalised_email(customer.email)
            await self.storage.crosswalks.enter(CROSSWALK, email, partner.code, actor)
            return partner
        detail = f"{customer.name} is {partner.code} ({partner.name}) from now on"
        other = Ref(books, KIND, partner.code)
        relinking = StoredRelinking(self.storage.database, self.clock)
        await relinking.relink(customer.ref, other, detail, actor)
        return partner

    async def _found(
        self, customer: Customer, partners: BusinessPartners, books: str
    ) -> Candidates:
        linked = (
            await self.storage.memory.links.linked(customer.ref, KIND) if customer.ref else None
        )
        email = normalised_email(customer.email)
        decided = (await self.storage.crosswalks.crosswalk(CROSSWALK)).find(email)
        ways = {
            Known.LINK: linked.id if linked and linked.connection == books else None,
            Known.CROSSWALK: decided,
        }
        for known, code in ways.items():
            partner = await partners.find_partner(code) if code else None
            if partner:
                return Candidates(known, (partner,))
        return await matches(partners, identity_with_phone(customer))

    async def _customer(self, shopper: str) -> Customer:
        """Read a registered shopper in the shop; who is named by e-mail is a guest."""
        if "/" not in shopper and "@" in shopper:
            return Customer(None, shopper, "")
        if shopper.count("/") < 2:  # noqa: PLR2004 - connection/kind/id
            msg = f"'{shopper}' names no shopper"
            raise NeedsOperator(msg, reason="USAGE", fix="give SHOP/customer/ID, or an e-mail")
        ref = Ref.parse(shopper)
        shop = (await self.lines.line(ref.connection)).capabilities
        if not isinstance(shop, CustomerSource):
            msg = f"{ref.connection} cannot read shoppers"
            raise NeedsOperator(msg, reason="CAPABILITY", fix="choose another connection")
        return await shop.customer(ref)

    async def _chosen(self, books: str) -> str:
        if books:
            return books
        names = [one.name for one in await self.storage.connections.all()]
        able = [name for name in names if isinstance(await self._of(name), BusinessPartners)]
        if len(able) == 1:
            return able[0]
        msg = f"which books are meant? there are: {', '.join(able) or 'none'}"
        raise NeedsOperator(msg, reason="USAGE", fix="name one with --books")

    async def _books(self, name: str) -> BusinessPartners:
        found = await self._of(name)
        if isinstance(found, BusinessPartners):
            return found
        msg = f"{name} keeps no business partners"
        raise NeedsOperator(msg, reason="CAPABILITY", fix="choose another connection")

    async def _of(self, name: str) -> object:
        return (await self.lines.line(name)).capabilities

"""What people do in the company's app, as verbs for tests and the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .company import Company
from .deal_products_api import DealProductsApi
from .discounts_api import DiscountsApi
from .kinds import DEALS, ORGANIZATIONS, PERSONS, PRODUCTS, Kind
from .records import Actor


class Clerk:
    """A person who works in the app; every verb returns the number of what it touched."""

    def __init__(self, company: Company, user_id: int) -> None:
        self.company = company
        self._me = Actor(user_id, "app")
        self._lines = DealProductsApi(company)
        self._discounts = DiscountsApi(company)

    def add_organization(self, name: str, **values: Any) -> int:
        """Add an organization by hand."""
        return self._add(ORGANIZATIONS, {"name": name, **values})

    def add_person(self, name: str, organization: int | None = None, **values: Any) -> int:
        """Add a person by hand."""
        return self._add(PERSONS, {"name": name, "org_id": organization, **values})

    def add_product(self, name: str, code: str = "", price: str = "0", **values: Any) -> int:
        """Add a product with one price in the company's currency."""
        prices = [_price(price, self.company.default_currency)]
        return self._add(PRODUCTS, {"name": name, "code": code, "prices": prices, **values})

    def add_deal(
        self, title: str, organization: int | None = None, currency: str = "", **values: Any
    ) -> int:
        """Open a deal."""
        given = {"title": title, "org_id": organization, "origin": "ManuallyCreated", **values}
        return self._add(DEALS, given | ({"currency": currency} if currency else {}))

    def add_product_to_deal(
        self, deal: int, product: int, quantity: str = "1", price: str = "0", **values: Any
    ) -> int:
        """Put a product on a deal and return the number of the line."""
        given = {
            "product_id": product,
            "quantity": Decimal(quantity),
            "item_price": Decimal(price),
            **{name: _exact(value) for name, value in values.items()},
        }
        return int(self._lines.add(deal, given, self._me)["id"])

    def discount_deal(self, deal: int, amount: str, kind: str = "percentage") -> str:
        """Take something off a whole deal and return the discount's id."""
        given = {"description": "Discount", "amount": Decimal(amount), "type": kind}
        return str(self._discounts.add(deal, given, self._me)["id"])

    def change_line(self, line: int, **values: Any) -> int:
        """Change a line of a deal."""
        given = {name: _exact(value) for name, value in values.items()}
        return int(self._lines.change(line, given, self._me)["id"])

    def remove_line(self, line: int) -> int:
        """Take a line off its deal."""
        self._lines.remove(line, self._me)
        return line

    def win_deal(self, deal: int) -> int:
        """Win a deal, also one that was won before."""
        return self._change(DEALS, deal, {"status": "won"})

    def lose_deal(self, deal: int, reason: str = "") -> int:
        """Lose a deal."""
        return self._change(DEALS, deal, {"status": "lost", "lost_reason": reason})

    def reopen_deal(self, deal: int) -> int:
        """Open a closed deal again."""
        return self._change(DEALS, deal, {"status": "open"})

    def move_stage(self, deal: int, stage: str) -> int:
        """Move a deal to a stage of this name."""
        found = next(row for row in self.company.rows["stage"].values() if row["name"] == stage)
        return self._change(DEALS, deal, {"stage_id": found["id"]})

    def change_deal(self, deal: int, **values: Any) -> int:
        """Change a deal by hand."""
        return self._change(DEALS, deal, values)

    def change_organization(self, organization: int, **values: Any) -> int:
        """Change an organization by hand."""
        return self._change(ORGANIZATIONS, organization, values)

    def geocode(self, organization: int, **parts: str) -> int:
        """Fill in the parts of an address, as Pipedrive does a while after one was written (1.4).

        Guess: that it counts as a change of whoever wrote the address, made over the API.
        """
        row = self.company.get("organization", organization)
        address = {**(row["address"] or {}), **parts}
        actor = Actor(self._me.user_id, "api")
        self.company.change("organization", organization, {"address": address}, actor)
        return organization

    def change_person(self, person: int, **values: Any) -> int:
        """Change a person by hand."""
        return self._change(PERSONS, person, values)

    def change_product(self, product: int, **values: Any) -> int:
        """Change a product by hand."""
        return self._change(PRODUCTS, product, values)

    def merge_organizations(self, loser: int, winner: int) -> int:
        """Merge two organizations; the second survives."""
        return int(self.company.merge("organization", loser, winner, self._me)["id"])

    def merge_deals(self, loser: int, winner: int) -> int:
        """Merge two deals; the second survives."""
        return int(self.company.merge("deal", loser, winner, self._me)["id"])

    def merge_persons(self, loser: int, winner: int) -> int:
        """Merge two persons; the second survives."""
        return int(self.company.merge("person", loser, winner, self._me)["id"])

    def delete(self, entity: str, number: int) -> int:
        """Delete a record."""
        self.company.delete(entity, number, self._me)
        return number

    def add_field(self, entity: str, name: str, kind: str = "varchar") -> str:
        """Define a custom field and return its code."""
        return self.company.add_field(entity, name, kind).code

    def switches_hooks_off(self) -> None:
        """Let no webhook be active any more (guess: that one may be off and still listed)."""
        for hook in self.company.hooks.values():
            hook.active = False

    def loses_hooks(self) -> None:
        """Delete every webhook, as Pipedrive does after three days without success (2.4)."""
        self.company.hooks.clear()

    def _add(self, kind: Kind, values: dict[str, Any]) -> int:
        kind.settle(self.company, {}, values, self._me)
        values.setdefault("owner_id", self._me.user_id)
        return int(self.company.add(kind.entity, {**kind.blank, **values}, self._me)["id"])

    def _change(self, kind: Kind, number: int, values: Mapping[str, Any]) -> int:
        row, wanted = self.company.get(kind.entity, number), dict(values)
        kind.settle(self.company, row, wanted, self._me)
        return int(self.company.change(kind.entity, number, wanted, self._me)["id"])


def verbs_of(clerk: Clerk) -> dict[str, Callable[..., Any]]:
    """Return what the clerk can do, by name."""
    names = [name for name in vars(Clerk) if not name.startswith("_")]
    return {name: getattr(clerk, name) for name in names}


def _price(amount: str, currency: str) -> dict[str, Any]:
    zero = Decimal(0)
    return {
        "price": Decimal(amount), "currency": currency, "cost": zero, "direct_cost": None,
        "notes": "",
    }  # fmt: skip


def _exact(value: Any) -> Any:
    """Read amounts that a test writes as text."""
    number = isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdecimal()
    return Decimal(value) if number else value

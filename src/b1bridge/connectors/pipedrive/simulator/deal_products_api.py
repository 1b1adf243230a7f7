"""The lines of deals, and what they make a deal worth (pipedrive-whatsapp.md 1.7)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from .answers import Refused, found
from .company import Company
from .operations import Call, Operation
from .paging import MOST_IDS, SORTED, SORTS, cursor_page, ids_of
from .records import Actor
from .shapes import DEAL_PRODUCT, only
from .worths import sum_of

_REQUIRED = ("product_id", "item_price", "quantity")
_MOST_AT_ONCE = 100
_SORTS = SORTS | {"order_nr"}


class DealProductsApi:
    """The endpoints of deal products."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs."""
        one = "/deals/{id}/products/{line}"
        yield Operation("v2", "GET", "/deals/products", 10, self._of_deals, ("deal_ids", *SORTED))
        yield Operation("v2", "GET", "/deals/{id}/products", 10, self._list, SORTED)
        yield Operation("v2", "POST", "/deals/{id}/products", 5, self._add)
        yield Operation("v2", "POST", "/deals/{id}/products/bulk", 25, self._add_many)
        yield Operation("v2", "DELETE", "/deals/{id}/products", 15, self._delete_many, ("ids",))
        yield Operation("v2", "PATCH", one, 5, self._patch)
        yield Operation("v2", "DELETE", one, 3, self._delete)

    def add(self, deal: int, values: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """Put one product on a deal."""
        row = self._company.get("deal", deal)
        product = self._company.get("product", values["product_id"])
        now = self._company.now()
        line = {
            "id": self._company.next_id("deal product"),
            "deal_id": deal,
            "name": product["name"],
            "product_variation_id": None,
            "order_nr": len(self._company.lines_of(deal)) + 1,
            "add_time": now,
            "update_time": now,
            "comments": "",
            "currency": row["currency"],
            "tax": product["tax"],
            "discount": Decimal(0),
            "discount_type": "percentage",
            "tax_method": "inclusive",
            "is_enabled": True,
            "billing_frequency": "one-time",
            "billing_frequency_cycles": None,
            "billing_start_date": None,
            **values,
        }
        self._company.lines[line["id"]] = line | {"sum": sum_of(line)}
        self._revalue(deal, actor)
        return self._company.lines[line["id"]]

    def change(self, line: int, values: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """Change one line of a deal."""
        row = self._company.lines[line]
        row.update(values, update_time=self._company.now())
        row["sum"] = sum_of(row)
        self._revalue(row["deal_id"], actor)
        return row

    def remove(self, line: int, actor: Actor) -> None:
        """Take one line off a deal."""
        row = self._company.lines.pop(line)
        self._revalue(row["deal_id"], actor)

    def _list(self, call: Call) -> Response:
        self._company.get("deal", call.number("id"))
        return cursor_page(call.query, self._company.lines_of(call.number("id")), sorts=_SORTS)

    def _of_deals(self, call: Call) -> Response:
        deals = ids_of(call.query.get("deal_ids", ""), "deal_ids")
        if not deals:
            raise Refused(400, "deal_ids is required")
        lines = [line for line in self._company.lines.values() if line["deal_id"] in deals]
        return cursor_page(call.query, lines, sorts=_SORTS)

    def _add(self, call: Call) -> Response:
        return found(self.add(call.number("id"), _values(call.json(), whole=True), call.actor), 201)

    def _add_many(self, call: Call) -> Response:
        given = call.json().get("data")
        if not isinstance(given, list) or not 1 <= len(given) <= _MOST_AT_ONCE:
            raise Refused(400, f"data takes 1 to {_MOST_AT_ONCE} products")
        values = [_values(one, whole=True) for one in given]
        return found([self.add(call.number("id"), one, call.actor) for one in values], 201)

    def _patch(self, call: Call) -> Response:
        line = self._line(call)
        return found(self.change(line["id"], _values(call.json(), whole=False), call.actor))

    def _delete(self, call: Call) -> Response:
        line = self._line(call)
        self.remove(line["id"], call.actor)
        return found({"id": line["id"]})

    def _delete_many(self, call: Call) -> Response:
        """Take these lines off, or the first hundred of all."""
        self._company.get("deal", call.number("id"))
        wanted = ids_of(call.query.get("ids", ""), "ids")
        there = [one["id"] for one in self._company.lines_of(call.number("id"))]
        chosen = [one for one in there if not wanted or one in wanted]
        for line in chosen[:MOST_IDS]:
            self.remove(line, call.actor)
        more = len(chosen) > MOST_IDS
        return found({"ids": chosen[:MOST_IDS]}, more_items_in_collection=more)

    def _line(self, call: Call) -> dict[str, Any]:
        line = self._company.lines.get(call.number("line"))
        if line is None or line["deal_id"] != call.number("id"):
            raise Refused(404, "Deal product not found")
        return line

    def _revalue(self, deal: int, actor: Actor) -> None:
        self._company.change("deal", deal, self._company.worth(deal), actor)


def _values(given: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Refused(400, "Bad request: a product must be an object")
    missing = [name for name in _REQUIRED if whole and name not in given]
    if missing:
        raise Refused(400, f"Parameter '{missing[0]}' is required")
    only(given, DEAL_PRODUCT)
    return {name: DEAL_PRODUCT[name](value, name) for name, value in given.items()}

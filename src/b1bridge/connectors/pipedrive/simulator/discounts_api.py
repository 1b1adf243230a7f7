"""Discounts on a whole deal, besides those of its lines (pipedrive-whatsapp.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.responses import Response

from .answers import Refused, found
from .company import Company
from .operations import Call, Operation
from .records import Actor
from .shapes import Check, name, number, one_of, only

_SHAPE: dict[str, Check] = {
    "description": name,
    "amount": number,
    "type": one_of("percentage", "amount"),
}


class DiscountsApi:
    """The endpoints of deals' discounts."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def operations(self) -> Iterator[Operation]:
        """Yield the endpoints with their costs."""
        every, one = "/deals/{id}/discounts", "/deals/{id}/discounts/{discount}"
        yield Operation("v2", "GET", every, 10, self._list)
        yield Operation("v2", "POST", every, 5, self._make)
        yield Operation("v2", "PATCH", one, 5, self._patch)
        yield Operation("v2", "DELETE", one, 3, self._delete)

    def add(self, deal: int, values: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """Take something off a deal."""
        self._company.get("deal", deal)
        now = self._company.now()
        id_ = uuid5(NAMESPACE_URL, f"discount/{self._company.next_id('discount')}")
        row = {
            "id": str(id_),
            **values,
            "deal_id": deal,
            "created_at": now,
            "created_by": actor.user_id,
            "updated_at": now,
            "updated_by": actor.user_id,
        }
        self._company.discounts[row["id"]] = row
        self._revalue(deal, actor)
        return row

    def _list(self, call: Call) -> Response:
        deal = self._company.get("deal", call.number("id"))["id"]
        return found(self._company.discounts_of(deal))

    def _make(self, call: Call) -> Response:
        given = call.json()
        only(given, _SHAPE)
        missing = [one for one in _SHAPE if one not in given]
        if missing:
            raise Refused(400, f"Parameter '{missing[0]}' is required")
        return found(self.add(call.number("id"), _checked(given), call.actor), 201)

    def _patch(self, call: Call) -> Response:
        row, given = self._discount(call), call.json()
        only(given, _SHAPE)
        row.update(_checked(given), updated_at=self._company.now(), updated_by=call.actor.user_id)
        self._revalue(row["deal_id"], call.actor)
        return found(row)

    def _delete(self, call: Call) -> Response:
        row = self._discount(call)
        del self._company.discounts[row["id"]]
        self._revalue(row["deal_id"], call.actor)
        return found({"id": row["id"]})

    def _discount(self, call: Call) -> dict[str, Any]:
        row = self._company.discounts.get(call.request.path_params["discount"])
        if row is None or row["deal_id"] != call.number("id"):
            raise Refused(404, "Discount not found")
        return row

    def _revalue(self, deal: int, actor: Actor) -> None:
        self._company.change("deal", deal, self._company.worth(deal), actor)


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    return {key: _SHAPE[key](value, key) for key, value in given.items()}

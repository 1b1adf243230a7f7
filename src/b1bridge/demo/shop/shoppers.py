"""Lets shoppers order and pay in the simulated shop, and its webhooks arrive at the hub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import httpx

from b1bridge.demo.shop.carts import Cart, CartLine, Ware
from b1bridge.demo.shop.giving_back import GivenBack

T = TypeVar("T")
CENT = Decimal("0.01")
_AWAITING_FULFILLMENT, _INCOMPLETE = 11, 0


class Shop:
    """The shop's control door: what shoppers and the post do."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def offer(self, wares: Sequence[Ware]) -> None:
        """Put everything on sale; how much there is, the books must tell."""
        for some in batches(wares, 500):
            await self._bulk([_product(ware) for ware in some])

    async def take_orders(self, carts: Sequence[Cart]) -> dict[int, Cart]:
        """Place the carts and pay for them; return them by the shop's order id."""
        customers = await self._register(carts)
        acts = [("shopper_orders", _order(cart, customers.get(cart.number, 0))) for cart in carts]
        placed = dict(zip(await self._bulk(acts), carts, strict=True))
        await self._bulk([act for id_, cart in placed.items() for act in _payments(id_, cart)])
        return placed

    async def give_back(self, refunds: Sequence[GivenBack], orders: Mapping[str, int]) -> None:
        """Refund what was given back; `orders` are the shop's ids by the number of the cart."""
        await self._bulk([("refunds", _refund(given, orders[given.order])) for given in refunds])

    async def post_notices(self, url: str, *, copies: int, shuffle: int, drop: float) -> None:
        """Send what waits in the outbox: several times, out of order, some never."""
        letter = {"url": url, "copies": copies, "shuffle": shuffle, "drop": drop}
        await self._post("/control/deliver", letter)

    async def _register(self, carts: Sequence[Cart]) -> dict[str, int]:
        known = [cart for cart in carts if cart.registered]
        ids = await self._bulk(
            [("registers_customer", {"email": c.email, "address": _address(c)}) for c in known]
        )
        return {cart.number: id_ for cart, id_ in zip(known, ids, strict=True)}

    async def _bulk(self, acts: Sequence[tuple[str, dict[str, Any]]]) -> list[Any]:
        results: list[Any] = (await self._post("/control/bulk", list(acts)))["results"]
        return results

    async def _post(self, path: str, body: Any) -> Any:
        reply = await self._http.post(path, json=body)
        reply.raise_for_status()
        return reply.json()


def batches(all_: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a list into pieces of at most this size."""
    for start in range(0, len(all_), size):
        yield all_[start : start + size]


def _product(ware: Ware) -> tuple[str, dict[str, Any]]:
    told = {"sku": ware.sku, "name": ware.name, "price": str(ware.price)}
    return "adds_product", told


def _order(cart: Cart, customer: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "lines": [_line(line) for line in cart.lines],
        "email": cart.email,
        "customer": customer,
        "address": _address(cart),
        "placed_at": cart.placed_at.isoformat(),
        "status": _INCOMPLETE if cart.abandoned else _AWAITING_FULFILLMENT,
        "payment_method": cart.method,
        "shipping": str(cart.shipping.cost),
        "shipping_rate": str(cart.shipping.rate),
        "shipping_method": cart.shipping.name,
        "fees": [[fee.name, str(fee.cost), str(fee.rate)] for fee in cart.fees],
    }
    if cart.discount:
        told["discount"] = str(cart.discount)
    if cart.store_credit:
        told["store_credit"] = str(cart.store_credit)
    return told


def _line(line: CartLine) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "price": str(line.price),
        "tax_rate": str(line.rate),
        "kind": "giftcertificate" if line.gift_certificate else "physical",
    }


def _refund(given: GivenBack, order: int) -> dict[str, Any]:
    told: dict[str, Any] = {"order": order, "items": given.pieces, "reason": given.number}
    return told | ({"amount": str(given.amount)} if given.amount else {})


def _address(cart: Cart) -> dict[str, str]:
    first, _, last = cart.name.partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "email": cart.email,
        "country_iso2": cart.country,
        "state": "",
    }


def _payments(order: int, cart: Cart) -> Iterator[tuple[str, dict[str, Any]]]:
    if cart.abandoned:
        return
    method = {"credit_card": "credit_card", "paypal": "electronic_wallet"}.get(
        cart.method, "offline"
    )
    total = _total(cart)
    if total <= 0:
        yield "moves_to", {"order": order, "status": _AWAITING_FULFILLMENT}
    elif cart.split:
        first = (total / 3).quantize(CENT)
        yield "pays", {"order": order, "amount": str(first), "method": "electronic_wallet"}
        yield "pays", {"order": order, "method": method}
    else:
        yield "pays", {"order": order, "method": method}


def _total(cart: Cart) -> Decimal:
    goods = sum((line.price * line.quantity for line in cart.lines), Decimal(0))
    extras = sum((extra.cost for extra in (cart.shipping, *cart.fees)), Decimal(0))
    return goods + extras - cart.discount - cart.store_credit

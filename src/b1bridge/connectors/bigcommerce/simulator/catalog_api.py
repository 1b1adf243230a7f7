"""Variants, inventory and locations (inventory.v3.yml, locations.v3.yml, storefronts.md 1.6)."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .answers import answer, page_of, problem, v3_page
from .records import Product
from .store import Store

MAX_ITEMS = 2000
MAX_LEVEL = 2_147_483_647


class CatalogApi:
    """Answers about what is sold and what lies where."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the catalogue and inventory routes."""
        return [
            Route("/v3/catalog/variants", self._variants),
            Route("/v3/inventory/items", self._items),
            Route("/v3/inventory/locations", self._locations),
            Route("/v3/inventory/adjustments/absolute", self._absolute, methods=["PUT"]),
            Route("/v3/inventory/adjustments/relative", self._relative, methods=["POST"]),
        ]

    async def _variants(self, request: Request) -> Response:
        self._store.settle_stock()
        query = request.query_params
        found = [
            product
            for product in self._store.products.values()
            if query.get("sku", product.sku) == product.sku
            and query.get("id", str(product.variant_id)) == str(product.variant_id)
            and _among(query.get("product_id:in"), product.id)
        ]
        rows = [_variant_json(product) for product in page_of(query, found)]
        return answer({"data": rows, "meta": v3_page(query, found)})

    async def _items(self, request: Request) -> Response:
        self._store.settle_stock()
        query = request.query_params
        found = list(self._store.products.values())
        for name in ("sku", "variant_id", "product_id"):
            if f"{name}:in" in query:
                named = query[f"{name}:in"].split(",")
                found = [product for product in found if _identity_of(product, name) in named]
        wanted = query.get("location_id:in")
        rows = [self._item_json(product, wanted) for product in page_of(query, found)]
        return answer({"data": rows, "meta": v3_page(query, found)})

    def _item_json(self, product: Product, wanted: str | None) -> dict[str, Any]:
        identity = {
            "sku": product.sku, "variant_id": product.variant_id, "product_id": product.id,
        }  # fmt: skip
        levels = {i: n for i, n in product.on_hand.items() if _among(wanted, i)}
        return {"identity": identity, "locations": [self._level(product, i) for i in levels]}

    def _level(self, product: Product, location_id: int) -> dict[str, Any]:
        location, on_hand = self._store.locations[location_id], product.on_hand[location_id]
        return {
            "location_id": location.id,
            "location_code": location.code,
            "location_name": location.label,
            # The published example decides: on hand 30 with a buffer of 10 sells 20.
            "available_to_sell": max(0, on_hand - product.safety_stock),
            "total_inventory_onhand": on_hand,
            "location_enabled": location.enabled,
            "settings": {
                "safety_stock": product.safety_stock,
                "is_in_stock": on_hand > product.safety_stock,
                "warning_level": 0,
                "bin_picking_number": "",
            },
        }

    async def _locations(self, request: Request) -> Response:
        found = list(self._store.locations.values())
        rows = [
            {
                "id": location.id,
                "code": location.code,
                "label": location.label,
                "description": "",
                "managed_by_external_source": False,
                "type_id": "PHYSICAL",
                "enabled": location.enabled,
                "time_zone": "Etc/UTC",
                "storefront_visibility": True,
            }
            for location in page_of(request.query_params, found)
        ]
        return answer({"data": rows, "meta": v3_page(request.query_params, found)})

    async def _absolute(self, request: Request) -> Response:
        items = json.loads(await request.body())["items"]
        refusal = self._refusal(items)
        if refusal is not None:
            return refusal
        for item in items:
            product = self._get(item)
            self._store.set_on_hand(product.sku, item["location_id"], item["quantity"])
        return answer({"transaction_id": f"sim-{next(self._store.ids)}"})

    async def _relative(self, request: Request) -> Response:
        items = json.loads(await request.body())["items"]
        refusal = self._refusal(items) or self._never_set(items) or self._below_safety(items)
        if refusal is not None:
            return refusal
        for item in items:
            product = self._get(item)
            level = product.on_hand.get(item["location_id"], 0) + item["quantity"]
            self._store.set_on_hand(product.sku, item["location_id"], level)
        return answer({"transaction_id": f"sim-{next(self._store.ids)}"})

    def _refusal(self, items: list[dict[str, Any]]) -> Response | None:
        if len(items) > MAX_ITEMS:
            return problem(422, f"Payload contains more than {MAX_ITEMS} items")
        for item in items:
            product = self._product(item)
            # How an unknown item or location is worded is a guess; that it is 422 is documented.
            if product is None or item["location_id"] not in self._store.locations:
                return problem(422, f"Items with identity: [{_identity(item)}] were not found")
            if product.tracked_by == "product" and "product_id" not in item:
                text = f"Item with {_identity(item)} is tracked by product"
                return problem(422, f"[{text}, please update stock by product id]")
            if item["quantity"] > MAX_LEVEL:
                return problem(422, f"[{_identity(item)}] quantity is above {MAX_LEVEL}")
        return None

    def _never_set(self, items: list[dict[str, Any]]) -> Response | None:
        never = [item for item in items if not self._get(item).adjusted]
        if not never:
            return None
        named = ", ".join(_identity(item) for item in never)
        text = f"Items with identity: [{named}] requires absolute adjustment before relative"
        return problem(422, text)

    def _below_safety(self, items: list[dict[str, Any]]) -> Response | None:
        for item in items:
            product = self._get(item)
            level = product.on_hand.get(item["location_id"], 0) + item["quantity"]
            if level < product.safety_stock:
                return problem(422, f"[{_identity(item)}] would fall below its safety stock")
        return None

    def _get(self, item: dict[str, Any]) -> Product:
        product = self._product(item)
        if product is None:
            raise KeyError(_identity(item))
        return product

    def _product(self, item: dict[str, Any]) -> Product | None:
        products = self._store.products
        if "sku" in item:
            return products.get(item["sku"])
        key = "variant_id" if "variant_id" in item else "product_id"
        field = "variant_id" if key == "variant_id" else "id"
        return next((p for p in products.values() if getattr(p, field) == item[key]), None)


def _variant_json(product: Product) -> dict[str, Any]:
    return {
        "id": product.variant_id,
        "product_id": product.id,
        "sku": product.sku,
        "price": float(product.price),
        "calculated_price": float(product.price),
        "inventory_level": sum(product.on_hand.values()),
        "inventory_warning_level": 0,
        "purchasing_disabled": False,
        "option_values": [],
    }


def _identity_of(product: Product, name: str) -> str:
    return str(product.id if name == "product_id" else getattr(product, name))


def _among(wanted: str | None, value: Any) -> bool:
    return wanted is None or str(value) in wanted.split(",")


def _identity(item: dict[str, Any]) -> str:
    key = next(k for k in ("sku", "variant_id", "product_id") if k in item)
    return f"{key} {item[key]}"

"""The endpoints that we use, each with its version and what it costs (x-token-cost)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint; what is urgent may use the tokens that are kept for deals."""

    method: str
    path: str
    cost: int
    urgent: bool = False


def _five(name: str, *, urgent: bool = False) -> dict[str, Operation]:
    root = f"/api/v2/{name}"
    one = f"{root}/{{id}}"
    return {
        "list": Operation("GET", root, 10, urgent),
        "add": Operation("POST", root, 5, urgent),
        "get": Operation("GET", one, 1, urgent),
        "change": Operation("PATCH", one, 5, urgent),
        "delete": Operation("DELETE", one, 3, urgent),
    }


ORGANIZATIONS = _five("organizations")
PERSONS = _five("persons")
PRODUCTS = _five("products")
DEALS = _five("deals", urgent=True)
DEAL_LINES = Operation("GET", "/api/v2/deals/{id}/products", 10, urgent=True)
DEAL_DISCOUNTS = Operation("GET", "/api/v2/deals/{id}/discounts", 10, urgent=True)
ORGANIZATION_OF_DEAL = Operation("GET", "/api/v2/organizations/{id}", 1, urgent=True)
PRODUCTS_OF_DEAL = Operation("GET", "/api/v2/products", 10, urgent=True)
STAGES = Operation("GET", "/api/v2/stages", 5, urgent=True)
NOTES = {
    "list": Operation("GET", "/v1/notes", 20),
    "add": Operation("POST", "/v1/notes", 10),
    "change": Operation("PUT", "/v1/notes/{id}", 10),
}
FIELDS = {
    record: Operation("GET", f"/api/v2/{record}Fields", 10, urgent=True)
    for record in ("organization", "person", "product", "deal")
}
NEW_FIELD = {
    record: Operation("POST", f"/api/v2/{record}Fields", 5, urgent=True)
    for record in ("organization", "person", "product", "deal")
}
ME = Operation("GET", "/v1/users/me", 2, urgent=True)
CURRENCIES = Operation("GET", "/v1/currencies", 20, urgent=True)
WEBHOOKS = {
    "list": Operation("GET", "/v1/webhooks", 10, urgent=True),
    "add": Operation("POST", "/v1/webhooks", 10, urgent=True),
    "delete": Operation("DELETE", "/v1/webhooks/{id}", 6, urgent=True),
}

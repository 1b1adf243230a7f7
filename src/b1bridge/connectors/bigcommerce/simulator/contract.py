"""Checks requests and answers against BigCommerce's published OpenAPI documents.

The documents are OpenAPI 3.0, whose schemas are JSON Schema draft 4 but for `nullable`;
that one is rewritten when a document is loaded. Headers that the documents call required are
not checked: no recorded exchange sends `Content-Type` with a GET.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import yaml
from jsonschema import Draft4Validator, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from .fields import resolved, unpublished

DOCUMENTS = (
    "orders.v2.oas2.yml", "orders.v3.yml", "inventory.v3.yml", "locations.v3.yml",
    "customers.v3.yml", "webhooks.v3.yml", "store_information.v2.yml", "tax_settings.v3.yml",
    "catalog/product-variants_catalog.v3.yml",
)  # fmt: skip

# What real exchanges do although the documents say otherwise, each with its source.
EXEMPT = {
    "GET /orders 204": "V2 collections are 204 when empty (storefronts.md 1.2)",
    "GET /orders sort": "recorded: sort=date_modified:asc (storefronts.md 1.3)",
    "GET /orders/{order_id}/products 204": "V2 collections are 204 when empty",
    "GET /orders/{order_id}/shipping_addresses 204": "V2 collections are 204 when empty",
    "GET /orders/{order_id}/coupons 204": "V2 collections are 204 when empty",
    "GET /orders/{order_id}/taxes 204": "V2 collections are 204 when empty",
    "GET /orders/{order_id}/fees 200": "the schema is one fee, its own example a list of fees",
    "GET /orders/payment_actions/refunds/{refund_id} 404": "the document lists the success only",
    "POST /orders/{order_id}/payment_actions/refund_quotes overlap": "ORDER is of two schemas",
    "POST /orders/{order_id}/payment_actions/refunds overlap": "ORDER is of two schemas",
    "GET /orders/{order_id}/shipments 404": "the document lists the success only",
    "POST /orders/{order_id}/shipments 400": "the document lists the success only",
    "POST /orders/{order_id}/shipments 404": "the document lists the success only",
    "GET /orders/{order_id}/shipments/{shipment_id} 404": "the document lists the success only",
    "PUT /orders/{order_id}/shipments/{shipment_id} 400": "the document lists the success only",
    "PUT /orders/{order_id}/shipments/{shipment_id} 404": "the document lists the success only",
    "DELETE /orders/{order_id}/shipments/{shipment_id} 404": "the document lists the success only",
    "PUT /orders/{order_id} 404": "the document lists the success only",
    "GET /hooks 200": "minItems 1 cannot hold for a store without hooks",
    "ANY 401": "the gateway refuses before the endpoint (storefronts.md 1.1)",
    "ANY 403": "the gateway refuses before the endpoint (storefronts.md 1.1)",
    "ANY 429": "the gateway refuses before the endpoint (storefronts.md 1.1)",
    "ANY 501": "the simulator's own refusal",
}


@dataclass(frozen=True)
class Operation:
    """One operation of one document; `pointer` finds it there."""

    method: str
    path: str
    pattern: re.Pattern[str]
    document: str
    pointer: str
    spec: dict[str, Any]


class Contract:
    """The published operations, ready to hold exchanges against."""

    def __init__(self, folder: Path) -> None:
        self._documents = {name: _load(folder / name) for name in DOCUMENTS}
        resources = [
            (name, Resource.from_contents(doc, default_specification=DRAFT4))
            for name, doc in self._documents.items()
        ]
        self._registry: Registry[Any] = Registry().with_resources(resources)
        self._operations = [op for name in DOCUMENTS for op in self._operations_of(name)]
        self._validators: dict[str, Draft4Validator] = {}

    def request_violations(self, method: str, path: str, query: str, body: bytes) -> list[str]:
        """Return what is wrong with a request that the hub sent."""
        operation = self._find(method, path)
        if operation is None:
            return [f"{method} {path} is not published"]
        wrong = [w for pair in parse_qsl(query) for w in self._bad_parameter(operation, *pair)]
        if body:
            at, content = self._follow(operation, [operation.pointer, "requestBody"])
            errors = self._errors(operation, at, content, "application/json", body)
            overlaps = f"{method} {operation.path} overlap" in EXEMPT
            errors = [e for e in errors if not (overlaps and _fits_several(e))]
            wrong += [e if isinstance(e, str) else _told(e) for e in errors]
        return [f"{method} {path}: {w}" for w in wrong]

    def answer_violations(
        self, method: str, path: str, status: int, content_type: str, body: bytes
    ) -> list[str]:
        """Return what is wrong with an answer that the simulator gave."""
        operation = self._find(method, path)
        if operation is None or f"ANY {status}" in EXEMPT:
            return []
        if f"{method} {operation.path} {status}" in EXEMPT:
            return []
        if str(status) not in operation.spec["responses"]:
            return [f"{method} {path}: status {status} is not published"]
        where = [operation.pointer, "responses", str(status)]
        at, response = self._follow(operation, where)
        media = content_type.partition(";")[0]
        errors = self._errors(operation, at, response, media, body) if body else []
        wrong = [e if isinstance(e, str) else _told(e) for e in errors if not _fits_several(e)]
        if body and not wrong:
            schema = response["content"][media].get("schema", {})
            document = self._documents[operation.document]
            extra = unpublished(document, schema, json.loads(body))
            wrong = [f"{place} is not published" for place in extra]
        return [f"answer to {method} {path} ({status}): {w}" for w in wrong]

    def _operations_of(self, name: str) -> list[Operation]:
        document = self._documents[name]
        version = document["servers"][0]["url"].rpartition("/")[2]
        return [
            Operation(
                method.upper(),
                path,
                re.compile(f"^/{version}{re.sub(r'{[^}]+}', '[^/]+', path)}$"),
                name,
                f"/paths/{_escape(path)}/{method}",
                spec,
            )
            for path, methods in document["paths"].items()
            for method, spec in methods.items()
            if method in {"get", "put", "post", "delete"}
        ]

    def _find(self, method: str, path: str) -> Operation | None:
        found = [op for op in self._operations if op.method == method and op.pattern.match(path)]
        # A literal path ("/orders/count") wins over a template ("/orders/{order_id}").
        return min(found, key=lambda op: op.path.count("{"), default=None)

    def _bad_parameter(self, operation: Operation, name: str, value: str) -> list[str]:
        schema = self._parameters(operation).get(name)
        if schema is None:
            return [f"query parameter {name} is not published"]
        if f"{operation.method} {operation.path} {name}" in EXEMPT:
            return []
        try:
            typed = _typed(value, schema)
        except ValueError:
            return [f"query parameter {name}={value} is not {schema.get('type')}"]
        errors = Draft4Validator(schema, registry=self._registry).iter_errors(typed)
        return [f"query parameter {name}: {e.message}" for e in errors]

    def _parameters(self, operation: Operation) -> dict[str, dict[str, Any]]:
        document = self._documents[operation.document]
        shared = document["paths"][operation.path].get("parameters", [])
        listed = [resolved(document, p) for p in [*shared, *operation.spec.get("parameters", [])]]
        return {p["name"]: resolved(document, p["schema"]) for p in listed if p["in"] == "query"}

    def _follow(self, operation: Operation, where: list[str]) -> tuple[str, dict[str, Any]]:
        pointer = "/".join(where)
        node = operation.spec
        for key in where[1:]:
            node = node[key]
        if "$ref" in node:
            pointer = node["$ref"].removeprefix("#")
            node = resolved(self._documents[operation.document], node)
        return pointer, node

    def _errors(
        self, operation: Operation, at: str, node: dict[str, Any], media: str, body: bytes
    ) -> list[str | ValidationError]:
        content = node.get("content", {})
        if media not in content:
            return [f"content type {media} is not published"]
        schema = content[media].get("schema")
        if schema is None:
            return []
        reference = f"{operation.document}#{at}/content/{_escape(media)}/schema"
        if reference not in self._validators:
            self._validators[reference] = Draft4Validator(
                {"$ref": reference}, registry=self._registry
            )
        return list(self._validators[reference].iter_errors(json.loads(body)))


@cache
def contract_at(folder: Path) -> Contract:
    """Load the documents of a folder once; they take a few seconds."""
    return Contract(folder)


def _load(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        document: dict[str, Any] = _plain(yaml.load(file, loader))  # noqa: S506 - a safe loader
    return document


def _plain(node: Any) -> Any:
    """Say `nullable` in draft 4's words, and let dates be the strings they are in JSON."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node if node is None or isinstance(node, bool | int | float | str) else str(node)
    plain = {str(key): _plain(value) for key, value in node.items()}
    if plain.get("nullable") is True and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None]
    return plain


def _told(error: ValidationError) -> str:
    return f"{error.json_path}: {error.message[:300]}"


def _fits_several(error: str | ValidationError) -> bool:
    """Tell a `oneOf` that two alternatives fit: some published ones overlap.

    Those of an order's sub-resources do, and those of a refund of the order as a whole.
    """
    if isinstance(error, str) or error.validator not in {"oneOf", "anyOf"}:
        return False
    branches: dict[int | str, list[ValidationError]] = {}
    for reason in error.context or []:
        branches.setdefault(reason.schema_path[0], []).append(reason)
    if not branches:
        return error.validator == "oneOf"
    return any(all(map(_fits_several, reasons)) for reasons in branches.values())


def _typed(value: str, schema: dict[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "array":
        return [_typed(part, schema.get("items", {})) for part in value.split(",")]
    if kind == "boolean":
        return {"true": True, "false": False}.get(value, value)
    return {"integer": int, "number": float}.get(str(kind), str)(value)


def _escape(key: str) -> str:
    """Escape a key for a JSON pointer in a URI fragment."""
    pointer = key.replace("~", "~0").replace("/", "~1")
    return pointer.replace("{", "%7B").replace("}", "%7D").replace("+", "%2B")

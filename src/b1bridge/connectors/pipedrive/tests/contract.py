"""Checks requests and answers against Pipedrive's published OpenAPI documents, v1 and v2.

Both are OpenAPI 3.0, whose schemas are JSON Schema draft 4 but for `nullable`, which is rewritten
when a document is loaded.
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
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

DOCUMENTS = {"v1": "pipedrive_openapi_v1.yaml", "v2": "pipedrive_openapi_v2.yaml"}
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROOTS = {"/api/v2": "v2", "/api/v1": "v1", "/v1": "v1"}

# Where the documents and the facts differ, the facts are followed; each with its source.
LISTS_NO_REFUSALS = {400, 403, 404, 410, 429}
"""Most operations list no 4xx (pipedrive-whatsapp.md 1.1)."""
DEFECTS = {
    "v2 POST /organizations title": "required says title and means name (1.1)",
    "answers null": "hardly any schema says nullable; captured and printed answers are (1.2, 1.4)",
    "v2 POST /organizations $.address": "null clears it as it clears a custom field (1.5; guess)",
    "v2 PATCH /organizations/{id} $.address": "the same",
    "answers quantity": "a number in requests, an integer in answers",
    "answers to v2 DELETE /deals/{id}/discounts/{discount_id}": "ids are strings but there",
}


@dataclass(frozen=True)
class Operation:
    """One published operation."""

    version: str
    method: str
    path: str
    pattern: re.Pattern[str]
    spec: dict[str, Any]


class Contract:
    """The published operations, ready to hold exchanges against."""

    def __init__(self, folder: Path) -> None:
        self._documents = {v: _load(folder / name) for v, name in DOCUMENTS.items()}
        resources = [
            (v, Resource.from_contents(doc, default_specification=DRAFT4))
            for v, doc in self._documents.items()
        ]
        self._registry: Registry[Any] = Registry().with_resources(resources)
        # Schemas lag behind the examples beside them, so a field may come from either.
        self._words = {v: _names(doc) for v, doc in self._documents.items()}
        self._operations = [op for v in DOCUMENTS for op in self._operations_of(v)]

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation behind a path with its root; a literal path wins."""
        root = next((one for one in ROOTS if path.startswith(f"{one}/")), None)
        if root is None:
            return None
        rest, version = path.removeprefix(root), ROOTS[root]
        fits = [
            op
            for op in self._operations
            if (op.version, op.method) == (version, method) and op.pattern.match(rest)
        ]
        return min(fits, key=lambda op: op.path.count("{"), default=None)

    def request_violations(self, method: str, path: str, query: str, body: bytes) -> list[str]:
        """Return what is wrong with a request that the hub sent."""
        op = self.find(method, path)
        if op is None:
            return [f"{method} {path} is not published"]
        wrong = [w for pair in parse_qsl(query) for w in self._bad_parameter(op, *pair)]
        content = self._resolved(op, op.spec.get("requestBody", {})).get("content", {})
        if body and "application/json" not in content:
            wrong.append("no body is published")
        elif body:
            schema = content["application/json"].get("schema", {})
            payload = json.loads(body)
            wrong += [_told(e) for e in self._errors(op, schema, payload) if not _is_defect(op, e)]
            wrong += [f"{at} is not published" for at in self._unknown(op, schema, payload)]
        return [f"{method} {path}: {w}" for w in wrong]

    def answer_violations(self, method: str, path: str, response: Response) -> list[str]:
        """Return what is wrong with an answer that the simulator gave."""
        op, status = self.find(method, path), response.status_code
        if op is None:
            return []
        published = op.spec["responses"].get(str(status))
        if published is None:
            known = status in LISTS_NO_REFUSALS or status == 401
            return [] if known else [f"{method} {path}: status {status} is not published"]
        content = self._resolved(op, published).get("content", {})
        if "application/json" not in content:
            return []
        schema, payload = content["application/json"].get("schema", {}), json.loads(response.body)
        wrong = [_told(e) for e in self._errors(op, schema, payload) if not _is_told_otherwise(e)]
        strange = sorted(_names(payload) - self._words[op.version])
        wrong += [f"{name} is a word of no schema and no example" for name in strange]
        return [f"answer to {method} {path} ({status}): {w}" for w in wrong]

    def parameters(self, op: Operation) -> dict[str, dict[str, Any]]:
        """Return the schemas of an operation's query parameters."""
        shared = self._documents[op.version]["paths"][op.path].get("parameters", [])
        listed = [self._resolved(op, one) for one in (*shared, *op.spec.get("parameters", []))]
        return {p["name"]: self._resolved(op, p["schema"]) for p in listed if p["in"] == "query"}

    def fields(self, op: Operation) -> dict[str, dict[str, Any]]:
        """Return the schemas of the fields of an operation's body."""
        content = self._resolved(op, op.spec.get("requestBody", {})).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        return {
            name: self._resolved(op, one)
            for branch in self._branches(op, schema)
            for name, one in (branch.get("properties") or {}).items()
        }

    def _operations_of(self, version: str) -> list[Operation]:
        return [
            Operation(
                version,
                method.upper(),
                path,
                re.compile(f"^{re.sub(r'{[^}]+}', '[^/]+', path)}$"),
                spec,
            )
            for path, methods in self._documents[version]["paths"].items()
            for method, spec in methods.items()
            if method in {"get", "put", "post", "patch", "delete"}
        ]

    def _bad_parameter(self, op: Operation, name: str, value: str) -> list[str]:
        schema = self.parameters(op).get(name)
        if schema is None:
            return [f"query parameter {name} is not published"]
        kind = schema.get("type")
        try:
            typed = {"integer": int, "number": float}.get(str(kind), str)(value)
        except ValueError:
            return [f"query parameter {name}={value} is not {kind}"]
        if kind in {"array", "boolean"}:
            return []
        return [f"query parameter {name}: {e.message}" for e in self._errors(op, schema, typed)]

    def _errors(self, op: Operation, schema: dict[str, Any], value: Any) -> list[ValidationError]:
        # A schema is found through its document, so that its own references lead somewhere.
        validator = Draft4Validator({"id": op.version, **schema}, registry=self._registry)
        return list(validator.iter_errors(value))

    def _unknown(self, op: Operation, schema: dict[str, Any], payload: Any) -> list[str]:
        known: set[str] = set()
        for branch in self._branches(op, schema):
            known |= (branch.get("properties") or {}).keys()
        given = payload.keys() if isinstance(payload, dict) else ()
        return sorted(f"$.{name}" for name in given if known and name not in known)

    def _branches(self, op: Operation, schema: dict[str, Any]) -> list[dict[str, Any]]:
        node = self._resolved(op, schema)
        nested = [b for word in ("allOf", "oneOf", "anyOf") for b in node.get(word, [])]
        return [node, *(found for one in nested for found in self._branches(op, one))]

    def _resolved(self, op: Operation, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self._documents[op.version]
            for part in node["$ref"].partition("#/")[2].split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node


class Checked:
    """Wraps the API; a violation is recorded and answered with 500 and its text."""

    def __init__(self, app: Any, contract: Contract) -> None:
        self.app = app
        self.contract = contract
        self.violations: list[str] = []
        self.exchanges = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one exchange; what is no part of the API is passed on."""
        if scope["type"] != "http" or not scope["path"].startswith(tuple(ROOTS)):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        body, path = await request.body(), scope["path"]
        query = scope["query_string"].decode()
        wrong = self.contract.request_violations(request.method, path, query, body)
        response = await _answer_of(self.app, scope, body)
        wrong += self.contract.answer_violations(request.method, path, response)
        self.exchanges += 1
        self.violations += wrong
        if wrong:
            response = JSONResponse({"error": "; ".join(wrong[:3])}, 500)
        await response(scope, receive, send)


async def _answer_of(app: Any, scope: Any, body: bytes) -> Response:
    response, chunks = Response(), []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            response.status_code = message["status"]
            response.raw_headers = list(message["headers"])
        else:
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    response.body = b"".join(chunks)
    return response


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


def _names(node: Any) -> set[str]:
    """Return every key of a document or an answer; codes of custom fields are no words."""
    if isinstance(node, list):
        return {name for one in node for name in _names(one)}
    if not isinstance(node, dict):
        return set()
    own = {name for name in node if not re.fullmatch("[0-9a-f]{40}", name)}
    return own.union(*(_names(one) for one in node.values()))


def _is_defect(op: Operation, error: ValidationError) -> bool:
    if (
        error.instance is None
        and f"{op.version} {op.method} {op.path} {error.json_path}" in DEFECTS
    ):
        return True
    missing = error.validator == "required" and error.message.split("'")[1]
    return f"{op.version} {op.method} {op.path} {missing}" in DEFECTS


def _is_told_otherwise(error: ValidationError) -> bool:
    told = error.json_path.endswith(".quantity") or _is_uuid(error.instance)
    return error.instance is None or (error.validator == "type" and told)


def _is_uuid(value: Any) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _told(error: ValidationError) -> str:
    return f"{error.json_path}: {error.message[:300]}"

"""The API's own description: OpenAPI 3.1, completed from what its routes depend on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from b1bridge.web import problem_types
from b1bridge.web.api.bearer import Needs
from b1bridge.web.api.bodies import JsonBody
from b1bridge.web.problem_types import ProblemType
from b1bridge.web.problems import MEDIA_TYPE

_REF = "#/components/schemas/{model}"
_ALWAYS = (problem_types.UNAVAILABLE,)
_OF_A_TOKEN = (
    problem_types.INVALID_PARAMETER,
    problem_types.TOKEN_MISSING,
    problem_types.TOKEN_INVALID,
    problem_types.TOKEN_EXPIRED,
    problem_types.TOKEN_REVOKED,
    problem_types.SCOPE_MISSING,
    problem_types.RATE_LIMITED,
)
_OF_A_BODY = (
    problem_types.INVALID_JSON,
    problem_types.TOO_LARGE,
    problem_types.UNSUPPORTED_MEDIA_TYPE,
    problem_types.INVALID_BODY,
)
_PROBLEM = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457); each `type` has its line in the docs.",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "which kind; stable, made for programs"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what was wrong this time, for people"},
        "request_id": {"type": "string", "description": "finds the request in the hub's log"},
        "errors": {
            "type": "array",
            "description": "every field that is wrong, by its JSON pointer",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "reason": {"type": "string", "description": "a reason of the page of cases"},
        "fix": {"type": "string", "description": "the way out"},
        "case": {"type": "integer", "description": "the operator's number for it"},
        "reference": {"type": "string", "description": "of the order that was refused"},
        "version": {"type": "integer", "description": "of the order that was refused"},
        "scope": {"type": "string", "description": "what the token lacks"},
    },
}


def refusals(*kinds: ProblemType) -> dict[int | str, dict[str, Any]]:
    """Describe the refusals of a route, for its `responses`."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        described = found.setdefault(int(kind.status), _response(kind))
        described["content"][MEDIA_TYPE]["examples"][kind.slug] = _example(kind)
    return found


def description_of(router: APIRouter) -> dict[str, Any]:
    """Return the OpenAPI document of all routes of a router."""
    document = get_openapi(
        title="b1bridge REST façade",
        version=version("b1bridge"),
        description="Orders into SAP Business One, and what became of them, for any client.",
        routes=router.routes,
        servers=[{"url": "/"}],
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = _PROBLEM
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for operation, dependant in _operations(document, router):
        _complete(operation, list(_calls(dependant)), schemas)
    return document


def _operations(
    document: Mapping[str, Any], router: APIRouter
) -> Iterator[tuple[dict[str, Any], Dependant]]:
    for context in iter_route_contexts(router.routes):
        for method in context.methods or ():
            operation = document["paths"].get(context.path_format, {}).get(method.lower())
            if operation is not None:
                yield operation, context.dependant


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def _complete(operation: dict[str, Any], calls: list[Any], schemas: dict[str, Any]) -> None:
    """Add what FastAPI cannot see: the token, the body, and how each is refused."""
    responses = operation["responses"]
    if "$ref" in str(responses.get("422")) and "HTTPValidationError" in str(responses["422"]):
        del responses["422"]  # parameters are refused with 400 here
    kinds = [*_ALWAYS]
    for call in calls:
        if isinstance(call, Needs):
            kinds += _OF_A_TOKEN
            operation["security"] = [{"token": []}]
            operation["description"] = _with_scope(operation.get("description", ""), call.scope)
        if isinstance(call, JsonBody):
            kinds += _OF_A_BODY
            operation["requestBody"] = {"required": True, "content": _content_of(call, schemas)}
    _merge(responses, kinds)


def _with_scope(description: str, scope: str) -> str:
    return f"{description}\n\nNeeds the scope `{scope}`.".strip()


def _merge(responses: dict[str, Any], kinds: Iterable[ProblemType]) -> None:
    for status, described in refusals(*kinds).items():
        there = responses.setdefault(str(status), described)
        examples = there.setdefault("content", {}).setdefault(MEDIA_TYPE, {})
        examples.setdefault("examples", {}).update(described["content"][MEDIA_TYPE]["examples"])
    operation_order = sorted(responses.items())
    responses.clear()
    responses.update(operation_order)


def _content_of(body: JsonBody[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    return {
        "application/json": {
            "schema": _schema_of(body.model, schemas),
            "example": body.example,
        }
    }


def _schema_of(model: type[BaseModel], schemas: dict[str, Any]) -> dict[str, str]:
    """Put a model and what it is made of among the schemas; return where it stands.

    A model that is also answered with may look otherwise there: what it leaves out is filled in.
    """
    schema = model.model_json_schema(ref_template=_REF)
    parts = {**schema.pop("$defs", {}), model.__name__: schema}
    names = {name: name for name in parts}
    for name, part in parts.items():
        if schemas.get(name, part) != part:
            names[name] = f"{name}-Input"
    for name, part in parts.items():
        schemas[names[name]] = _renamed(part, names)
    return {"$ref": _REF.format(model=names[model.__name__])}


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:
    """Let the references of a schema follow the new names."""
    if isinstance(schema, list):
        return [_renamed(one, names) for one in schema]
    if not isinstance(schema, dict):
        return schema
    there = {_REF.format(model=old): _REF.format(model=new) for old, new in names.items()}
    return {
        key: there.get(value, value) if key == "$ref" else _renamed(value, names)
        for key, value in schema.items()
    }


def _response(kind: ProblemType) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model="Problem")}
    return {
        "description": kind.status.phrase,
        "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}},
    }


def _example(kind: ProblemType) -> dict[str, Any]:
    value = {
        "type": kind.urn,
        "title": kind.title,
        "status": int(kind.status),
        "detail": kind.cure,
        "request_id": "5f0c1a52d1f0478c8f6f0c5b1a0c9e6d",
    }
    return {"summary": kind.title, "value": value}

"""Makes docs/reference/api.md and problems.md from the façade's own OpenAPI document and catalogue.

Run: .venv/bin/python tools/api_pages.py
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from b1bridge.web import problem_types
from b1bridge.web.api import api
from b1bridge.web.api.openapi import description_of

PAGES = Path(__file__).parents[1] / "docs" / "reference"
_API_HEAD = """# REST façade

Every address of the façade, made from the OpenAPI document that the hub serves at
`/v1/openapi.json`; a test keeps it true. [Use the API](../how-to/use-the-api.md) shows it from the
first order on, [problems](problems.md) lists how it refuses. The paths of the older SAP-B1-RESTful
have [a page of their own](../how-to/come-from-sap-b1-restful.md).

"""
_PROBLEMS_HEAD = """# How the façade refuses

Every refusal is a problem document (RFC 9457, `application/problem+json`). `type` tells the kind
and never changes; `detail` says what was wrong this time; `errors` names each field by its JSON
pointer (or a parameter in words, as `query limit`); `request_id` finds the request in the hub's
log. Made from the catalogue in the source; a test keeps it true.

```json
{
  "type": "urn:b1bridge:problem:invalid-body",
  "title": "The body does not say what is needed",
  "status": 422,
  "detail": "/lines/0/quantity: give a number above zero",
  "request_id": "5f0c1a52d1f0478c8f6f0c5b1a0c9e6d",
  "errors": [{"pointer": "/lines/0/quantity", "detail": "give a number above zero"}]
}
```

| `type` | status | what it means | what to do |
|---|---|---|---|
"""
_OFTEN = {"503", "401", "403", "429"}
Json = Mapping[str, Any]


def problems_page() -> str:
    """Write one line for each kind of refusal."""
    kinds = sorted(problem_types.ALL, key=lambda kind: (kind.status, kind.slug))
    rows = (f"| `{k.urn}` | {int(k.status)} | {k.title} | {k.cure} |\n" for k in kinds)
    return _PROBLEMS_HEAD + "".join(rows)


def api_page(document: Json) -> str:
    """Write a section for each operation, with its fields."""
    return _API_HEAD + "".join(
        _section(method.upper(), path, operation, document)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )


def the_document() -> Json:
    """Return the OpenAPI document; the routes are described without a hub behind them."""
    return description_of(api(cast("Any", None), lambda: datetime.now(UTC)))


def _section(method: str, path: str, operation: Json, document: Json) -> str:
    parts = [
        f"## `{method} {path}`\n\n{operation.get('description', operation['summary'])}\n",
        _parameters(operation.get("parameters", [])),
        _body(operation.get("requestBody"), document),
        _answers(operation["responses"]),
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _parameters(parameters: list[Json]) -> str:
    if not parameters:
        return ""
    rows = (
        f"| `{one['name']}` | {one['in']} | {_type(one['schema'])} | {_said(one)} |\n"
        for one in parameters
    )
    return "| parameter | in | type | |\n|---|---|---|---|\n" + "".join(rows)


def _body(body: Json | None, document: Json) -> str:
    if body is None:
        return ""
    content = body["content"]["application/json"]
    rows = "".join(
        f"| `{name}` | {_type(schema)} | {'yes' if must else ''} | {_said(schema)} |\n"
        for name, schema, must in _fields(content["schema"], document)
    )
    example = json.dumps(content["example"], indent=2, ensure_ascii=False)
    table = f"| field | type | required | |\n|---|---|---|---|\n{rows}\n" if rows else ""
    return f"{table}```json\n{example}\n```\n"


def _fields(schema: Json, document: Json, prefix: str = "") -> Iterator[tuple[str, Json, bool]]:
    """Yield every field, those within others by dots, lists by brackets."""
    found = _resolved(schema, document)
    for name, inner in found.get("properties", {}).items():
        yield prefix + name, _resolved(inner, document), name in found.get("required", ())
        deeper, brackets = _inside(inner, document)
        yield from _fields(deeper, document, f"{prefix}{name}{brackets}.")


def _inside(schema: Json, document: Json) -> tuple[Json, str]:
    """Return what is within a field, and whether it comes many times."""
    found = _resolved(schema, document)
    if found.get("type") == "array":
        return _resolved(found["items"], document), "[]"
    return found, ""


def _resolved(schema: Json, document: Json) -> Json:
    """Follow references, and choices of which one is nothing."""
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(choices) == 1:
        return {**_resolved(choices[0], document), **_own_words(schema)}
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    return {**document["components"]["schemas"][name], **_own_words(schema)}


def _own_words(schema: Json) -> Json:
    return {name: schema[name] for name in ("description", "default") if name in schema}


def _type(schema: Json) -> str:
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    choices = [
        one["type"] for one in schema.get("anyOf", ()) if one.get("type") not in {None, "null"}
    ]
    kind = " or ".join(dict.fromkeys(choices)) or schema.get("type", "")
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _said(one: Json) -> str:
    """Say what is told of a field, and what it is when absent."""
    schema = one.get("schema", one)
    told = str(one.get("description") or schema.get("description") or "").replace("\n", " ")
    default = schema.get("default")
    return f"{told} (else `{default}`)".strip() if default not in (None, "", []) else told


def _answers(responses: Json) -> str:
    rows = "".join(
        f"| {status} | {_answer(answer)} |\n"
        for status, answer in responses.items()
        if status not in _OFTEN
    )
    return f"| answer | |\n|---|---|\n{rows}" if rows else ""


def _answer(answer: Json) -> str:
    slugs = answer.get("content", {}).get("application/problem+json", {}).get("examples", {})
    return ", ".join(f"`{slug}`" for slug in slugs) or answer["description"]


if __name__ == "__main__":
    (PAGES / "problems.md").write_text(problems_page(), encoding="utf-8")
    (PAGES / "api.md").write_text(api_page(the_document()), encoding="utf-8")

"""Makes docs/reference/api.md and problems.md from the façade's own OpenAPI document and catalogue.

Run: .venv/bin/python tools/api_pages.py
"""

import json
from collections.abc import Mapping
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
have [a page of their own](../how-to/come-from-sap-b1-restful.md). Beside what is told here, every
address may answer 401, 403, 429 (the token) and 503 (the hub's database, or SAP, is away).

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
_DOCUMENTS_HEAD = """# What goes in and comes out

Fields that are not always there may be left out of what you send. Amounts and quantities may be
sent as numbers or as texts; both are read exactly.

"""
_FASTAPI_SAYS = "Successful Response"
_OFTEN = {"503", "401", "403", "429"}
Json = Mapping[str, Any]


def problems_page() -> str:
    """Write one line for each kind of refusal."""
    kinds = sorted(problem_types.ALL, key=lambda kind: (kind.status, kind.slug))
    rows = (f"| `{k.urn}` | {int(k.status)} | {k.title} | {k.cure} |\n" for k in kinds)
    return _PROBLEMS_HEAD + "".join(rows)


def api_page(document: Json) -> str:
    """Write a section for each operation, then one for each document that goes in or out."""
    document = _with_choices_in_place(document, document["components"]["schemas"])
    operations = (
        _section(method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    schemas = document["components"]["schemas"]
    documents = (
        _document(name, schemas[name]) for name in sorted(schemas) if _is_object(schemas[name])
    )
    return _API_HEAD + "".join(operations) + _DOCUMENTS_HEAD + "".join(documents)


def the_document() -> Json:
    """Return the OpenAPI document; the routes are described without a hub behind them."""
    return description_of(api(cast("Any", _NoHub())))


class _NoHub:
    def __getattr__(self, name: str) -> None:
        """Have no desk of any name."""


def _with_choices_in_place(part: Any, schemas: Json) -> Any:
    """Put what is a mere choice of words where it is referred to."""
    if isinstance(part, list):
        return [_with_choices_in_place(one, schemas) for one in part]
    if not isinstance(part, dict):
        return part
    named = schemas.get(str(part.get("$ref", "")).rpartition("/")[2], {})
    if "enum" in named:
        return {**part, "$ref": None, "enum": named["enum"]}
    return {name: _with_choices_in_place(one, schemas) for name, one in part.items()}


def _section(method: str, path: str, operation: Json) -> str:
    parts = [
        f"## `{method} {path}`\n\n{operation.get('description', operation['summary'])}\n",
        _parameters(operation.get("parameters", [])),
        _body(operation.get("requestBody")),
        _answers(operation["responses"]),
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _parameters(parameters: list[Json]) -> str:
    if not parameters:
        return ""
    rows = (
        f"| `{one['name']}` | {one['in']} | {_type(one['schema']).removesuffix(' or null')} "
        f"| {_said(one)} |\n"
        for one in parameters
    )
    return "| parameter | in | type | |\n|---|---|---|---|\n" + "".join(rows)


def _body(body: Json | None) -> str:
    if body is None:
        return ""
    content = body["content"]["application/json"]
    example = json.dumps(content["example"], indent=2, ensure_ascii=False)
    return f"The body is a document {_type(content['schema'])}:\n\n```json\n{example}\n```\n"


def _answers(responses: Json) -> str:
    rows = "".join(
        f"| {status} | {_answer(answer)} |\n"
        for status, answer in responses.items()
        if status not in _OFTEN
    )
    return f"| answer | |\n|---|---|\n{rows}"


def _answer(answer: Json) -> str:
    content = answer.get("content", {})
    slugs = content.get("application/problem+json", {}).get("examples", {})
    if slugs:
        return ", ".join(f"`{slug}`" for slug in slugs)
    schema = content.get("application/json", {}).get("schema")
    said = [answer["description"]] if answer["description"] != _FASTAPI_SAYS else []
    return ": ".join([*said, _type(schema)] if schema else said)


def _document(name: str, schema: Json) -> str:
    required = schema.get("required", ())
    rows = "".join(
        f"| `{field}` | {_type(inner)} | {'yes' if field in required else ''} | {_said(inner)} |\n"
        for field, inner in schema.get("properties", {}).items()
    )
    told = schema.get("description", "")
    return f"### {name}\n\n{told}\n\n| field | type | always | |\n|---|---|---|---|\n{rows}\n"


def _is_object(schema: Json) -> bool:
    return "properties" in schema


def _type(schema: Json) -> str:
    """Say what a field holds; documents link to their own section."""
    if schema.get("$ref"):
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    choices = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    if choices:
        return " or ".join(dict.fromkeys(map(_type, choices)))
    kind = str(schema.get("type", "anything"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _said(one: Json) -> str:
    """Say what is told of a field, and what it is when absent."""
    schema = one.get("schema", one)
    told = str(one.get("description") or schema.get("description") or "").replace("\n", " ")
    default = schema.get("default")
    if default in (None, "", []):
        return told
    return f"{told} (else `{json.dumps(default)}`)".strip()


if __name__ == "__main__":
    (PAGES / "problems.md").write_text(problems_page(), encoding="utf-8")
    (PAGES / "api.md").write_text(api_page(the_document()), encoding="utf-8")

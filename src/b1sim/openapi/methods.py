"""The pieces that every path is made of: a method, its parameters, its answers."""

from typing import Any

from b1sim.openapi.schemas import Schema, reference

Path = dict[str, Any]
NOTHING = {"204": {"description": "Done; nothing to tell"}}


def method(
    name: str,
    answers: dict[str, Schema],
    *,
    body: Schema | None = None,
    parameters: list[Schema] | None = None,
) -> Schema:
    """Describe one method; whatever else happens is a refusal. `body` is the schema of JSON."""
    refusal = as_json(reference("Error")) | {"description": "A refusal"}
    found: Schema = {"operationId": name, "responses": {**answers, "default": refusal}}
    if body is not None:
        found["requestBody"] = {"content": {"application/json": {"schema": body}}}
    if parameters:
        found["parameters"] = parameters
    return found


def parameter(name: str, kind: Schema, place: str) -> Schema:
    """Describe one parameter in the path, the query or a header."""
    return {"name": name, "in": place, "schema": kind}


def as_json(schema: Schema) -> Schema:
    """Describe an answer in JSON."""
    return {"description": "The answer", "content": {"application/json": {"schema": schema}}}

"""Names every path that b1sim answers, with its methods, parameters and answers."""

from collections.abc import Iterator

from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.edmx.model import Model, Operation
from b1sim.odata.versions import Version
from b1sim.openapi.files import file_paths, take_uploads
from b1sim.openapi.methods import NOTHING, Path, as_json, method, parameter
from b1sim.openapi.schemas import Schema, reference, schema_of

_COUNTING = {1: ("$inlinecount", ["allpages", "none"]), 2: ("$count", ["true", "false"])}


def paths_of(model: Model, version: Version) -> dict[str, Path]:
    """Name the paths below the root of a version."""
    paths = dict(_sessions()) | file_paths(version)
    for found in model.sets.values():
        paths |= dict(_of_set(found, model, version))
    for operation in model.operations:
        if not operation.bound:
            paths[f"/{operation.name}"] = {"post": _service(operation, model, version)}
    take_uploads(paths)
    return paths


def _sessions() -> Iterator[tuple[str, Path]]:
    login = {
        "type": "object",
        "required": ["CompanyDB", "UserName", "Password"],
        "properties": {n: {"type": "string"} for n in ("CompanyDB", "UserName", "Password")},
    }
    started = {
        "type": "object",
        "required": ["SessionId", "Version", "SessionTimeout"],
        "properties": {
            "SessionId": {"type": "string"},
            "Version": {"type": "string"},
            "SessionTimeout": {"type": "integer"},
        },
    }
    post = method("Login", {"200": as_json(started)}, body=login)
    yield "/Login", {"post": post | {"security": []}}
    yield "/Logout", {"post": method("Logout", NOTHING)}
    yield "/", {"get": method("ServiceDocument", {"200": as_json({"type": "object"})})}
    xml = {"description": "EDMX", "content": {"application/xml": {"schema": {"type": "string"}}}}
    yield "/$metadata", {"get": method("Metadata", {"200": xml})}


def _of_set(found: EntitySet, model: Model, version: Version) -> Iterator[tuple[str, Path]]:
    name, entity = found.name, reference(found.type_name)
    page: Schema = {"type": "object", "required": ["value"]}
    page["properties"] = {"value": {"type": "array", "items": entity}}
    listed = method(f"list{name}", {"200": as_json(page)}, parameters=_options(version))
    created = method(f"create{name}", {"201": as_json(entity), **NOTHING}, body=entity)
    yield f"/{name}", {"get": listed, "post": created}
    number = {"200": {"description": "How many", "content": {"text/plain": {"schema": {}}}}}
    counted = method(f"count{name}", number, parameters=_options(version)[:1])
    yield f"/{name}/$count", {"get": counted}
    place, keys = _place(found, model, version)
    read = method(f"read{name}", {"200": as_json(entity)})
    changed = method(f"change{name}", NOTHING, body=entity)
    path: Path = {"parameters": keys, "get": read, "patch": changed}
    if found.deletable:
        path["delete"] = method(f"remove{name}", NOTHING)
    yield place, path
    for action in found.actions:
        answers = {"200": {"description": "What was made"}, **NOTHING}
        act = method(f"{action.lower()}{name}", answers)
        yield f"{place}/{action}", {"parameters": keys, "post": act}


def _options(version: Version) -> list[Schema]:
    counting, values = _COUNTING[version.number]
    whole = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
    kinds: dict[str, Schema] = {
        "$filter": {"type": "string"},
        "$select": {"type": "string"},
        "$orderby": {"type": "string"},
        "$top": whole,
        "$skip": whole,
        counting: {"type": "string", "enum": values},
    }
    return [parameter(name, kind, "query") for name, kind in kinds.items()]


def _place(found: EntitySet, model: Model, version: Version) -> tuple[str, list[Schema]]:
    """Spell the address of one entity: names only where a key has several parts (4.1)."""
    parts = [(name, found.properties[name]) for name in found.key]
    alone = len(parts) == 1
    spelled = [f"{'' if alone else name + '='}{_quoted(name, part)}" for name, part in parts]
    keys = [_key(name, part, model, version) for name, part in parts]
    return f"/{found.name}({','.join(spelled)})", keys


def _quoted(name: str, part: Property) -> str:
    return f"'{{{name}}}'" if part.type == "Edm.String" else f"{{{name}}}"


def _key(name: str, part: Property, model: Model, version: Version) -> Schema:
    kind = schema_of(part.type, version, model)
    bare = {n: v for n, v in kind.items() if n != "type"} | {
        "type": kind.get("type", ["string"])[0]
    }
    if bare["type"] == "string":
        bare["minLength"] = 1
    return parameter(name, bare, "path") | {"required": True}


def _service(operation: Operation, model: Model, version: Version) -> Schema:
    members = {name: schema_of(kind, version, model) for name, kind in operation.parameters}
    body = {"type": "object", "properties": members}
    answers = {"200": {"description": "The answer"}, **NOTHING}
    return method(operation.name, answers, body=body)

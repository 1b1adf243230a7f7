"""Answers writes: create, patch, delete, bound actions (sap-service-layer.md 5)."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

from b1sim.company.company import Company
from b1sim.company.refusals import Refusal
from b1sim.company.shape.model import EntitySet
from b1sim.odata.reading.places import Key
from b1sim.odata.reading.reads import Row, data_version, entity_of, etag_of
from b1sim.odata.refusing import NOT_FOUND, changed_meanwhile, no_entity
from b1sim.odata.reply import Headers, Reply, no_content
from b1sim.odata.request import Request

Payload = dict[str, Any]
RETURN_NOTHING = "return-no-content"


def create_reply(
    company: Company, request: Request, entity_set: EntitySet, payload: Payload
) -> Reply:
    """Create an entity: 201 with all of it, or 204 where the client wants nothing back."""
    return created_reply(company.create(entity_set.name, payload), request, entity_set)


def created_reply(created: Row, request: Request, entity_set: EntitySet) -> Reply:
    """Answer with what was made and where it is."""
    headers = _created_headers(created, request, entity_set)
    if RETURN_NOTHING in request.preferences():
        return no_content(request.version, [*headers, ("Preference-Applied", RETURN_NOTHING)])
    # A 201 names the whole URL, in the replies of both versions that B1SLayer keeps (15.8); with a
    # 204 SAP shows a bare path (5).
    whole = [(name, value if name == "ETag" else request.origin + value) for name, value in headers]
    return entity_of(created, request, entity_set, HTTPStatus.CREATED, whole)


def patch_reply(
    company: Company, request: Request, entity_set: EntitySet, key: Key, payload: Payload
) -> Reply:
    """Change what the body names; rows of collections merge unless the header says replace."""
    _check_version(company, request, entity_set, key)
    replace = request.wants("B1S-ReplaceCollectionsOnPatch")
    company.patch(entity_set.name, key, payload, replace_collections=replace)
    return no_content(request.version)


def replace_reply(
    company: Company, request: Request, entity_set: EntitySet, key: Key, payload: Payload
) -> Reply:
    """Write a whole entity; sent collections are whole too, others stay (guess)."""
    _check_version(company, request, entity_set, key)
    company.patch(entity_set.name, key, payload, replace_collections=True)
    return no_content(request.version)


def delete_reply(company: Company, request: Request, entity_set: EntitySet, key: Key) -> Reply:
    """Delete an entity; one that is not there is refused in words of its own, as recorded."""
    try:
        _check_version(company, request, entity_set, key)
        company.delete(entity_set.name, key)
    except Refusal as refusal:
        if refusal.code == NOT_FOUND:
            raise no_entity(unquote(_key_text(key, entity_set))) from refusal
        raise
    return no_content(request.version)


def action_reply(
    company: Company, request: Request, entity_set: EntitySet, key: Key, action: str
) -> Reply:
    """Run a bound action such as Close; one that makes a document answers with it."""
    _check_version(company, request, entity_set, key)
    if request.body:
        request.json()  # no action here takes anything, yet what is no JSON is refused
    made = company.act(entity_set.name, key, action)
    if made is None:
        return no_content(request.version)
    return entity_of(made, request, entity_set, HTTPStatus.OK, [])


def _check_version(company: Company, request: Request, entity_set: EntitySet, key: Key) -> None:
    tag = request.headers.get("if-match")
    if tag is None or tag.strip() == "*" or not entity_set.has_etag:
        return
    if tag.strip() != etag_of(data_version(company, entity_set, key)):
        raise changed_meanwhile()


def _created_headers(created: Row, request: Request, entity_set: EntitySet) -> Headers:
    path = f"{request.version.root}/{entity_set.name}({_key_text(created, entity_set)})"
    headers: Headers = [("Location", path)]
    if entity_set.has_etag:
        headers.append(("ETag", etag_of(created["DataVersion"])))
    return headers


def _key_text(row: Row, entity_set: EntitySet) -> str:
    values = [_literal(row[name]) for name in entity_set.key]
    if len(values) == 1:
        return values[0]
    return ",".join(f"{n}={value}" for n, value in zip(entity_set.key, values, strict=True))


def _literal(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    return "'" + quote(str(value).replace("'", "''"), safe="'") + "'"

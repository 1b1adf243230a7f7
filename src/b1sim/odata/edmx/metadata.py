"""Answers `$metadata` and the service document (1)."""

from functools import lru_cache
from http import HTTPStatus

from b1sim.odata.edmx import odata3, odata4, scoped
from b1sim.odata.edmx.elsewhere import ELSEWHERE
from b1sim.odata.edmx.model import Model, model_of
from b1sim.odata.json_text import text_of
from b1sim.odata.reading.navigation import Sets
from b1sim.odata.reply import Reply, json_reply
from b1sim.odata.request import Request
from b1sim.odata.versions import Version


class _Described:
    """Sets as a cache key: they never change once made, and few are made."""

    def __init__(self, sets: Sets, services: frozenset[str]) -> None:
        self.sets, self.services = sets, services

    def __hash__(self) -> int:
        return hash((id(self.sets), self.services))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Described)
            and self.sets is other.sets
            and self.services == other.services
        )


@lru_cache(maxsize=4)
def _model(described: _Described) -> Model:
    return model_of({**described.sets, **ELSEWHERE}, described.services)


@lru_cache(maxsize=8)
def _whole(described: _Described, version: Version) -> bytes:
    write = odata3.metadata if version.number == 1 else odata4.metadata
    return write(_model(described)).encode()


def metadata_reply(
    request: Request, sets: Sets, services: frozenset[str], *, scopes: bool
) -> Reply:
    """Answer `$metadata`; `scopes` is whether this release knows the options of FP 2608."""
    described = _Described(sets, services)
    if scopes and request.version.number > 1 and request.query:
        body = scoped.metadata(_model(described), request.pairs()).encode()
    else:
        # Guess: a release that does not know the options ignores them.
        body = _whole(described, request.version)
    headers = [("Content-Type", "application/xml;charset=utf-8"), request.version.header]
    return Reply(HTTPStatus.OK, body, headers)


def service_document(request: Request, sets: Sets) -> Reply:
    """Answer the list of sets; `value` and its entries are SAP's, the context is a guess."""
    entries = [
        {"name": name, "kind": "EntitySet", "url": name} for name in sorted({*sets, *ELSEWHERE})
    ]
    body = {request.version.context: request.context.rstrip("#"), "value": entries}
    return json_reply(HTTPStatus.OK, text_of(body) + "\n", request.version)

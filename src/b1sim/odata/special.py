"""Finds who answers a path that is no entity set: cross joins, the query service, views."""

from collections.abc import Callable
from urllib.parse import unquote

from b1sim.company.company import Company
from b1sim.odata.reading.crossjoin import PATH, crossjoin_reply, query_service_reply
from b1sim.odata.reply import Reply
from b1sim.odata.request import Request
from b1sim.odata.sets import entity_sets
from b1sim.odata.wire_quirks import WireQuirks

Answer = Callable[[Company, Request, WireQuirks], Reply]


def special_answer(request: Request) -> Answer | None:
    """Name who answers a request, or nobody here."""
    path = unquote(request.path).strip("/")
    if request.verb == "GET" and path.startswith(PATH):
        return _crossjoin
    if request.method == "POST" and path == "QueryService_PostQuery":
        return _query_service
    return None


def _crossjoin(company: Company, request: Request, quirks: WireQuirks) -> Reply:
    sets = entity_sets(company.settings.user_fields)
    return crossjoin_reply(company, request, sets, quirks.page_size)


def _query_service(company: Company, request: Request, quirks: WireQuirks) -> Reply:
    sets = entity_sets(company.settings.user_fields)
    return query_service_reply(company, request, sets, quirks.page_size)

"""Finds who answers a path that is no set: cross joins, the query service (4.2), views (4.4)."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from b1sim.company.company import Company
from b1sim.odata.reading.crossjoin import PATH, crossjoin_reply, query_service_reply
from b1sim.odata.reply import Reply
from b1sim.odata.request import Request
from b1sim.odata.views.exposing import sql_views_reply
from b1sim.odata.views.service import view_reply
from b1sim.odata.wire_quirks import WireQuirks

Answer = Callable[[Company, Request, WireQuirks, str], Reply]
_VIEWS = re.compile(r"(sml|view)\.svc(/.*)?", re.DOTALL)
_SQL_VIEWS = re.compile(r"SQLViews\b.*", re.DOTALL)


def special_answer(request: Request) -> Answer | None:
    """Name who answers a request, or nobody here; it is given the user as well."""
    path = unquote(request.path).strip("/")
    if request.verb == "GET" and path.startswith(PATH):
        return _crossjoin
    if request.method == "POST" and path == "QueryService_PostQuery":
        return _query_service
    if request.verb == "GET" and _VIEWS.fullmatch(path):
        return view_reply
    return _sql_views if _SQL_VIEWS.fullmatch(path) else None


def _crossjoin(company: Company, request: Request, quirks: WireQuirks, _: str) -> Reply:
    sets = company.sets
    return crossjoin_reply(company, request, sets, quirks.page_size)


def _query_service(company: Company, request: Request, quirks: WireQuirks, _: str) -> Reply:
    sets = company.sets
    return query_service_reply(company, request, sets, quirks.page_size)


def _sql_views(company: Company, request: Request, _: WireQuirks, __: str) -> Reply:
    return sql_views_reply(company, request)

"""Answers `SQLViews`: which views SQL Server has, and whether Service Layer shows them (4.4)."""

from http import HTTPStatus

from b1sim.company.company import Company
from b1sim.odata.json_text import text_of
from b1sim.odata.keys import Segment, segments_of
from b1sim.odata.refusing import bad_request, no_matching_record, not_simulated
from b1sim.odata.reply import Reply, json_reply, no_content
from b1sim.odata.request import Request
from b1sim.odata.views.defined import View, views_of

SET = "SQLViews"
_ALL = "*"
_ACTIONS = {"Expose": "Y", "Unexpose": "N"}


def sql_views_reply(company: Company, request: Request) -> Reply:
    """Answer a request on the set, on one view, or its exposing."""
    head, *rest = segments_of(request.path)
    name = _name(head)
    actions = [segment.name for segment in rest]
    match (request.verb, name, actions):
        case ("GET", None, []):
            return _listed(company, request)
        case ("GET", str(), []):
            return _one(company, request, name)
        case ("POST", str(), [action]) if action in _ACTIONS:
            return _expose(company, request, name, _ACTIONS[action])
    what = f"{request.verb} {request.path.strip('/')}"
    raise not_simulated(what)


def _name(head: Segment) -> str | None:
    if head.key is None:
        return None
    if len(head.key) != 1 or not head.key[0].quoted:
        msg = "Query string error: SQLViews has the key Name"
        raise bad_request(msg)
    return head.key[0].text


def _members(view: View, request: Request) -> dict[str, str]:
    day = view.created + ("T00:00:00Z" if request.version.number > 1 else "")
    return {"Name": view.name, "DBType": "MSSQL", "SchemaName": "dbo", "CreateDate": day}


def _listed(company: Company, request: Request) -> Reply:
    rows = [_members(view, request) for view in _known(company).values()]
    body = {request.version.context: request.context + SET, "value": rows}
    return json_reply(HTTPStatus.OK, text_of(body) + "\n", request.version)


def _one(company: Company, request: Request, name: str) -> Reply:
    found = _known(company).get(name)
    if found is None:
        raise no_matching_record()
    context = f"{request.context}{SET}{request.version.element}"
    body = {request.version.context: context} | _members(found, request)
    return json_reply(HTTPStatus.OK, text_of(body) + "\n", request.version)


def _known(company: Company) -> dict[str, View]:
    """Name the views of SQL Server; a company on HANA has none of these (guess)."""
    on_sql_server = company.settings.database == "mssql"
    return dict(views_of(company)) if on_sql_server else {}


def _expose(company: Company, request: Request, name: str, exposed: str) -> Reply:
    """Show or hide one view, or all of them by an asterisk."""
    known = _known(company)
    if name != _ALL and name not in known:
        raise no_matching_record()
    for found in known if name == _ALL else [name]:
        company.settings.views[found]["exposed"] = exposed
    company.keep_settings()
    return no_content(request.version)

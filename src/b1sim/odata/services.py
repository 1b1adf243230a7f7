"""Prints what the company answers to service operations (5)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from b1sim.company.company import Company
from b1sim.company.service import Bare, Complex, Listed, Result, Whole
from b1sim.company.services import SERVICES as COMPANY_SERVICES
from b1sim.odata.json_text import Json, text_of
from b1sim.odata.reading.reads import entity_of
from b1sim.odata.reply import Reply, json_reply, no_content
from b1sim.odata.request import Request

Answer = Callable[[Company, Request], Reply]


def _company_answer(operation: str) -> Answer:
    """Answer with what the company says to an operation of its own."""

    def answer(company: Company, request: Request) -> Reply:
        sent = request.json() if request.body else {}
        return _printed(company, request, company.serve(operation, sent))

    return answer


def _printed(company: Company, request: Request, result: Result) -> Reply:
    match result:
        case None:
            return no_content(request.version)
        case Bare(value):
            return json_reply(HTTPStatus.OK, text_of(value), request.version)
        case Complex(type_name, members):
            return _complex(request, type_name, members)
        case Listed(type_name, rows):
            context = {request.version.context: f"{request.context}Collection(SAPB1.{type_name})"}
            body = context | {"value": list(rows)}
            return json_reply(HTTPStatus.OK, text_of(body) + "\n", request.version)
        case Whole(entity_set, entity):
            kind = company.sets[entity_set]
            return entity_of(entity, request, kind, HTTPStatus.OK, [])


SERVICES: Mapping[tuple[str, str], Answer] = {
    **{("POST", name): _company_answer(name) for name in COMPANY_SERVICES},
    **{("GET", name): _company_answer(name) for name in COMPANY_SERVICES if "_Get" in name},
}


def _complex(request: Request, type_name: str, members: dict[str, Json]) -> Reply:
    context = {request.version.context: f"{request.context}SAPB1.{type_name}"}
    return json_reply(HTTPStatus.OK, text_of(context | members) + "\n", request.version)

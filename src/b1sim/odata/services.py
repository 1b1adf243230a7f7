"""The few service operations that b1sim answers, all from the company's own books (5)."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus

from b1sim.company import clerk
from b1sim.company.company import Company
from b1sim.company.service import Bare, Complex, Listed, Result, Whole
from b1sim.company.services import SERVICES as COMPANY_SERVICES
from b1sim.company.shape.model import ENTITY_SETS
from b1sim.odata.json_text import Json, text_of
from b1sim.odata.reading.reads import entity_of
from b1sim.odata.refusing import bad_request, no_matching_record
from b1sim.odata.reply import Reply, json_reply, no_content
from b1sim.odata.request import Request

_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T.*)?")


def admin_info(company: Company, request: Request) -> Reply:
    """Tell how the company counts; the names are those of the DI API's AdminInfo: a guess here.

    SAP's answer has some 200 members more; these are the ones that b1sim has the truth of.
    """
    settings = company.settings
    return _complex(
        request,
        "AdminInfo",
        {
            "CompanyName": settings.name,
            "LocalCurrency": settings.local_currency,
            "TotalsAccuracy": settings.amount_decimals,
            "PriceAccuracy": settings.price_decimals,
        },
    )


def local_currency(company: Company, request: Request) -> Reply:
    """Tell the local currency; a bare JSON value, as clients of such services report (11)."""
    return json_reply(HTTPStatus.OK, text_of(company.settings.local_currency), request.version)


def currency_rate(company: Company, request: Request) -> Reply:
    """Tell what one unit of a currency costs on a day."""
    asked = request.json()
    row = (_day(asked), str(asked.get("Currency", "")))
    sql = "SELECT Rate FROM ORTT WHERE RateDate = ? AND Currency = ?"
    found = company.db.execute(sql, row).fetchone()
    if found is None:
        raise no_matching_record()
    return json_reply(HTTPStatus.OK, text_of(float(found[0])), request.version)


def set_currency_rate(company: Company, request: Request) -> Reply:
    """Enter the rate of a day."""
    asked = request.json()
    day, currency, rate = _day(asked), str(asked.get("Currency", "")), str(asked.get("Rate", ""))
    known = company.count("Currencies", '"CurrCode" = ?', (currency,))
    if not known or re.fullmatch(r"\d{1,12}(\.\d{1,6})?", rate) is None:
        msg = f"Invalid currency '{currency}' or rate '{rate}'"
        raise bad_request(msg)
    clerk.set_rate(company, currency, day, rate)
    return no_content(request.version)


Answer = Callable[[Company, Request], Reply]
_OWN: Mapping[tuple[str, str], Answer] = {
    ("GET", "CompanyService_GetAdminInfo"): admin_info,
    ("POST", "CompanyService_GetAdminInfo"): admin_info,
    ("GET", "SBOBobService_GetLocalCurrency"): local_currency,
    ("POST", "SBOBobService_GetLocalCurrency"): local_currency,
    ("POST", "SBOBobService_GetCurrencyRate"): currency_rate,
    ("POST", "SBOBobService_SetCurrencyRate"): set_currency_rate,
}


def _company_answer(operation: str) -> Answer:
    """Answer with what the company says to an operation of its own."""

    def answer(company: Company, request: Request) -> Reply:
        return _printed(request, company.serve(operation, request.json() if request.body else {}))

    return answer


def _printed(request: Request, result: Result) -> Reply:
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
            kind = ENTITY_SETS[entity_set]
            return entity_of(entity, request, kind, HTTPStatus.OK, [])


SERVICES: Mapping[tuple[str, str], Answer] = {
    **{("POST", name): _company_answer(name) for name in COMPANY_SERVICES},
    **{("GET", name): _company_answer(name) for name in COMPANY_SERVICES if "_Get" in name},
    **_OWN,
}


def _complex(request: Request, type_name: str, members: dict[str, Json]) -> Reply:
    context = {request.version.context: f"{request.context}SAPB1.{type_name}"}
    return json_reply(HTTPStatus.OK, text_of(context | members) + "\n", request.version)


def _day(asked: Mapping[str, object]) -> str:
    text = str(asked.get("Date") or asked.get("RateDate") or "")
    found = _DAY.fullmatch(text)
    if found is None:
        msg = f"Invalid date '{text}'"
        raise bad_request(msg)
    return "-".join(found.groups())

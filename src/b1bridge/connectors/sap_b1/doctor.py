"""Looks at a SAP connection from the outside in and names the first thing that is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus

import httpx

from b1bridge.connectors.sap_b1.client.sap_errors import sap_error_of
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.session import is_about_licences
from b1bridge.connectors.sap_b1.client.tls import trust_of
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.errors import BridgeError, ConnectionBroken, Transient
from b1bridge.sdk.connector import Finding
from b1bridge.sdk.doctor import Address, look_at_the_line, sick, well
from b1bridge.sdk.http import exchange

NEEDED = {
    "BusinessPartners": "CardCode",
    "Items": "ItemCode",
    "Invoices": "DocEntry",
    "Orders": "DocEntry",
    "Drafts": "DocEntry",
    "IncomingPayments": "DocEntry",
    "SQLQueries": "SqlCode",
}


async def doctor(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Yield what is found; stop at the first check that makes the later ones pointless."""
    async for finding in _way_in(settings, http):
        yield finding
        if not finding.well:
            return
    service = ServiceLayer(http, settings)
    try:
        login = await _login(service, settings)
        yield login
        if not login.well:
            return
        yield await _company(service, settings)
        for entity_set, key in NEEDED.items():
            yield await _permission(service, settings, entity_set, key)
    finally:
        await service.close()


async def _way_in(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Knock first; only when nobody answers, find out layer by layer why."""
    seconds = settings.connect_timeout
    request = http.build_request("GET", settings.service_root + "Items?$top=0", timeout=seconds)
    try:
        response = await exchange(http, request, system=SYSTEM)
    except BridgeError as exc:
        async for finding in _line(settings, exc):
            yield finding
        return
    yield _service_layer(settings, response)


async def _line(settings: Settings, failure: BridgeError) -> AsyncIterator[Finding]:
    if settings.certificate_sha256 and isinstance(failure, ConnectionBroken):
        fix = "pin the fingerprint shown, once the SAP administrator has confirmed it"
        yield sick("TLS", str(failure), fix)
        return
    address = Address(settings.host, settings.port, trust_of(settings))
    broken = False
    async for finding in look_at_the_line(address, seconds=settings.connect_timeout):
        yield finding
        broken = not finding.well
    if not broken:
        fix = "ask for the state of the Service Layer and of the balancer before it"
        yield sick("Service Layer", f"the line is open, yet {failure}", fix)


def _service_layer(settings: Settings, response: httpx.Response) -> Finding:
    """Expect a refusal with 301: nothing else answers so to a stranger (3.1)."""
    said = sap_error_of(response)
    if response.status_code == HTTPStatus.UNAUTHORIZED and said.code:
        return well("Service Layer", f"{settings.url} answers as a Service Layer")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        message = f"{settings.url} answers {response.status_code}: {said.text}"
        return sick("Service Layer", message, "start the Service Layer nodes, then look again")
    message = f"{settings.url} answers {response.status_code}, which no Service Layer would"
    return sick("Service Layer", message, "correct the URL; the usual port is 50000")


async def _login(service: ServiceLayer, settings: Settings) -> Finding:
    who = f"{settings.user} in {settings.company_db}"
    try:
        await service.open()
    except ConnectionBroken as exc:
        return sick("login", str(exc), _login_fix(exc))
    except Transient as exc:
        message = f"the login of {who} got no answer in time: {exc}"
        fix = (
            f"SAP may be waking up: look again; if it stays so, raise login_timeout "
            f"({settings.login_timeout:g} s)"
        )
        return sick("login", message, fix)
    return well("login", f"{who} may log in")


def _login_fix(exc: ConnectionBroken) -> str:
    if is_about_licences(str(exc)):
        return "assign a licence to the SAP user, or end sessions that are no longer needed"
    return (
        "compare the company database letter by letter with SAP's list of companies, then the "
        "user, then set the password anew; the next try waits five minutes to spare the user a lock"
    )


async def _company(service: ServiceLayer, settings: Settings) -> Finding:
    try:
        rules = await SapCompany(service, settings).rules()
    except BridgeError as exc:
        return sick("company", str(exc), "fill in local_currency in the connection's settings")
    message = f"books are kept in {rules.local_currency}, days end in {rules.time_zone}"
    return well("company", message)


async def _permission(
    service: ServiceLayer, settings: Settings, entity_set: str, key: str
) -> Finding:
    check = f"may read {entity_set}"
    try:
        await service.rows(entity_set, select=(key,), page_size=1)
    except Transient as exc:
        return sick(check, str(exc), "SAP did not answer this one: look again")
    except BridgeError as exc:
        fix = f"let an administrator authorise {settings.user} for {entity_set} in SAP"
        return sick(check, str(exc), fix)
    return well(check, "yes")

"""Looks at a SAP connection from the outside in and names the first thing that is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus

import httpx

from b1bridge.connectors.sap_b1.client.privileges import Right, Standing, compare
from b1bridge.connectors.sap_b1.client.sap_errors import sap_error_of
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.session import is_about_licences
from b1bridge.connectors.sap_b1.client.tls import trust_of
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.clock import clock
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.rights import FLOWS, NEEDED, NOT_NEEDED, SQL
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.errors import BridgeError, ConnectionBroken, Transient
from b1bridge.sdk.connector import Finding
from b1bridge.sdk.doctor import Address, look_at_the_line, sick, well
from b1bridge.sdk.http import exchange

LEAST = "no more rights than needed"


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
        async for finding in _rights(service, settings):
            yield finding
        yield await clock(service, settings)
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


async def _rights(service: ServiceLayer, settings: Settings) -> AsyncIterator[Finding]:
    """Tell each right that is missing, and in one finding all that are too many."""
    excess: list[str] = []
    try:
        async for right in compare(service, (*NEEDED, *NOT_NEEDED), settings.user):
            if right.standing is Standing.EXCESS:
                excess.append(f"{right.verb} {right.entity_set}".strip())
            if _is_told(right):
                yield _right(right, settings)
        yield await _sql(service)
    except Transient as exc:
        yield sick("rights", str(exc), "SAP did not answer this one: look again")
        return
    yield well(LEAST, f"{settings.user} could do without: {', '.join(excess) or 'nothing'}")


def _right(right: Right, settings: Settings) -> Finding:
    check = f"may {right.verb} {right.entity_set}"
    if right.standing is Standing.RIGHT:
        return well(check, "yes")
    if right.verb == "write" and right.standing is Standing.UNKNOWN:
        return well(check, f"SAP does not tell without a real change: {right.why}")
    fix = f"let an administrator authorise {settings.user} for {right.entity_set} in SAP"
    flows = ", ".join(FLOWS.get(right.entity_set, ()))
    return sick(check, right.why, f"{fix}, or leave {flows} switched off" if flows else fix)


async def _sql(service: ServiceLayer) -> Finding:
    """Without SQL stock is read from the items, which is no trouble; batches are not read."""
    check = f"may read {SQL.entity_set}"
    try:
        await service.rows(SQL.entity_set, select=[SQL.key], page_size=1)
    except Transient:
        raise
    except BridgeError as exc:
        return well(
            check,
            f"no, so stock is read from the items, which is slower, and no batches are: {exc}",
        )
    return well(check, "yes")


def _is_told(right: Right) -> bool:
    """Tell each needed read, and each needed write that is not plainly there."""
    if right.verb == "read":
        return right.entity_set in _READ
    return right.entity_set in _WRITTEN and right.standing is not Standing.RIGHT


_READ = frozenset(need.entity_set for need in NEEDED)
_WRITTEN = frozenset(need.entity_set for need in NEEDED if need.write)

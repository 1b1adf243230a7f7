"""Each broken set-up gets a finding of its own, with its own way out."""

import asyncio

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.line import open_line
from b1bridge.connectors.sap_b1.doctor import LEAST, doctor
from b1bridge.connectors.sap_b1.rights import FLOWS, NEEDED
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.flows import discover

pytestmark = pytest.mark.anyio


def refusal(code, text, status):
    return httpx.Response(status, json={"error": {"code": code, "message": text}})


def wrong_password(script):
    script.login_answers = [refusal(-304, "Fail to get DB Credentials from SLD", 401)]


def no_licence(script):
    script.login_answers = [refusal(-1, "No valid license for this user", 401)]


def slow_login(script):
    script.login_answers = [httpx.ReadTimeout("timed out")]


def not_sap(script):
    script.to_strangers = httpx.Response(404, html="<title>404 Not Found</title>")


def nodes_down(script):
    script.to_strangers = httpx.Response(503, html="<title>503 Service Unavailable</title>")


def no_right(script):
    script.answers = [refusal(-1, "You are not permitted to perform this action", 403)]


async def diagnose(settings, http):
    return [finding async for finding in doctor(settings, http)]


async def sick_of(settings, http):
    return next(finding for finding in await diagnose(settings, http) if not finding.well)


async def test_a_well_connection_is_well_all_through(http, settings):
    found = await diagnose(settings, http)

    assert all(finding.well for finding in found)
    assert [finding.check for finding in found] == [
        "Service Layer",
        "login",
        "company",
        *(f"may read {need.entity_set}" for need in NEEDED),
        "may read SQLQueries",
        LEAST,
        "clock",
    ]


async def test_the_doctor_leaves_no_session_behind(script, http, settings):
    await diagnose(settings, http)

    assert script.calls["POST Logout"] == 1


@pytest.mark.parametrize(
    ("breakage", "check", "words", "fix"),
    [
        (wrong_password, "login", "-304", "letter by letter"),
        (no_licence, "login", "license", "licence"),
        (slow_login, "login", "no answer in time", "login_timeout"),
        (not_sap, "Service Layer", "404", "port is 50000"),
        (nodes_down, "Service Layer", "503", "start the Service Layer"),
        (no_right, "may read BusinessPartners", "not permitted", "authorise manager"),
    ],
)
async def test_each_trouble_behind_the_door_is_told_apart(
    script, http, settings, breakage, check, words, fix
):
    breakage(script)

    finding = await sick_of(settings, http)

    assert finding.check == check
    assert words in finding.message
    assert fix in finding.fix


def guarded(*refused):
    """Answer as a Service Layer whose user may not do some things: (method, set)."""
    missing = refusal(-2028, "No matching records found (ODBC -2028)", 404)

    def answer(request):
        name = request.url.path.rpartition("/")[2].partition("(")[0]
        if (request.method, name) in refused:
            return refusal(-1, "Sin permiso", 403)
        if request.method == "PATCH":
            return missing
        if "Superuser" in request.url.params.get("$select", ""):
            return httpx.Response(200, json={"value": [{"Superuser": "tYES"}]})
        return httpx.Response(200, json={"value": []})

    return answer


@pytest.fixture
async def rights(script, settings):
    """Return a way to diagnose a user who may not do some things."""

    async def diagnosis(*refused):
        answer = guarded(*refused)

        async def wire(request):
            first = await script(request)
            return (
                answer(request)
                if first.status_code == 200 and "Log" not in str(request.url)
                else first
            )

        transport = httpx.MockTransport(wire)
        async with httpx.AsyncClient(transport=transport, base_url=settings.url) as http:
            return {f.check: f for f in await diagnose(settings, http)}

    return diagnosis


async def test_a_write_that_is_refused_is_told_with_its_set(rights):
    found = await rights(("PATCH", "Orders"))

    assert [check for check, finding in found.items() if not finding.well] == ["may write Orders"]
    assert "Sin permiso" in found["may write Orders"].message
    assert "authorise manager for Orders" in found["may write Orders"].fix


async def test_a_set_that_only_some_flows_need_is_told_with_them(rights):
    found = await rights(("GET", "VendorPayments"), ("PATCH", "CreditNotes"))

    sick = {check: finding.fix for check, finding in found.items() if not finding.well}
    assert sorted(sick) == ["may read VendorPayments", "may write CreditNotes"]
    assert "or leave refund-to-credit-memo switched off" in sick["may read VendorPayments"]
    assert "order-to-invoice" in sick["may write CreditNotes"]


def test_rights_are_told_for_flows_that_exist():
    assert set().union(*FLOWS.values()) <= set(discover())


async def test_rights_that_nobody_needs_are_listed(rights):
    told = (await rights(("GET", "EmployeesInfo"), ("PATCH", "EmployeesInfo")))[LEAST].message

    assert "write Items" in told
    assert "read Users" in told
    assert "be superuser" in told
    assert "EmployeesInfo" not in told
    assert "write Orders" not in told


async def test_without_sql_the_connection_is_well_and_slower(rights):
    finding = (await rights(("GET", "SQLQueries")))["may read SQLQueries"]

    assert finding.well
    assert "slower" in finding.message


async def test_the_probes_change_nothing(world):
    before = world.company.query("BusinessPartners")
    zone = world.company.settings.time_zone
    given = Settings(**world.settings(), local_currency="EUR", time_zone=zone)

    async with httpx.AsyncClient(transport=world.transport(), base_url=given.url) as http:
        found = await diagnose(given, http)

    assert [finding.check for finding in found if not finding.well] == []
    assert world.company.query("BusinessPartners") == before


async def test_a_time_zone_behind_that_of_sap_is_found_out(world):
    given = Settings(**world.settings(), local_currency="EUR", time_zone="Pacific/Honolulu")

    async with httpx.AsyncClient(transport=world.transport(), base_url=given.url) as http:
        [finding] = [one for one in await diagnose(given, http) if not one.well]

    assert finding.check == "clock"
    assert "Pacific/Honolulu" in finding.message
    assert "time_zone" in finding.fix


async def on_the_network(url, **given):
    settings = Settings(url=url, company_db="A", user="b", password="c", **given)
    async with open_line(settings) as http:
        return await sick_of(settings, http)


async def test_a_wrong_host_a_closed_port_and_an_unknown_certificate_differ(tls_url, certificate):
    wrong_host = await on_the_network("https://no-such-host.invalid:50000")
    closed_port = await on_the_network("https://127.0.0.1:1")
    unknown = await on_the_network(tls_url)
    mispinned = await on_the_network(tls_url, certificate_sha256="AB" * 32)

    checks = [f.check for f in (wrong_host, closed_port, unknown, mispinned)]
    assert checks == ["DNS", "TCP", "TLS", "TLS"]
    assert certificate.fingerprint in unknown.fix
    assert certificate.fingerprint in mispinned.message
    fixes = {f.fix for f in (wrong_host, closed_port, unknown, mispinned)}
    assert len(fixes) == 4
    assert all(fixes)


async def test_a_server_that_listens_and_never_answers_is_told_apart():
    async def silence(_, writer):
        try:
            await asyncio.sleep(5)
        finally:
            writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        finding = await on_the_network(f"http://127.0.0.1:{port}", connect_timeout=0.2)
        server.close()

    assert finding.check == "Service Layer"
    assert "the line is open" in finding.message

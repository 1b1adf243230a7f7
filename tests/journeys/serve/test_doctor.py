"""Broken set-ups, each told apart from the others, each with its way out."""

import json
import socket

import pytest


@pytest.fixture
def doctor(typed, home):
    """Return a function that keeps a connection and returns what the doctor finds."""
    assert typed("init").exit_code == 0

    def look(connector, settings, **changed):
        file = home / "settings.json"
        file.write_text(json.dumps({**settings, **changed}))
        kept = typed("connect", connector, "it", "--settings", file, "--no-check")
        assert kept.exit_code == 0, kept.output
        shown = typed("doctor", "it", "--json")
        found = json.loads(shown.stdout)["it"]
        assert (shown.exit_code == 0) == all(finding["well"] for finding in found)
        return found

    return look


def sick(found):
    return [finding for finding in found if not finding["well"]]


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


def test_a_sap_that_is_well_is_found_well(sap, doctor):
    _, settings = sap

    found = doctor("sap-b1", settings)

    assert sick(found) == []
    assert {"login", "company", "may read Invoices"} <= {finding["check"] for finding in found}


def test_broken_set_ups_of_sap_give_different_messages_with_a_way_out_each(
    sap, encrypted_sap, shop, closed_port, doctor
):
    world, good = sap
    _, self_signed = encrypted_sap
    pinned_wrongly = {**self_signed, "certificate_sha256": "AB" * 32}

    first = {
        "host": doctor("sap-b1", good, url="https://no-such-host.invalid:50000"),
        "port": doctor("sap-b1", good, url=f"http://127.0.0.1:{closed_port}"),
        "certificate": doctor("sap-b1", self_signed),
        "pin": doctor("sap-b1", pinned_wrongly),
        "no TLS": doctor("sap-b1", good, url=good["url"].replace("http:", "https:")),
        "no Service Layer": doctor("sap-b1", good, url=shop.base_url),
        "password": doctor("sap-b1", good, password="wr0ng"),
    }
    world.refuse("Login", -1102, "Maximum number of licensed users reached", status=401)
    first["licence"] = doctor("sap-b1", good)
    world.refuse("Invoices", -5006, "The logged-on user does not have permission", status=403)
    first["permission"] = doctor("sap-b1", good)
    world.slow("Login", 3)
    first["slow login"] = doctor("sap-b1", good, login_timeout=0.3)

    told = {name: sick(found)[0] for name, found in first.items()}
    assert [name for name, finding in told.items() if not finding["fix"]] == []
    messages = {finding["message"] for finding in told.values()}
    assert len(messages) == len(told), told
    assert {name: finding["check"] for name, finding in told.items()} == {
        "host": "DNS",
        "port": "TCP",
        "certificate": "TLS",
        "pin": "TLS",
        "no TLS": "TLS",
        "no Service Layer": "Service Layer",
        "password": "login",
        "licence": "login",
        "permission": "may read Invoices",
        "slow login": "login",
    }


def test_a_wrong_company_is_named_among_the_ways_out(sap, doctor):
    _, settings = sap

    (finding,) = sick(doctor("sap-b1", settings, company_db="sbodemo"))

    # SAP answers a wrong company and a wrong password with one and the same -304.
    assert finding["check"] == "login"
    assert "company database letter by letter" in finding["fix"]
    assert "password" in finding["fix"]


def test_the_fingerprint_shown_is_the_one_that_opens_the_connection(
    encrypted_sap, certificate, doctor
):
    _, settings = encrypted_sap
    made, *_ = certificate
    (finding,) = sick(doctor("sap-b1", settings))
    assert made.fingerprint in finding["fix"]

    found = doctor("sap-b1", settings, certificate_sha256=made.fingerprint)

    assert sick(found) == []


def test_the_company_certificate_as_ca_file_opens_the_connection(
    encrypted_sap, certificate, doctor
):
    _, settings = encrypted_sap
    _, _, cert_file = certificate

    assert sick(doctor("sap-b1", settings, ca_file=cert_file)) == []


def test_one_missing_permission_does_not_hide_the_others(sap, doctor):
    world, settings = sap
    for entity_set in ("Orders", "IncomingPayments"):
        world.refuse(entity_set, -5006, "You are not permitted to perform this action", status=403)

    found = sick(doctor("sap-b1", settings))

    assert [finding["check"] for finding in found] == [
        "may read Orders",
        "may read IncomingPayments",
    ]


def test_broken_set_ups_of_a_shop_give_different_messages_with_a_way_out_each(shop, doctor):
    good = {**shop.settings(), "webhook_url": "https://hub.example/notices/it"}
    told = {
        "token": doctor("bigcommerce", good, access_token="wr0ng"),
        "store": doctor("bigcommerce", good, store_hash="other"),
        "host": doctor("bigcommerce", good, api_url="http://no-such-host.invalid"),
        "webhooks": doctor("bigcommerce", good),
    }
    shop.store.scopes_refused.add("orders")
    told["scope"] = doctor("bigcommerce", good)

    first = {name: sick(found)[0] for name, found in told.items()}
    assert all(finding["fix"] for finding in first.values())
    assert len({finding["message"] for finding in first.values()}) == len(first), first


def test_a_shop_that_is_only_polled_is_well_and_says_so(shop, typed, home):
    typed("init")
    file = home / "settings.json"
    file.write_text(json.dumps(shop.settings()))

    connected = typed("connect", "bigcommerce", "it", "--settings", file)

    assert connected.exit_code == 0, connected.output
    assert "polled only: notices are not set up" in connected.output

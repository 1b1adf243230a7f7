"""Tokens on the command line: shown once, listed without their texts, revoked by name."""

import json

import pytest

SCOPES = ("--scope", "orders:write", "--scope", "orders:read")


@pytest.fixture
def b1bridge(initialised):
    """Return the command line of a hub with one client company."""
    known = ("--set", "books=sap", "--no-check")
    done = initialised("connect", "rest", "api", *known)
    assert done.exit_code == 0, done.output
    return initialised


def create(b1bridge, name="webshop", *more):
    done = b1bridge("tokens", "create", name, "--for", "api", *SCOPES, *more)
    assert done.exit_code == 0, done.output
    return done


def test_standard_output_holds_the_token_and_nothing_else(b1bridge):
    done = create(b1bridge)

    assert done.stdout.startswith("b1b_")
    assert len(done.stdout.splitlines()) == 1
    assert "until it is revoked" in done.stderr
    assert done.stdout.strip() not in done.stderr


def test_programs_get_it_as_json(b1bridge):
    told = json.loads(create(b1bridge, "webshop", "--json", "--days", "90").stdout)

    assert told["token"].startswith(f"b1b_{told['id']}_")
    assert told["expires_at"]


def test_it_is_shown_this_once(b1bridge, home):
    secret = create(b1bridge).stdout.strip().split("_", 2)[2]

    shown = [
        b1bridge(*words).output
        for words in (["tokens", "list"], ["tokens", "list", "--json"], ["audit", "export"])
    ]
    kept = [path.read_bytes() for path in home.iterdir() if path.is_file()]

    assert "webshop" in shown[0]
    assert "orders:read orders:write" in shown[0]
    assert "made for api" in shown[2]
    assert secret not in "".join(shown)
    assert not any(secret.encode() in content for content in kept)


def test_a_revoked_token_is_listed_as_such(b1bridge):
    create(b1bridge)
    assert b1bridge("tokens", "revoke", "webshop").exit_code == 0

    assert "revoked" in b1bridge("tokens", "list").stdout
    again = b1bridge("tokens", "revoke", "webshop")
    assert again.exit_code == 2
    assert "tokens list" in again.stderr


def test_an_ended_token_is_listed_with_its_end(b1bridge):
    create(b1bridge, "webshop", "--days", "1")

    assert "good until 20" in b1bridge("tokens", "list").stdout


def test_a_scope_that_nobody_knows_is_answered_with_those_there_are(b1bridge):
    done = b1bridge("tokens", "create", "x", "--for", "api", "--scope", "orders:eat")

    assert done.exit_code == 2
    assert "orders:eat" in done.stderr
    assert "orders:write, orders:read, shipments:read" in done.stderr


def test_without_a_scope_the_names_of_all_are_in_the_help(b1bridge):
    assert b1bridge("tokens", "create", "x", "--for", "api").exit_code == 2

    shown = b1bridge("tokens", "create", "--help").stdout
    assert "codes:read" in shown


@pytest.mark.parametrize("connection", ["nowhere", "sap"])
def test_a_connection_without_clients_is_refused(b1bridge, connection):
    settings = ("--set", "url=http://127.0.0.1:1", "--set", "company_db=X", "--set", "user=u")
    assert b1bridge("connect", "sap-b1", "sap", *settings, "--no-check", typed="p\n").exit_code == 0
    done = b1bridge("tokens", "create", "x", "--for", connection, *SCOPES)

    assert done.exit_code == 2
    assert connection in done.stderr


def test_two_tokens_of_one_name_are_refused(b1bridge):
    create(b1bridge)
    done = b1bridge("tokens", "create", "webshop", "--for", "api", *SCOPES)

    assert done.exit_code == 2
    assert "in force already" in done.stderr
    assert done.stdout == ""


def test_an_empty_list_says_what_comes_next(b1bridge):
    assert "b1bridge tokens create" in b1bridge("tokens", "list").stdout

"""Connections are kept by typing; secrets go in and never come out again."""

import json

import pytest

SECRETS = {"access_token": "t0ken-7f3a", "client_secret": "s3cret-91bc"}

NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def connected(initialised):
    """Return the command line of a hub that knows one shop."""
    typed = "".join(f"{secret}\n" for secret in SECRETS.values())
    known = ("--set", "store_hash=abc", "--set", f"api_url={NOBODY}")
    done = initialised("connect", "bigcommerce", "shop", *known, "--no-check", typed=typed)
    assert done.exit_code == 0, done.output
    return initialised


def stored(b1bridge):
    (one,) = json.loads(b1bridge("connections", "--json").stdout)
    return one


def test_what_is_missing_is_asked_by_its_name(initialised):
    asked = initialised("connect", "bigcommerce", "new", "--no-check", typed="abc\ntoken\nsecret\n")

    assert asked.exit_code == 0
    for name in ("store_hash", "access_token", "client_secret"):
        assert f"{name} (" in asked.stdout


def test_no_secret_is_shown_or_kept_in_the_clear(connected, home):
    shown = [
        connected(*words).output
        for words in (["connections"], ["connections", "--json"], ["audit", "export"], ["status"])
    ]
    kept = [path.read_bytes() for path in home.iterdir() if path.is_file()]

    for secret in SECRETS.values():
        assert secret not in "".join(shown)
        assert not any(secret.encode() in content for content in kept)
    assert stored(connected)["secrets"] == sorted(SECRETS)


def test_a_change_keeps_the_other_settings_and_asks_for_the_secrets_again(connected):
    changed = connected(
        "connect",
        "bigcommerce",
        "shop",
        "--set",
        "webhook_url=https://hub.example/notices/shop",
        "--no-check",
        env={f"B1BRIDGE_{name.upper()}": secret for name, secret in SECRETS.items()},
    )

    assert changed.exit_code == 0, changed.output
    settings = stored(connected)["settings"]
    assert settings["store_hash"] == "abc"
    assert settings["webhook_url"] == "https://hub.example/notices/shop"


def test_nobody_at_the_keyboard_is_told_what_to_give(initialised):
    done = initialised("connect", "bigcommerce", "shop", "--set", "store_hash=abc", "--no-check")

    assert done.exit_code == 2
    assert "access_token is not given" in done.stderr
    assert "B1BRIDGE_ACCESS_TOKEN" in done.stderr
    assert initialised("connections", "--json").stdout == "[]\n"


def test_an_unknown_connector_is_answered_with_those_there_are(initialised):
    done = initialised("connect", "bigcomerce", "shop")

    assert done.exit_code == 2
    assert "bigcommerce, pipedrive, rest, sap-b1" in done.stderr


def test_a_name_that_is_taken_by_another_kind_is_refused(connected):
    done = connected("connect", "sap-b1", "shop", "--no-check")

    assert done.exit_code == 2
    assert "shop is a connection to bigcommerce" in done.stderr


@pytest.mark.usefixtures("initialised")
def test_the_key_file_is_readable_by_its_owner_only(home):
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700


def test_setting_up_twice_keeps_key_and_connections(connected, home):
    key = (home / "secret.key").read_bytes()

    again = connected("init")

    assert "secret.key was there" in again.stdout
    assert (home / "secret.key").read_bytes() == key
    assert stored(connected)["name"] == "shop"


def test_secrets_are_sealed_anew_with_the_newest_key(connected, home):
    old = (home / "secret.key").read_text()
    new = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    rotated = connected("secrets", "rotate", env={"B1BRIDGE_SECRET_KEY": f"{new},{old}"})
    assert "secrets of 1 connection sealed" in rotated.stdout

    with_new = connected("doctor", "shop", "--json", env={"B1BRIDGE_SECRET_KEY": new})
    with_old = connected("doctor", "shop", env={"B1BRIDGE_SECRET_KEY": old})
    assert json.loads(with_new.stdout)["shop"]
    assert "no key opens the stored secrets" in with_old.stderr
    assert with_old.exit_code == 2

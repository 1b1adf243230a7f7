"""What an operator may and may not type in."""

import pytest
from pydantic import ValidationError

from b1bridge.connectors.sap_b1.settings import Settings

LOGIN = {"company_db": "SBODEMO", "user": "manager", "password": "secret"}


def settings(**given):
    return Settings(**({"url": "https://sap.example:50000"} | LOGIN | given))


@pytest.mark.parametrize(
    "url",
    [
        "https://sap.example:50000",
        "https://sap.example:50000/",
        "https://sap.example:50000/b1s/v1",
        " https://sap.example:50000/b1s/v2/ ",
        "https://sap.example:50000/b1s/",
    ],
)
def test_the_address_is_understood_with_and_without_its_path(url):
    assert settings(url=url).service_root == "https://sap.example:50000/b1s/v2/"


def test_a_path_of_a_reverse_proxy_is_kept():
    root = settings(url="https://erp.example/sap/b1s/v1", version="v1").service_root

    assert root == "https://erp.example/sap/b1s/v1/"


@pytest.mark.parametrize(
    "url",
    [
        "sap.example:50000",
        "ftp://sap.example",
        "https://",
        "https://user:pw@sap.example",
        "https://a?b=c",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ValidationError):
        settings(url=url)


def test_a_password_never_crosses_a_network_in_clear():
    with pytest.raises(ValidationError, match="plain http"):
        settings(url="http://sap.example:50001")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_plain_http_is_fine_on_this_machine(host):
    assert settings(url=f"http://{host}:50001").host


def test_plain_http_can_be_allowed_on_purpose():
    assert not settings(url="http://sap.example:50001", allow_plain_http=True).is_encrypted


def test_a_ca_and_a_pin_exclude_each_other():
    with pytest.raises(ValidationError, match="not both"):
        settings(ca_file="ca.pem", certificate_sha256="AB" * 32)


@pytest.mark.parametrize("trust", [{"certificate_sha256": "AB" * 32}, {"ca_file": "ca.pem"}])
def test_a_certificate_is_not_awaited_on_a_line_that_shows_none(trust):
    with pytest.raises(ValidationError, match=r"plain http shows no certificate.*https://"):
        settings(url="http://127.0.0.1:50001", **trust)


def test_a_fingerprint_is_taken_as_browsers_show_it():
    shown = ":".join(["ab"] * 32)

    assert settings(certificate_sha256=shown).certificate_sha256 == "AB" * 32


def test_half_a_fingerprint_is_refused():
    with pytest.raises(ValidationError, match="64"):
        settings(certificate_sha256="AB:CD")


def test_an_unknown_time_zone_is_refused():
    with pytest.raises(ValidationError, match="IANA"):
        settings(time_zone="Berlin")


def test_the_password_is_not_shown():
    assert "secret" not in repr(settings())


def test_a_misspelt_setting_is_noticed():
    with pytest.raises(ValidationError):
        settings(verify=False)

"""Whom we believe to be the company's SAP: never just anybody."""

import pytest
from pydantic import ValidationError

from b1bridge.connectors.sap_b1.client.line import open_line
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.errors import ConnectionBroken, Transient
from b1bridge.sdk.http import exchange

pytestmark = pytest.mark.anyio


def settings(url, **given):
    return Settings(url=url, company_db="A", user="b", password="c", **given)


async def ask(settings):
    async with open_line(settings) as http:
        return await exchange(http, http.build_request("GET", "Items"), system="SAP B1")


async def test_a_stranger_is_not_believed(tls_url):
    with pytest.raises(ConnectionBroken, match="not trusted"):
        await ask(settings(tls_url))


async def test_the_companys_own_ca_is_believed(tls_url, certificate):
    reply = await ask(settings(tls_url, ca_file=certificate.file))

    assert reply.status_code == 401


async def test_exactly_the_pinned_certificate_is_believed(tls_url, certificate):
    reply = await ask(settings(tls_url, certificate_sha256=certificate.fingerprint))

    assert reply.status_code == 401


async def test_another_certificate_than_the_pinned_one_is_shown_and_not_believed(
    tls_url, certificate
):
    with pytest.raises(ConnectionBroken) as caught:
        await ask(settings(tls_url, certificate_sha256="AB" * 32))

    assert certificate.fingerprint in str(caught.value)


async def test_anybody_is_believed_only_by_a_client_that_was_told_to(tls_url):
    told = ClientSettings(
        url=tls_url, company_db="A", user="b", password="c", trust_any_certificate=True
    )

    assert (await ask(told)).status_code == 401


async def test_the_hub_is_never_told_to_believe_anybody():
    with pytest.raises(ValidationError, match="pin a self-signed one"):
        settings("https://sap.test", trust_any_certificate=True)


async def test_one_certificate_and_any_exclude_each_other():
    with pytest.raises(ValidationError, match="not both"):
        ClientSettings(url="https://sap.test", trust_any_certificate=True, ca_file="ca.pem")


async def test_a_pinned_server_that_is_away_is_worth_another_try(tls_url):
    away = tls_url.rpartition(":")[0] + ":1"

    with pytest.raises(Transient):
        await ask(settings(away, certificate_sha256="AB" * 32))


def test_a_ca_file_that_is_not_there_is_named():
    with pytest.raises(ConnectionBroken, match=r"nowhere\.pem"):
        open_line(settings("https://sap.test", ca_file="nowhere.pem"))

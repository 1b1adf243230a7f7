"""The command line and one real server over TLS."""

import re
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest
from typer.testing import CliRunner

from b1sim.cli import main

COMMAND = [sys.executable, "-c", "from b1sim.cli import main; main()"]


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def certificate(tmp_path):
    return tmp_path / "b1sim.crt"


@contextmanager
def served(port, *options):
    """Serve a company in a process of its own; yield what it announced, and the process."""
    command = [*COMMAND, "serve", "--port", str(port), "--control", *options]
    with subprocess.Popen(  # noqa: S603  our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        announced = [process.stdout.readline() for _ in range(4 if "none" in options else 5)]
        yield announced, process
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


@pytest.fixture
def server(port, certificate):
    """A company served with a certificate of its own."""
    with served(port, "--cert-out", str(certificate)) as (announced, process):
        yield announced, process


def partners(port, *, add=None):
    """Count the partners of a served company, after adding one."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        if add is not None:
            client.post("/control/clerk/add_partner", json={"code": add})
        return client.get("/control/state").json()["records"]["BusinessPartners"]


@pytest.mark.slow
def test_a_company_file_is_kept_until_a_fresh_one_is_asked_for(port, tmp_path):
    options = ("--tls", "none", "--data", str(tmp_path / "company.db"))

    with served(port, *options):
        first = partners(port, add="NEW-1")
    with served(port, *options):
        kept = partners(port)
    with served(port, *options, "--fresh"):
        fresh = partners(port)

    assert first == kept == fresh + 1


def test_a_file_that_is_no_company_ends_with_one_clear_line(port, tmp_path):
    (tmp_path / "notes.txt").write_text("this is no database, however long it may be" * 100)

    result = CliRunner().invoke(
        main, ["serve", "--port", str(port), "--data", str(tmp_path / "notes.txt")]
    )

    assert result.exit_code == 1
    assert "cannot be opened as a company" in result.output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--latency", "fast"], "none, published"),
        (["--latency", "published/0"], "none, published"),
        (["--nodes", "0"], "nodes"),
        (["--oauth-client", "no-secret"], "ID:SECRET"),
    ],
)
def test_an_option_that_makes_no_sense_is_explained(options, says, port):
    result = CliRunner().invoke(main, ["serve", "--port", str(port), *options])

    assert result.exit_code == 2
    assert says in result.output


@pytest.mark.slow
def test_nodes_latency_and_tokens_are_asked_for_on_the_command_line(port):
    options = ("--nodes", "3", "--latency", "published/100", "--oauth-client", "hub:secret")
    form = {"grant_type": "client_credentials", "client_id": "hub", "client_secret": "secret"}

    with (
        served(port, "--tls", "none", *options),
        httpx.Client(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        issued = client.post("/auth/realms/sapb1/protocol/openid-connect/token", data=form)
        token = {
            "Authorization": f"Bearer {issued.json()['access_token']}",
            "X-b1-companyid": "1",
        }
        reply = client.get("/b1s/v2/Orders/$count", headers=token)
        state = client.get("/control/state").json()

    assert reply.status_code == 200
    assert [node["requests"] for node in state["nodes"]] == [1, 0, 0]


def test_help_names_the_command():
    result = CliRunner().invoke(main, ["--help"])

    assert result.exit_code == 0
    assert "serve" in result.output


def test_a_taken_port_ends_with_one_clear_line(port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        result = CliRunner().invoke(main, ["serve", "--port", str(port), "--tls", "none"])

    assert result.exit_code == 1
    assert f"127.0.0.1:{port} is taken; choose another with --port" in result.output


@pytest.mark.slow
def test_a_plain_client_trusts_the_certificate_and_loses_a_reply(server, port, certificate):
    announced, process = server
    context = ssl.create_default_context(cafile=str(certificate))
    company, user, password = (line.split()[-1] for line in announced[1:4])
    login = {"CompanyDB": company, "UserName": user, "Password": password}

    with httpx.Client(base_url=f"https://localhost:{port}", verify=context) as client:
        logged_in = client.post("/b1s/v2/Login", json=login)
        partner = {"CardCode": "X-1", "CardName": "Lost", "CardType": "cCustomer"}
        client.post("/control/faults", json={"what": "hang_up", "when": "after", "method": "POST"})
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/b1s/v2/BusinessPartners", json=partner)
        found = client.get("/b1s/v2/BusinessPartners('X-1')?$select=CardCode")
        whole = client.get("/b1s/v2/BusinessPartners('X-1')")
        items = client.get("/b1s/v2/Items?$top=2")
        process.send_signal(signal.SIGINT)
        ended = process.wait(timeout=20)

    assert re.search(r"SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}", announced[4])
    session = logged_in.json()["SessionId"].encode()
    assert (b"Set-Cookie", b"B1SESSION=" + session + b";HttpOnly;") in (logged_in.headers.raw)
    assert found.json()["CardCode"] == "X-1"
    assert len(items.json()["value"]) == 2
    assert items.headers["Transfer-Encoding"] == "chunked"
    assert whole.headers["Server"].startswith("Apache/2.4")
    assert ended == 0
    assert process.stderr.read() == ""

"""The recorder between two real ports, ended by Ctrl-C, and a comparison with a running b1sim."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from typer.testing import CliRunner

from b1sim.cli import main
from b1sim.recording.exchange import read_recording

COMMAND = [sys.executable, "-c", "from b1sim.cli import main; main()"]
LOGIN = {"CompanyDB": "SBODEMO", "UserName": "manager", "Password": "b1sim"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(*arguments):
    """Run a command of b1sim in a process of its own, and end it as Ctrl-C does."""
    with subprocess.Popen(  # noqa: S603  our own program
        [*COMMAND, *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        process.stdout.readline()
        yield process
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


@pytest.fixture
def recording(tmp_path):
    return tmp_path / "recording.jsonl"


@pytest.mark.slow
def test_recorded_over_tls_and_compared_with_a_running_b1sim(recording):
    served, recorder = free_port(), free_port()
    upstream = f"https://127.0.0.1:{served}"
    with ExitStack() as stack:
        stack.enter_context(running("serve", "--port", str(served), "--control"))
        options = ("--upstream", upstream, "--insecure", "--out", str(recording))
        proxy = stack.enter_context(running("record", "--port", str(recorder), *options))
        client = stack.enter_context(
            httpx.Client(base_url=f"https://127.0.0.1:{recorder}", verify=False)  # noqa: S501
        )
        client.post("/b1s/v2/Login", json=LOGIN)
        items = client.get("/b1s/v2/Items?$top=3")
        client.get("/b1s/v2/BusinessPartners?$select=CardCode,CardName")
        client.post("/b1s/v2/Orders", json={"CardCode": "C20000", "DocumentLines": []})
        proxy.send_signal(signal.SIGINT)
        proxy.wait(timeout=20)
        said = proxy.stdout.read()
        compared = CliRunner().invoke(
            main, ["compare", str(recording), "--url", upstream, "--insecure", "--json"]
        )
    _, exchanges = read_recording(recording)

    assert len(items.json()["value"]) == 3
    assert items.headers["Transfer-Encoding"] == "chunked"
    assert proxy.returncode == 0
    assert "4 exchanges" in said
    assert len(exchanges) == 4
    assert compared.exit_code in {0, 1}, compared.output
    found = json.loads(compared.stdout)["differences"]
    # What the answers name was hidden, so the refusal of an unknown partner may come first.
    assert [f for f in found if "Orders" not in f["endpoint"]] == []


@pytest.mark.slow
def test_a_request_that_ctrl_c_cuts_short_is_in_the_file(recording):
    served, recorder = free_port(), free_port()
    options = ("--tls", "none", "--upstream", f"http://127.0.0.1:{served}", "--out", str(recording))
    with (
        running("serve", "--port", str(served), "--tls", "none", "--latency", "published"),
        running("record", "--port", str(recorder), *options) as proxy,
    ):
        with pytest.raises(httpx.HTTPError):
            httpx.post(f"http://127.0.0.1:{recorder}/b1s/v2/Login", json=LOGIN, timeout=1)
        proxy.send_signal(signal.SIGINT)
        proxy.wait(timeout=20)
    _, exchanges = read_recording(recording)

    assert [exchange.target for exchange in exchanges] == ["/b1s/v2/Login"]


@pytest.mark.parametrize(
    "options",
    [
        ["--upstream", "sap:50000"],
        ["--upstream", "https://sap:50000/b1s/v2"],
        ["--upstream", "https://sap:50000", "--ca", __file__],
    ],
)
def test_an_upstream_that_cannot_be_one_is_explained(recording, options):
    result = CliRunner().invoke(main, ["record", "--out", str(recording), *options])

    assert result.exit_code == 2
    assert not recording.exists()


@pytest.mark.parametrize("command", ["record", "compare"])
def test_a_server_that_is_not_there_ends_with_one_clear_line(recording, command):
    origin = f"https://127.0.0.1:{free_port()}"
    head = '{"b1sim_recording": 1, "scheme": "https", "began": "2026-11-20T10:00:00Z"}\n'
    if command == "record":
        options = ["--upstream", origin, "--out", str(recording), "--port", str(free_port())]
    else:
        recording.write_text(head)
        options = [str(recording), "--url", origin]

    result = CliRunner().invoke(main, [command, *options, "--insecure"])

    assert result.exit_code == 1
    assert "shows no certificate" in result.output


def test_an_existing_file_is_never_overwritten(recording):
    recording.write_text("precious")
    options = ["--upstream", "https://sap:50000", "--port", str(free_port())]

    result = CliRunner().invoke(main, ["record", "--out", str(recording), *options])

    assert result.exit_code == 1
    assert recording.read_text() == "precious"

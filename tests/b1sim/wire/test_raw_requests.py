"""Requests as they stand on the wire, which no HTTP library for Python would send."""

import socket
import threading
import time

import pytest

from b1sim.quirks.server import server_for
from b1sim.world import World

PING = "HTTP/1.1\r\nHost: sap\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def port():
    """The port of a served company, without TLS."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    with World(seed=False) as world:
        server = server_for(world.app, "127.0.0.1", number, announce=lambda: None)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield number
        server.should_exit = True
        thread.join(timeout=10)


def answer(port, request):
    """Send bytes and read until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request.encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


def test_an_address_may_hold_letters_that_are_not_escaped(port):
    reply = answer(port, f"GET /b1s/v2/Items('Käse')?$filter=ItemName%20eq%20'Öl' {PING}")

    assert reply.startswith("HTTP/1.1 401 ")
    assert "Basic realm=/b1s/v2/Items('K%C3%A4se')" in reply


def test_a_request_line_may_name_the_whole_url(port):
    reply = answer(port, f"GET http://sap:50000/b1s/v2/Items {PING}")

    assert reply.startswith("HTTP/1.1 401 ")


@pytest.mark.parametrize(
    "request_",
    [
        "GET /b1s/v2/Items HTTP/1.1\r\n\r\n",
        f"GET /b1s/v2/Items?$filter=a eq 1 {PING}",
        "hey\r\n\r\n",
    ],
    ids=["no host", "blanks", "no http"],
)
def test_what_is_no_http_gets_apaches_page(port, request_):
    reply = answer(port, request_)

    assert reply.startswith("HTTP/1.1 400 Bad Request\r\n")
    assert "Server: Apache" in reply
    assert "<title>400 Bad Request</title>" in reply


def test_an_old_client_is_not_promised_a_connection_that_stays(port):
    reply = answer(port, "GET /ping HTTP/1.0\r\n\r\n")

    assert '"message":"pong"' in reply
    assert "Keep-Alive" not in reply

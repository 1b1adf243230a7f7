"""Every block of the page about the API runs as it stands, from nothing to a shipment."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "use-the-api.md"
LONGEST = 300


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return str(sock.getsockname()[1])


def script(tmp_path):
    """Put the blocks into one script, on ports that nobody has taken."""
    python = tmp_path / "client.py"
    # Each block of the shell is followed by a line that tells its answers apart.
    shell = "\necho; echo ----\n".join([*blocks("bash"), f'"{sys.executable}" "{python}"'])
    b1sim, hub = free_port(), free_port()
    python.write_text("\n".join(blocks("python")).replace("8080", hub))
    shell = shell.replace("b1sim serve", f"b1sim serve --port {b1sim}").replace("50000", b1sim)
    return shell.replace("b1bridge serve", f"b1bridge serve --port {hub}").replace("8080", hub)


@pytest.fixture
def said(tmp_path):
    """Run the page as a newcomer would and return what each of its parts printed."""
    bin_ = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{bin_}:{os.environ['PATH']}",
        "B1BRIDGE_HOME": str(tmp_path / "home"),
    }
    out, errors = tmp_path / "out", tmp_path / "errors"
    with out.open("w") as stdout, errors.open("w") as stderr:
        running = subprocess.Popen(  # noqa: S603 - the page is our own
            ["bash", "-euo", "pipefail", "-c", script(tmp_path)],  # noqa: S607
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=environment,
            cwd=tmp_path,
            start_new_session=True,
        )
        try:
            ended = running.wait(timeout=LONGEST)
        finally:
            # What the page has put into the background lives in the same session.
            os.killpg(running.pid, signal.SIGKILL)
    assert ended == 0, f"{out.read_text()}\n{errors.read_text()}"
    return out.read_text().split("----\n")


def documents_in(text):
    """Return the JSON documents that a part printed one after the other."""
    reader, found = json.JSONDecoder(), []
    while (at := text.find("{")) >= 0:
        document, length = reader.raw_decode(text[at:])
        found.append(document)
        text = text[at + length :]
    return found


def test_the_page_leads_from_nothing_to_a_shipment(said):
    _, order, codes, shipment, python, *_ = said

    info, posted = documents_in(order)
    assert info["books_reachable"]
    assert (posted["state"], posted["documents"][0]["kind"]) == ("posted", "sales order")
    freight, taxes = documents_in(codes)
    assert "Shipping" in {code["name"] for code in freight["codes"]}
    assert "A19" in {code["code"] for code in taxes["codes"]}
    [delivered] = [d for d in documents_in(shipment) if "shipments" in d]
    [row] = delivered["shipments"]
    assert row["tracking"] == ["JD0146000021"]
    *told, price, free, shipped, added = python.splitlines()
    entered, conflict, queued, state, *refusals, mended, changed, cancelled = told
    assert entered.startswith("201 [{'kind': 'sales order'")
    assert (conflict, queued) == (
        "409 urn:b1bridge:problem:order-exists",
        "202 /v1/orders/WEB-1003",
    )
    assert state in {"accepted", "posted"}
    assert all(one.startswith("422 /lines/0") for one in refusals[:-1])
    assert refusals[-1].startswith("422 MISSING_ITEM create the items")
    assert (mended, changed, cancelled) == ("200 posted", "posted 3", "200 cancelled")
    assert price.endswith(" EUR net")
    assert free.startswith("BAG-AUE1 ")
    assert shipped == "BAG-AUE1 2 [] []"
    assert added.startswith("201 ")

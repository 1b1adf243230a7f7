"""The simulated SAP of a demo: its process, its control door, and what it was asked to write."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Mapping

import httpx

from b1bridge.demo.processes import Child, Family
from b1bridge.demo.settings import DemoSettings, Places

COMPANY = "SBODEMO"
USER = "manager"
PASSWORD = "b1sim"  # noqa: S105 - the simulator's published password
_WRITES = ("POST", "PATCH", "PUT", "DELETE")
# Sessions are no books, and a stored query is listed by POST.
_NO_BOOKS = {"POST Login", "POST Logout", "POST SQLQueries"}


def start_sap(family: Family, settings: DemoSettings, places: Places) -> Child:
    """Serve the company file over TLS, with the control door open."""
    arguments = [
        "serve", "--port", str(places.sap_port), "--data", str(places.company), "--control",
        "--latency", settings.latency, "--cert-out", str(places.certificate),
    ]  # fmt: skip
    return family.start("sap", "b1sim", arguments)


def fingerprint_of(places: Places) -> str:
    """Return what to pin of the certificate that b1sim shows."""
    pem = places.certificate.read_text(encoding="ascii")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def trusting(places: Places) -> ssl.SSLContext:
    """Trust that certificate and no other."""
    return ssl.create_default_context(cafile=str(places.certificate))


def sap_control(places: Places) -> httpx.AsyncClient:
    """Open b1sim's control door over the TLS that it serves everything with."""
    url = f"{places.sap_url}/control"
    return httpx.AsyncClient(base_url=url, verify=trusting(places), timeout=60)


async def send_sap_away(places: Places, seconds: float) -> None:
    """Let SAP answer nothing but 503 for so long."""
    async with sap_control(places) as control:
        away: Mapping[str, object] = {"seconds": seconds, "mode": "503"}
        (await control.post("away", json=away)).raise_for_status()


async def writes_of_sap(places: Places) -> int:
    """Count the writes SAP was ever asked for, and the records it holds."""
    async with sap_control(places) as control:
        reply = await control.get("state")
    reply.raise_for_status()
    state = reply.json()
    asked = sum(
        number
        for request, number in state["requests"].items()
        if request.startswith(_WRITES) and request not in _NO_BOOKS
    )
    held: int = sum(state["records"].values())
    return int(asked) + held

"""`b1sim record`: the recording proxy on a port."""

import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer
from starlette.applications import Starlette

from b1sim.certificate import Certificate
from b1sim.listening import Tls, check_port, listen
from b1sim.recording.proxy import Recorder
from b1sim.recording.pseudonyms import Pseudonyms
from b1sim.recording.redaction import Redaction
from b1sim.recording.tape import Tape
from b1sim.trusting import trusted

# A document of many lines takes minutes on a busy company (sap-service-layer.md 10).
_TIMEOUT = httpx.Timeout(10, read=600, write=600, pool=None)
# The balancer closes an idle line after 5 seconds (1); a line is not reused so late.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=3)


def record(  # noqa: PLR0913  one option each
    *,
    upstream: Annotated[
        str, typer.Option(help="The real Service Layer, such as https://sap:50000.")
    ],
    out: Annotated[Path, typer.Option(help="File to write; it must not exist yet.")] = Path(
        "service-layer.jsonl"
    ),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port for the clients.")] = 50001,
    tls: Annotated[Tls, typer.Option(help="Certificate of that port.")] = Tls.SELF_SIGNED,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Trust the certificate that it shows at the start.")
    ] = False,
    ca: Annotated[
        Path | None,
        typer.Option(exists=True, help="Certificate that the Service Layer's is signed with."),
    ] = None,
    hide_amounts: Annotated[
        bool, typer.Option("--hide-amounts", help="Hide prices, totals and quantities too.")
    ] = False,
    cert_out: Annotated[
        Path | None, typer.Option(help="Write the certificate here, for clients to trust.")
    ] = None,
) -> None:
    """Stand in front of a real Service Layer and write redacted exchanges until Ctrl-C.

    Passwords, sessions, tokens, names and free text never reach the file; keys and document
    numbers become others of the same shape, the same each time.
    """
    origin = _origin(upstream)
    check_port(host, port)
    verify = trusted(origin, ca, insecure=insecure)
    tape = _tape(out, origin, hide_amounts=hide_amounts)

    def announce(listening: str, certificate: Certificate | None) -> None:
        typer.echo(f"Recording      {origin} into {out}")
        typer.echo(f"Point clients  at {listening}/b1s/v1 and /b1s/v2; Ctrl-C ends")
        if certificate is not None:
            typer.echo(f"Certificate    SHA-256 {certificate.fingerprint}")

    try:
        listen(recorder_app(origin, tape, verify), host, port, tls, announce, cert_out)
    finally:
        tape.close()
        typer.echo(f"{tape.written} exchanges are in {out}")


def recorder_app(upstream: str, tape: Tape, verify: ssl.SSLContext) -> Starlette:
    """Build the proxy's application; its line to Service Layer lives as long as it runs."""
    line = httpx.AsyncClient(verify=verify, timeout=_TIMEOUT, limits=_LIMITS, trust_env=False)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with line:
            yield

    app = Starlette(lifespan=lifespan)
    # Starlette's own routes know no line ends in a path, and a key may have one.
    app.router.default = Recorder(upstream, line, tape, _utc_now)
    return app


def _origin(upstream: str) -> str:
    try:
        url = httpx.URL(upstream)
    except httpx.InvalidURL as error:
        raise typer.BadParameter(str(error), param_hint="--upstream") from error
    if url.scheme not in {"http", "https"} or not url.host or url.path.strip("/"):
        msg = f"{upstream} is no origin such as https://sap:50000 (without /b1s)"
        raise typer.BadParameter(msg, param_hint="--upstream")
    return f"{url.scheme}://{url.netloc.decode()}"


def _tape(out: Path, origin: str, *, hide_amounts: bool) -> Tape:
    redaction = Redaction(Pseudonyms(secrets.token_bytes(32)), hide_amounts=hide_amounts)
    scheme = origin.partition(":")[0]
    try:
        return Tape.begin(out, redaction, scheme=scheme, now=_utc_now(), hides=hide_amounts)
    except OSError as error:
        typer.echo(f"{out} cannot be written anew: {error.strerror}; choose another", err=True)
        raise typer.Exit(1) from error


def _utc_now() -> datetime:
    return datetime.now(UTC)

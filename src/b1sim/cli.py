"""The command line: `b1sim serve` opens a company and speaks Service Layer for it."""

import errno
import socket
import sqlite3
import tempfile
from contextlib import suppress
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from starlette.applications import Starlette

from b1sim.app import create_app
from b1sim.certificate import Certificate, self_signed
from b1sim.company.company import Company
from b1sim.odata.wire_quirks import WireQuirks
from b1sim.quirks.server import server_for

main = typer.Typer(
    name="b1sim",
    help="A Service Layer for SAP Business One that needs no SAP.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Tls(StrEnum):
    """How the port is protected."""

    SELF_SIGNED = "self-signed"
    NONE = "none"


class Latency(StrEnum):
    """How long answers take."""

    NONE = "none"
    PUBLISHED = "published"


@main.callback()
def b1sim() -> None:
    """Simulate SAP Business One's Service Layer."""


@main.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; SAP's balancer has 50000.")] = 50000,
    tls: Annotated[Tls, typer.Option(help="Certificate of the port.")] = Tls.SELF_SIGNED,
    data: Annotated[
        Path | None, typer.Option(help="File of the company; without it all is in memory.")
    ] = None,
    control: Annotated[
        bool, typer.Option("--control", help="Offer /control: faults, counts, clerk verbs.")
    ] = False,
    latency: Annotated[
        Latency, typer.Option(help="Answer at once, or as slowly as SAP published.")
    ] = Latency.NONE,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Delete the company file first and seed a new one.")
    ] = False,
    cert_out: Annotated[
        Path | None, typer.Option(help="Write the certificate here, for clients to trust.")
    ] = None,
) -> None:
    """Serve one company until Ctrl-C."""
    _check_port(host, port)
    company = _open(data, fresh=fresh)
    quirks = WireQuirks(latency=latency.value)
    app = create_app(company, quirks=quirks, control=control)
    try:
        _run(
            app,
            company,
            host,
            port,
            self_signed(host) if tls is Tls.SELF_SIGNED else None,
            cert_out,
        )
    finally:
        company.close()


def _open(data: Path | None, *, fresh: bool) -> Company:
    if data is not None and fresh:
        for path in (data, Path(f"{data}-wal"), Path(f"{data}-shm")):
            path.unlink(missing_ok=True)
    try:
        return Company.open(data)
    except sqlite3.Error as error:
        typer.echo(f"{data} cannot be opened as a company: {error}", err=True)
        raise typer.Exit(1) from error


def _check_port(host: str, port: int) -> None:
    """End with one clear line when the port is taken or forbidden."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
            typer.echo(f"{host}:{port} {reason}; choose another with --port", err=True)
            raise typer.Exit(1) from error


def _run(
    app: Starlette,
    company: Company,
    host: str,
    port: int,
    certificate: Certificate | None,
    cert_out: Path | None,
) -> None:
    if certificate is not None and cert_out is not None:
        cert_out.write_bytes(certificate.certificate)
    announce = partial(_announce, company, host, port, certificate)
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        files = None if certificate is None else certificate.write(Path(folder))
        server_for(app, host, port, announce=announce, files=files).run()


def _announce(company: Company, host: str, port: int, certificate: Certificate | None) -> None:
    scheme = "http" if certificate is None else "https"
    user, password = next(iter(company.settings.users.items()))
    typer.echo(f"Service Layer  {scheme}://{host}:{port}/b1s/v1 and /b1s/v2")
    typer.echo(f"Company        {company.settings.name}")
    typer.echo(f"User           {user}")
    typer.echo(f"Password       {password}")
    if certificate is not None:
        typer.echo(f"Certificate    SHA-256 {certificate.fingerprint}")

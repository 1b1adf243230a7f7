"""Listens on a port for a command: checks it first, protects it, and runs until Ctrl-C."""

import errno
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import typer
from starlette.applications import Starlette

from b1sim.certificate import Certificate, self_signed
from b1sim.quirks.server import server_for


class Tls(StrEnum):
    """How the port is protected."""

    SELF_SIGNED = "self-signed"
    NONE = "none"


Announce = Callable[[str, Certificate | None], None]


def check_port(host: str, port: int) -> None:
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


def listen(
    app: Starlette,
    host: str,
    port: int,
    tls: Tls,
    announce: Announce,
    cert_out: Path | None = None,
) -> None:
    """Serve until Ctrl-C; `announce` is told the origin and the certificate once it listens."""
    certificate = self_signed(host) if tls is Tls.SELF_SIGNED else None
    if certificate is not None and cert_out is not None:
        cert_out.write_bytes(certificate.certificate)
    scheme = "http" if certificate is None else "https"
    origin = f"{scheme}://{host}:{port}"
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        files = None if certificate is None else certificate.write(Path(folder))
        server_for(
            app, host, port, announce=lambda: announce(origin, certificate), files=files
        ).run()

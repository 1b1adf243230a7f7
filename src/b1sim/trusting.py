"""Which certificate of another server a command trusts: a given one, or the one it shows now."""

import ssl
from pathlib import Path

import httpx
import typer

_SECONDS = 10


def trusted(origin: str, ca: Path | None, *, insecure: bool) -> ssl.SSLContext:
    """Trust a CA file, or the system's; with `insecure` exactly what the server shows at start.

    Self-signed certificates are the norm (sap-service-layer.md 1). A line is still verified: a
    server that changes its certificate meanwhile is not trusted.
    """
    url = httpx.URL(origin)
    if insecure and url.scheme == "https":
        return _pinned(url)
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        msg = f"{ca} is no certificate in PEM: {error}"
        raise typer.BadParameter(msg, param_hint="--ca") from error


def _pinned(url: httpx.URL) -> ssl.SSLContext:
    try:
        shown = ssl.get_server_certificate((url.host, url.port or 443), timeout=_SECONDS)
        context = ssl.create_default_context(cadata=shown)
    except (OSError, ssl.SSLError) as error:
        typer.echo(f"{url} shows no certificate: {error}", err=True)
        raise typer.Exit(1) from error
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context

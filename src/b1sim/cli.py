"""The command line: `b1sim serve` opens a company and speaks Service Layer for it."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from b1sim.app import create_app
from b1sim.certificate import Certificate
from b1sim.company.company import Company
from b1sim.grow import grow_file
from b1sim.listening import Tls, check_port, listen
from b1sim.odata.bearer import TOKEN_PATH, Iam, OauthClient
from b1sim.odata.wire_quirks import WireQuirks
from b1sim.openapi.openapi_command import openapi
from b1sim.quirks.clock import MovableClock
from b1sim.quirks.latency import factor_of
from b1sim.recording.comparing_command import compare
from b1sim.recording.recording_command import record

main = typer.Typer(
    name="b1sim",
    help="A Service Layer for SAP Business One that needs no SAP.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _latency(profile: str) -> str:
    try:
        factor_of(profile)
    except ValueError as error:
        msg = f"{profile} is none of: none, published, published/100, 0.01"
        raise typer.BadParameter(msg) from error
    return profile


def _iam(client: str, user: str, *, login: bool) -> Iam | None:
    if not client:
        return None
    client_id, _, secret = client.partition(":")
    if not (client_id and secret):
        msg = "an OAuth client is given as ID:SECRET"
        raise typer.BadParameter(msg)
    return Iam({client_id: OauthClient(secret, user)}, classic_login=login)


@main.callback()
def b1sim() -> None:
    """Simulate SAP Business One's Service Layer."""


@main.command()
def serve(  # noqa: PLR0913  one option each
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
    nodes: Annotated[
        int, typer.Option(min=1, max=64, help="Nodes behind the balancer; a session lives on one.")
    ] = 1,
    latency: Annotated[
        str,
        typer.Option(
            callback=_latency,
            help="none; published: as slow as SAP's table; published/100 or 0.01: scaled.",
        ),
    ] = "none",
    seed: Annotated[int, typer.Option(help="The same seed draws the same latencies.")] = 0,
    sessions_per_user: Annotated[
        int | None, typer.Option(min=0, help="Sessions that one user may hold; else any number.")
    ] = None,
    licences: Annotated[
        int | None, typer.Option(min=0, help="Users who may be logged in; else any number.")
    ] = None,
    oauth_client: Annotated[
        str,
        typer.Option(
            metavar="ID:SECRET",
            help="Issue bearer tokens to this client; they speak for the company's first user.",
        ),
    ] = "",
    login: Annotated[
        bool, typer.Option(help="With an OAuth client: whether Login works beside it.")
    ] = True,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Delete the company file first and seed a new one.")
    ] = False,
    cert_out: Annotated[
        Path | None, typer.Option(help="Write the certificate here, for clients to trust.")
    ] = None,
) -> None:
    """Serve one company until Ctrl-C."""
    check_port(host, port)
    clock = MovableClock()
    company = _open(data, clock, fresh=fresh)
    quirks = WireQuirks(
        latency=latency, seed=seed, sessions_per_user=sessions_per_user, licences=licences
    )
    iam = _iam(oauth_client, next(iter(company.settings.users)), login=login)
    app = create_app(company, quirks=quirks, control=control, clock=clock, nodes=nodes, iam=iam)
    try:
        listen(app, host, port, tls, partial(_announce, company, iam), cert_out)
    finally:
        company.close()


def _open(data: Path | None, clock: MovableClock, *, fresh: bool) -> Company:
    if data is not None and fresh:
        for path in (data, Path(f"{data}-wal"), Path(f"{data}-shm")):
            path.unlink(missing_ok=True)
    try:
        return Company.open(data, clock=clock)
    except sqlite3.Error as error:
        typer.echo(f"{data} cannot be opened as a company: {error}", err=True)
        raise typer.Exit(1) from error


def _announce(
    company: Company, iam: Iam | None, origin: str, certificate: Certificate | None
) -> None:
    user, password = next(iter(company.settings.users.items()))
    typer.echo(f"Service Layer  {origin}/b1s/v1 and /b1s/v2")
    typer.echo(f"Company        {company.settings.name}")
    typer.echo(f"User           {user}")
    typer.echo(f"Password       {password}")
    if iam is not None:
        typer.echo(f"Tokens         {origin}{TOKEN_PATH} (X-b1-companyid: {iam.company_id})")
    if certificate is not None:
        typer.echo(f"Certificate    SHA-256 {certificate.fingerprint}")


main.command()(record)
main.command()(openapi)
main.command("grow")(grow_file)
main.command()(compare)

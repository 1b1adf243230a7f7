"""`b1sim compare`: replays a recording and lists how b1sim answers otherwise."""

import asyncio
import io
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from b1sim.odata.bearer import Iam, OauthClient
from b1sim.recording.exchange import Exchange, UnreadableRecording, read_recording
from b1sim.recording.findings import Findings, UnreadableAllowances, read_allowed
from b1sim.recording.preparing import prepare
from b1sim.recording.replay import Login, Replay, skipped, speaks_by_token
from b1sim.trusting import trusted
from b1sim.world import World

_BAD_INPUT = 2
_CLIENT = "replay"


def compare(  # noqa: PLR0913  one option each
    recording: Annotated[Path, typer.Argument(help="File that `b1sim record` wrote.")],
    *,
    url: Annotated[
        str, typer.Option(help="A running b1sim; without it one is started in this process.")
    ] = "",
    user: Annotated[str, typer.Option(help="With --url: user of that company.")] = "manager",
    password: Annotated[str, typer.Option(help="With --url: that user's password.")] = "b1sim",  # noqa: S107  b1sim's own
    insecure: Annotated[
        bool, typer.Option("--insecure", help="With --url: trust the certificate that it shows.")
    ] = False,
    ca: Annotated[
        Path | None,
        typer.Option(exists=True, help="With --url: certificate, as serve --cert-out writes it."),
    ] = None,
    company: Annotated[str, typer.Option(help="With --url: name of that company.")] = "SBODEMO",
    data: Annotated[
        Path | None,
        typer.Option(exists=True, help="Replay into this company file, which is changed by it."),
    ] = None,
    allow: Annotated[
        Path | None, typer.Option(help="TOML file of differences that are allowed.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="Print a page of HTML.")] = False,
) -> None:
    """Replay a recording against b1sim and list every difference; end with 1 when there is any.

    What is compared is the form of the answers: status, headers, members, their types and order,
    enum spelling, numbers of rows, codes and texts of refusals. Values are not.
    """
    try:
        head, exchanges = read_recording(recording)
        findings = Findings([] if allow is None else read_allowed(allow))
    except (UnreadableRecording, UnreadableAllowances) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_BAD_INPUT) from error
    if url:
        line = httpx.AsyncClient(
            base_url=url, verify=trusted(url, ca, insecure=insecure), timeout=600, trust_env=False
        )
        replaying = _replay_at(line, Login(company, user, password), exchanges, findings)
    else:
        replaying = _replay_here(head.scheme, data, exchanges, findings)
    try:
        asyncio.run(replaying)
    except httpx.TransportError as error:
        typer.echo(f"{url} does not answer: {error}", err=True)
        raise typer.Exit(_BAD_INPUT) from error
    _print(findings, as_json=as_json, as_html=as_html)
    raise typer.Exit(1 if findings.all() else 0)


async def _replay_at(
    line: httpx.AsyncClient, login: Login, exchanges: list[Exchange], findings: Findings
) -> None:
    async with line:
        replay = Replay(line, login)
        for exchange in track(exchanges, "Replaying", console=Console(stderr=True)):
            await _compare(replay, exchange, findings, tokens=False)


async def _replay_here(
    scheme: str, data: Path | None, exchanges: list[Exchange], findings: Findings
) -> None:
    """Replay in this process; the world's clock shows the time of each exchange."""
    clock = _Clock(exchanges)
    by_token = any(map(speaks_by_token, exchanges))
    iam = Iam({_CLIENT: OauthClient("", "manager")}) if by_token else None
    with World(path=data, seed=False, clock=clock, iam=iam) as world:
        if data is None:
            prepare(world.company, exchanges)
        origin = world.base_url.replace("https", scheme, 1)
        settings = world.settings()
        login = Login(settings["company_db"], settings["user"], settings["password"])
        async with httpx.AsyncClient(transport=world.transport(), base_url=origin) as line:
            replay = Replay(line, login, _issuer(iam, clock))
            for exchange in track(exchanges, "Replaying", console=Console(stderr=True)):
                clock.now = exchange.at
                await _compare(replay, exchange, findings, tokens=True)


def _issuer(iam: Iam | None, clock: "_Clock") -> Callable[[], str] | None:
    return None if iam is None else lambda: iam.issue(_CLIENT, clock())


class _Clock:
    """Shows the time of the exchange that is replayed, so that sessions end as they did."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self.now = next((exchange.at for exchange in exchanges), datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now


async def _compare(replay: Replay, exchange: Exchange, findings: Findings, *, tokens: bool) -> None:
    if why := skipped(exchange, tokens=tokens):
        findings.skip(why)
        return
    findings.add(exchange, await replay.differences(exchange))


def _print(findings: Findings, *, as_json: bool, as_html: bool) -> None:
    if as_json:
        typer.echo(json.dumps(findings.as_json(), indent=2, ensure_ascii=False))
        return
    console = Console(record=True, file=io.StringIO(), width=160) if as_html else Console()
    for table in _tables(findings):
        console.print(table)
    console.print(_last_line(findings), highlight=False, markup=False)
    if as_html:
        typer.echo(console.export_html())


def _tables(findings: Findings) -> list[Table]:
    summary = Table("Endpoint", "Compared", "Differences", title="Summary")
    for endpoint, times in sorted(findings.compared.items()):
        summary.add_row(endpoint, str(times), str(findings.of(endpoint)))
    if not findings.all():
        return [summary]
    columns = ("Endpoint", "Kind", "Where", "Recorded", "b1sim", "Times", "First")
    listed = Table(*columns, title="Differences")
    for found in findings.all():
        was = found.difference
        listed.add_row(
            found.endpoint,
            was.kind,
            was.where.replace("[", r"\["),
            was.recorded.replace("[", r"\["),
            was.simulated.replace("[", r"\["),
            str(found.times),
            str(found.first),
        )
    return [listed, summary]


def _last_line(findings: Findings) -> str:
    parts = [f"{len(findings.all())} differences; {findings.waived} more were met and are allowed"]
    parts += [f"{times} not replayed ({why})" for why, times in findings.skipped.items()]
    return "; ".join(parts)

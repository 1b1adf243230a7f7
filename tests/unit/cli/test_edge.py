"""Whatever goes wrong leaves as words with a way out, and with a code that scripts can read."""

import pytest
import typer
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from b1bridge.cli.edge import Edge
from b1bridge.errors import ConnectionBroken, NeedsOperator, Transient
from b1bridge.storage.vault import Locked


def end_of(trouble, env=None):
    """Run a command that ends in trouble, through the same edge as every command."""
    app = typer.Typer(cls=Edge, pretty_exceptions_enable=False, rich_markup_mode=None)

    @app.command()
    def stumble() -> None:
        raise trouble

    @app.command()
    def stand() -> None:
        pass

    return CliRunner().invoke(app, ["stumble"], env={"B1BRIDGE_DEBUG": None, **(env or {})})


@pytest.mark.parametrize(
    ("trouble", "words", "code"),
    [
        (NeedsOperator("no home", fix="run init"), "✗ no home\n  Way out: run init\n", 2),
        (NeedsOperator("no home"), "✗ no home\n", 2),
        (ConnectionBroken("SAP: login refused [-304]"), "✗ SAP: login refused [-304]\n", 1),
        (Transient("SAP is away"), "✗ SAP is away\n", 1),
        (PermissionError(13, "Permission denied", "/x"), "✗ Permission denied: /x\n", 1),
        (Locked("no key opens the secrets"), "✗ no key opens the secrets\n", 2),
        (KeyboardInterrupt(), "", 130),
    ],
)
def test_trouble_is_told_in_words(trouble, words, code):
    shown = end_of(trouble)

    assert (shown.stderr, shown.exit_code) == (words, code)


def test_a_database_that_is_away_is_told_without_its_statement():
    trouble = OperationalError("SELECT secret", {}, Exception("connection refused\nDETAIL: x"))

    shown = end_of(trouble)

    assert shown.stderr.startswith("✗ the database does not answer: connection refused\n")
    assert "SELECT" not in shown.stderr
    assert shown.exit_code == 1


def test_a_bug_is_called_a_bug_and_shows_no_traceback():
    shown = end_of(ZeroDivisionError("division by zero"))

    assert "this is a bug in b1bridge (ZeroDivisionError: division by zero)" in shown.stderr
    assert "B1BRIDGE_DEBUG=1" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.exit_code == 1


def test_a_bug_shows_its_traceback_to_who_asks():
    shown = end_of(ZeroDivisionError(), env={"B1BRIDGE_DEBUG": "1"})

    assert isinstance(shown.exception, ZeroDivisionError)

"""Every command explains itself, and a wrong word is answered with the right ones."""

import pytest
from typer.main import get_command

from b1bridge.cli import app


def commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        yield (*path, name), command


ALL = dict(commands(get_command(app)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_explains_itself(path, b1bridge):
    shown = b1bridge(*path, "--help")

    assert shown.exit_code == 0
    assert f"b1bridge {' '.join(path)}" in shown.output
    assert ALL[path].help


@pytest.mark.parametrize(
    "path", [p for p, c in ALL.items() if not hasattr(c, "commands")], ids=" ".join
)
def test_every_command_shows_an_example_of_itself(path):
    example = ALL[path].help.partition("Example: b1bridge ")[2].split()

    # `run` may be left out, and is, where a person would.
    assert set(path) - {"run"} <= set(example)


def test_the_version_is_told_without_a_home(b1bridge):
    shown = b1bridge("--version")

    assert shown.exit_code == 0
    assert shown.output.startswith("b1bridge 0.")


def test_a_sync_may_be_named_without_the_word_run(b1bridge):
    shown = b1bridge("sync", "order-to-invoice", "--since", "2026-11-01", "--dry-run")

    # It was understood: what is missing is the home, not the command.
    assert shown.exit_code == 2
    assert "there is no b1bridge home" in shown.stderr


def test_a_word_that_is_no_command_is_refused(b1bridge):
    shown = b1bridge("frobnicate")

    assert shown.exit_code == 2
    assert "frobnicate" in shown.stderr


@pytest.mark.parametrize("command", ["status", "doctor", "connections", "serve", "worker"])
def test_a_command_without_a_home_says_how_to_make_one(command, b1bridge):
    shown = b1bridge(command)

    assert shown.exit_code == 2
    assert "Way out: run `b1bridge init`" in shown.stderr


def test_a_date_that_is_none_is_answered_with_one_that_is(b1bridge, home):
    home.mkdir()

    shown = b1bridge("sync", "order-to-invoice", "--since", "yesterday")

    assert shown.exit_code == 2
    assert "'yesterday' is no date" in shown.stderr
    assert "2026-11-01" in shown.stderr


def test_a_record_without_its_connection_is_answered_with_the_form(b1bridge, home):
    home.mkdir()

    shown = b1bridge("runs", "start", "eu", "812")

    assert shown.exit_code == 2
    assert "connection/kind/id" in shown.stderr

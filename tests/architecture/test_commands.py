"""Every command that is installed answers --help, and says what it is for."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]


def app_of(script):
    """Return the Typer app behind a console script; main and app live in the same module."""
    return import_module(SCRIPTS[script].partition(":")[0]).app


def commands_of(command, words=()):
    """Yield each command and group below, with the words that lead to it."""
    yield words, command
    for name, child in sorted(getattr(command, "commands", {}).items()):
        yield from commands_of(child, (*words, name))


def unhelpful(app):
    """Return the commands whose --help fails or does not say what they are for."""
    return [
        " ".join(words)
        for words, command in commands_of(typer.main.get_command(app))
        if not command.help or CliRunner().invoke(app, [*words, "--help"]).exit_code
    ]


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_installed_command_can_be_started(script):
    module, _, name = SCRIPTS[script].partition(":")

    assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_command_helps(script):
    assert unhelpful(app_of(script)) == []


def test_a_command_without_help_is_noticed():
    app = typer.Typer(help="An app.")
    app.command(name="dumb")(lambda: None)
    app.command(name="kind", help="Say what it does.")(lambda: None)

    assert unhelpful(app) == ["dumb"]

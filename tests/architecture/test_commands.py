"""Every command that is installed helps, and every command that a document shows exists."""

import re
import shlex
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
NAMES = "|".join(SCRIPTS)
A_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
A_LINE = re.compile(rf"^(?:{NAMES}) .+$", re.MULTILINE)
IN_A_SENTENCE = re.compile(rf"(?<!`)`((?:{NAMES}) [^`\n]+)`")
HELP = {"--help": None}
SHORT_FOR = {"sync": "run"}  # `sync FLOW` is `sync run FLOW`


def app_of(script):
    """Return the Typer app behind a console script: the entry itself, or app beside it."""
    module, _, name = SCRIPTS[script].partition(":")
    entry = getattr(import_module(module), name)
    return entry if isinstance(entry, typer.Typer) else import_module(module).app


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


def lines_shown(text):
    """Return the command lines of a document, without their comments and their dots."""
    blocks = "\n".join(A_BLOCK.findall(text))
    lines = [*A_LINE.findall(blocks), *IN_A_SENTENCE.findall(text)]
    return [line.split("  #")[0].replace(" …", "").strip() for line in lines]


def options_of(command):
    """Return the options of a command by name; None stands for one that takes no value."""
    options = [param for param in command.params if param.param_type_name == "option"]
    names = [
        (name, option) for option in options for name in [*option.opts, *option.secondary_opts]
    ]
    return HELP | {name: None if option.is_flag else option for name, option in names}


def child_of(group, word):
    """Return the command that a group runs for a word, or None."""
    return group.commands.get(word) or group.commands.get(SHORT_FOR.get(group.name))


def first_wrong_word(command, words):
    """Return the first word of a command line that the program would not take, or None."""
    left = iter(words)
    for word in left:
        if word.startswith("--"):
            name, given, _ = word.partition("=")
            if name not in options_of(command):
                return word
            if options_of(command)[name] and not given:
                next(left)
        elif hasattr(command, "commands"):
            command = child_of(command, word)
            if command is None:
                return word
    return None


def wrong_lines(lines, roots):
    """Return the command lines that name what is not there."""
    words = {line: shlex.split(line) for line in lines}
    return [line for line, (name, *rest) in words.items() if first_wrong_word(roots[name], rest)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_installed_command_can_be_started(script):
    module, _, name = SCRIPTS[script].partition(":")

    assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_command_helps(script):
    assert unhelpful(app_of(script)) == []


def test_every_command_in_a_document_exists():
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md")]
    texts = [path.read_text().replace("\\\n", " ") for path in documents]
    lines = [line for text in texts for line in lines_shown(text)]
    roots = {script: typer.main.get_command(app_of(script)) for script in SCRIPTS}

    assert lines
    assert wrong_lines(lines, roots) == []


@pytest.fixture
def roots():
    """Return a small command line: fruit eat NAME [--slowly] [--with TOOL]."""
    app, fruit = typer.Typer(help="An app."), typer.Typer(help="Fruit.")

    @fruit.command(help="Eat one.")
    def eat(name: str, *, slowly: bool = False, tool: str = typer.Option("", "--with")) -> None: ...

    app.add_typer(fruit, name="fruit")
    app.command(name="dumb")(lambda: None)
    return {"b1bridge": typer.main.get_command(app), "app": app}


def test_a_command_without_help_is_noticed(roots):
    assert unhelpful(roots["app"]) == ["dumb"]


@pytest.mark.parametrize(
    "wrong",
    [
        "```\nb1bridge bananas\n```",
        "`b1bridge fruit peel apple`",
        "run `b1bridge fruit eat apple --upside-down` now",
    ],
)
def test_a_command_that_is_not_there_is_noticed(wrong, roots):
    assert wrong_lines(lines_shown(wrong), roots)


@pytest.mark.parametrize(
    "right",
    [
        "`b1bridge fruit eat apple --with spoon --slowly`",
        "`b1bridge fruit eat --help`",
        "```sh\nb1bridge fruit eat apple --with=spoon    # --carefully\n```",
        "b1bridge bananas are no command in a sentence without quotes",
        "`b1bridge fruit …`",
    ],
)
def test_a_command_that_is_there_passes(right, roots):
    assert wrong_lines(lines_shown(right), roots) == []

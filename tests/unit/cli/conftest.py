"""The command line as a person meets it: words in, words and an exit code out."""

import pytest
from typer.testing import CliRunner

from b1bridge.cli import app


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def b1bridge(home):
    """Return a function that runs the command line on a home of its own."""
    runner = CliRunner(env={"B1BRIDGE_HOME": str(home), "B1BRIDGE_DEBUG": None})

    def run(*words, typed=None, env=None):
        return runner.invoke(app, [str(word) for word in words], input=typed, env=env)

    return run


@pytest.fixture
def initialised(b1bridge):
    """Return the same function, on a home that is there."""
    assert b1bridge("init").exit_code == 0
    return b1bridge

"""A person at the command line waits for what is imported before anything happens."""

import subprocess
import sys

HEAVY = ("b1sim", "fastapi", "sqlglot", "uvicorn")


def test_no_command_waits_for_the_simulators_or_the_web():
    told = subprocess.run(
        [sys.executable, "-c", "import b1bridge.cli, sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = {module.split(".")[0] for module in told.stdout.split()}
    assert "b1bridge" in loaded
    assert loaded.isdisjoint(HEAVY)

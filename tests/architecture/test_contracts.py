"""Each import contract is broken on purpose in a copy of the tree, and must notice."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# contract, the file that breaks it, what that file imports
BREACHES = [
    ("layers", "b1bridge/domain/breach.py", "b1bridge.storage"),
    ("layers", "b1bridge/ports/breach.py", "b1bridge.engine.run"),
    ("layers", "b1bridge/errors/breach.py", "b1bridge.domain.money"),
    ("layers", "b1bridge/sdk/breach.py", "b1bridge.engine.run"),
    ("layers", "b1bridge/storage/breach.py", "b1bridge.testing"),
    ("layers", "b1bridge/bootstrap/breach.py", "b1bridge.web"),
    ("layers", "b1bridge/worker/breach.py", "b1bridge.testing"),
    ("layers", "b1bridge/web/breach.py", "b1bridge.worker"),
    ("layers", "b1bridge/demo/breach.py", "b1bridge.cli"),
    ("layers", "b1bridge/flows/breach.py", "b1bridge.connectors"),
    ("layers", "b1bridge/procedures/breach.py", "b1bridge.flows"),
    ("layers", "b1bridge/reports/breach.py", "b1bridge.storage"),
    ("layers", "b1bridge/connectors/alpha.py", "b1bridge.storage"),
    ("connectors-apart", "b1bridge/connectors/alpha.py", "b1bridge.connectors.beta"),
    ("connectors-do-not-run", "b1bridge/connectors/alpha.py", "b1bridge.engine.run"),
    ("client-alone", "b1bridge/connectors/sap_b1/client/breach.py", "b1bridge.ports.books"),
    ("flows-apart", "b1bridge/flows/alpha.py", "b1bridge.flows.beta"),
    ("pure-core", "b1bridge/domain/breach.py", "httpx"),
    ("pure-core", "b1bridge/domain/breach.py", "dbos"),
    ("pure-core", "b1bridge/ports/breach.py", "sqlalchemy"),
    ("pure-core", "b1bridge/procedures/breach.py", "httpx"),
    ("pure-core", "b1bridge/flows/breach.py", "pydantic"),
    ("b1sim-stands-alone", "b1sim/company/breach.py", "b1bridge.domain.money"),
]


@pytest.fixture
def tree(tmp_path):
    """Return a copy of the sources in which anything may be broken."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def write(tree: Path, file: str, text: str) -> None:
    """Write a module; a package in its way is kept, a module in its way gives place."""
    path = tree / "src" / file
    path.parent.with_suffix(".py").unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(text)


def verdict(tree: Path, *contracts: str) -> str:
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    done = subprocess.run(  # noqa: S603 - our own command, our own arguments
        [LINT_IMPORTS, "--no-logo", "--no-cache", *chosen],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0 and " 0 broken" in done.stdout:
        return "kept"
    return "broken" if "BROKEN" in done.stdout else f"unread: {done.stdout}{done.stderr}"


def test_the_tree_as_it_is_keeps_every_contract():
    assert verdict(ROOT) == "kept"


def test_the_same_files_without_the_import_break_nothing(tree):
    for _, file, _ in BREACHES:
        write(tree, file, "")

    assert verdict(tree) == "kept"


@pytest.mark.parametrize(("contract", "file", "imports"), BREACHES)
def test_a_forbidden_import_is_noticed(contract, file, imports, tree):
    write(tree, "b1bridge/connectors/beta.py", "")
    write(tree, "b1bridge/flows/beta.py", "")
    write(tree, file, f"import {imports}\n")

    assert verdict(tree, contract) == "broken"


def test_a_cycle_between_siblings_is_noticed(tree):
    write(tree, "b1bridge/domain/alpha.py", "import b1bridge.domain.beta\n")
    write(tree, "b1bridge/domain/beta.py", "import b1bridge.domain.alpha\n")

    assert verdict(tree, "no-cycles") == "broken"


def test_a_cycle_inside_the_simulator_is_noticed(tree):
    write(tree, "b1sim/company/alpha.py", "import b1sim.odata.beta\n")
    write(tree, "b1sim/odata/beta.py", "import b1sim.company.alpha\n")

    assert verdict(tree, "no-cycles") == "broken"


def test_a_folder_that_nobody_placed_is_noticed(tree):
    write(tree, "b1bridge/utils/everything.py", "")

    assert verdict(tree, "layers") == "broken"


def test_every_contract_is_broken_by_some_test():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    broken_here = {contract for contract, _, _ in BREACHES} | {"no-cycles"}

    assert broken_here == {contract["id"] for contract in rules["contracts"]}

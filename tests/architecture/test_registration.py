"""Folders and files are the registry: what is found there must be whole."""

import ast
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import b1bridge.connectors
import b1bridge.flows
import b1sim
from b1bridge.engine.flow import Outcome

CONNECTORS = b1bridge.connectors.discover()
FLOWS = b1bridge.flows.discover()
FOLDERS = Path(b1bridge.connectors.__path__[0])
STATES = {"done", "todo", "exempt"}
LEVELS = {"bronze", "silver", "gold"}

# The simulator of SAP Business One is a product of its own.
SIMULATED_ELSEWHERE = {"sap_b1": "b1sim.world.World"}
# Who has no system of their own leaves records with the hub: nothing is dialled, so there is
# nothing to simulate. tests/journeys/facade sends what such a client sends.
KEPT_BY_THE_HUB = {"rest"}


def folder_of(connector):
    """Return the folder's name: a key is typed by people, a folder is a Python name."""
    return connector.key.replace("-", "_")


def simulator_of(folder):
    """Make the simulator that stands for a connector's remote system."""
    place = SIMULATED_ELSEWHERE.get(folder, f"b1bridge.connectors.{folder}.simulator.Simulator")
    module, _, name = place.rpartition(".")
    return getattr(import_module(module), name)()


def simulator_files():
    beside = [*FOLDERS.glob("*/simulator.py"), *FOLDERS.glob("*/simulator/**/*.py")]
    return sorted([*beside, *Path(b1sim.__path__[0]).rglob("*.py")])


def home_of(path):
    """Return the dotted name of a simulator's own package, or nothing for a single file."""
    parts = path.parts
    if "simulator" not in parts:
        return ""
    at = parts.index("simulator")
    return f"b1bridge.connectors.{parts[at - 1]}.simulator"


def imports_of_ours(tree, home=""):
    """Yield imports that reach out of a simulator into the code it is there to test."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            upward = node.level > 1 or (node.level == 1 and not home)
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            upward = False
        else:
            continue
        ours = [name for name in names if name.split(".")[0] == "b1bridge"]
        outside = [name for name in ours if not home or not f"{name}.".startswith(f"{home}.")]
        if upward or outside:
            yield node.lineno, "imports what it is there to test"


def faults_of(checklist):
    """Yield what is wrong with a checklist: levels of rules, each done, todo or exempt."""
    for level, rules in checklist.items():
        if level not in LEVELS:
            yield f"there is no level {level}"
            continue
        for rule, verdict in rules.items():
            state, reason = (
                next(iter(verdict.items())) if isinstance(verdict, dict) else (verdict, "")
            )
            if state not in STATES:
                yield f"{level}.{rule} is neither of {sorted(STATES)}"
            elif state == "exempt" and not reason:
                yield f"{level}.{rule} is exempt without a reason"


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda c: c.key)
def test_a_connector_is_named_after_its_folder_and_offers_something(connector):
    assert (FOLDERS / folder_of(connector)).is_dir()
    assert connector.title
    assert connector.capabilities


def test_a_connector_is_made_alone_or_with_what_the_hub_keeps():
    kept = {key for key, connector in CONNECTORS.items() if connector.build_kept}

    assert kept >= KEPT_BY_THE_HUB


@pytest.mark.parametrize(
    "connector",
    [c for c in CONNECTORS.values() if c.key not in KEPT_BY_THE_HUB],
    ids=lambda c: c.key,
)
def test_a_connector_can_be_simulated_without_an_account(connector):
    simulator = simulator_of(folder_of(connector))

    assert callable(simulator.app)
    assert connector.settings(**simulator.settings())


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda c: c.key)
def test_a_connector_tells_how_to_set_it_up_and_what_is_missing(connector):
    folder = FOLDERS / folder_of(connector)
    checklist = tomllib.loads((folder / "checklist.toml").read_text())

    assert (folder / "README.md").read_text().startswith("# ")
    assert set(checklist) <= LEVELS
    assert "bronze" in checklist
    assert list(faults_of(checklist)) == []


def test_every_folder_of_a_connector_is_found():
    folders = {path.parent.name for path in FOLDERS.glob("*/__init__.py")}

    assert folders == {folder_of(connector) for connector in CONNECTORS.values()}


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda f: f.name)
def test_a_flow_is_named_after_its_file(flow):
    assert flow.body.__module__ == "b1bridge.flows." + flow.name.replace("-", "_")


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda f: f.name)
def test_a_flow_runs_on_its_defaults_and_names_flows_that_exist(flow):
    assert flow.options()
    assert set(flow.then) <= set(FLOWS)
    assert flow.body.__annotations__["return"] in {Outcome, "Outcome"}


def test_a_simulator_is_not_written_from_the_code_it_tests():
    files = simulator_files()
    guilty = [f for f in files if any(imports_of_ours(ast.parse(f.read_text()), home_of(f)))]

    assert files
    assert guilty == []


@pytest.mark.parametrize(
    ("bad", "home"),
    [
        ("from b1bridge.domain.money import Money", ""),
        ("import b1bridge.errors", ""),
        ("from .translate import order_from", ""),
        ("from ..wire import Order", "b1bridge.connectors.alpha.simulator"),
        ("from b1bridge.connectors.alpha.wire import Order", "b1bridge.connectors.alpha.simulator"),
        (
            "from b1bridge.connectors.alpha.simulators import x",
            "b1bridge.connectors.alpha.simulator",
        ),
    ],
)
def test_a_simulator_that_knows_us_is_noticed(bad, home):
    assert list(imports_of_ours(ast.parse(bad), home))


@pytest.mark.parametrize(
    "good",
    [
        "import httpx",
        "from .orders import x",
        "from b1bridge.connectors.alpha.simulator.orders import x",
    ],
)
def test_a_simulator_may_know_itself(good):
    home = "b1bridge.connectors.alpha.simulator"

    assert not list(imports_of_ours(ast.parse(good), home))


@pytest.mark.parametrize(
    "bad",
    [
        {"platinum": {"tests": "done"}},
        {"bronze": {"tests": "nearly"}},
        {"bronze": {"tests": "exempt"}},
        {"gold": {"tests": {"exempt": ""}}},
    ],
)
def test_a_faulty_checklist_is_noticed(bad):
    assert list(faults_of(bad))


def test_a_sound_checklist_passes():
    sound = {
        "bronze": {"tests": "done", "docs": "todo"},
        "gold": {"live": {"exempt": "no sandbox"}},
    }

    assert not list(faults_of(sound))

"""Where the simulator's behaviour comes from is said beside it, and what it guesses on one page."""

import re
import runpy

import pytest

# Modules that hold rules or answers; the others open files, parse text or join parts.
FOLDERS = [
    "company/approvals",
    "company/attachments",
    "company/documents",
    "company/extension",
    "company/goods",
    "company/ledger",
    "company/masters",
    "company/payments",
    "company/prices",
    "company/rules",
    "company/stock",
    "company/webhooks",
    "odata",
    "quirks",
    "webhooks",
]
PLUMBING = {
    "company/goods/receiving",
    "odata/edmx/xml",
    "quirks/clock",
    "quirks/trouble",
}
SOURCE = re.compile(
    r"sap-service-layer\.md|correctness-rules\.md|SDK help|SAP Note|guess|recorded"
    r"|\(\d{1,2}(\.\d{1,2})?[,:;)]|\b\d{1,2}\.\d{1,2}\)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def simulator(root):
    return root / "src" / "b1sim"


@pytest.fixture(scope="module")
def tool(root):
    return runpy.run_path(str(root / "tools" / "b1sim_guesses.py"))


def rooms(simulator):
    for folder in FOLDERS:
        for path in sorted((simulator / folder).rglob("*.py")):
            name = path.relative_to(simulator).with_suffix("").as_posix()
            if not name.endswith(("__init__", "keeper", "keepers")) and name not in PLUMBING:
                yield name, path.read_text()


def test_every_rule_names_its_source_or_says_that_it_is_a_guess(simulator):
    assert [name for name, text in rooms(simulator) if not SOURCE.search(text)] == []


def test_no_module_is_excused_that_is_not_there(simulator):
    assert [name for name in PLUMBING if not (simulator / f"{name}.py").exists()] == []


def test_the_page_of_guesses_says_what_the_source_says(root, simulator, tool):
    page = (root / "docs" / "reference" / "b1sim-guesses.md").read_text()

    assert page == tool["page"](simulator), "run tools/b1sim_guesses.py"
    assert page.count("\n- `") > 100


def test_a_guess_is_found_wherever_it_is_said(tool):
    text = (
        '"""Rules.\n\nAll of it is a guess."""\n\n'
        "# Guess: ten.\nLIMIT = 10\n\n\n"
        'def ask():\n    """Ask (guess: text). Then wait."""\n    # no guessing: not one\n'
    )

    assert [(where, words) for _, where, words in sorted(tool["guesses"](text))] == [
        ("the module", "All of it is a guess."),
        ("LIMIT", "Guess: ten."),
        ("ask", "Ask (guess: text)."),
    ]

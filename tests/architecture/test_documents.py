"""Documents point at what exists, and each decision is told in the same four parts."""

import ast
import dataclasses
import re
import tomllib

import pytest

from b1bridge.flows import discover

PARTS = ["Situation", "Decision", "Alternatives", "Price"]
A_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
LINES_OF_A_PAGE = 60
RAISES_CASES = tuple(
    f"src/b1bridge/{part}"
    for part in ("errors.py", "domain/", "procedures/", "flows/", "sdk/", "connectors/", "engine/")
)
A_REASON = re.compile(r"[A-Z]+(?:_[A-Z]+)+")


def dead_links(path):
    """Return the relative links of a document that lead nowhere."""
    links = A_LINK.findall(path.read_text())
    return [f"{path.name}: {link}" for link in links if not (path.parent / link).exists()]


def parts_of(text):
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def number_of(path):
    return int(path.name.split("-", 1)[0])


def reasons_of(tree):
    """Return the classes of cases that a file opens: reason="…", and codes given to a call."""
    given = {
        value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for value in node.args
        if isinstance(value, ast.Constant) and A_REASON.fullmatch(str(value.value))
    }
    named = {
        node.value.value
        for node in ast.walk(tree)
        if (isinstance(node, ast.keyword) and node.arg == "reason")
        or (isinstance(node, ast.Assign) and "reason" in {ast.unparse(t) for t in node.targets})
        if isinstance(node.value, ast.Constant)
    }
    return given | {name for name in named if str(name).isupper()}


def sections_of(text):
    """Return the text below each second heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def untold(section, options):
    """Return the options of a flow that its section does not name."""
    named = set(re.findall(r"`([a-z_]+)`", section))
    return {field.name for field in dataclasses.fields(options)} - named


def crosswalks_of(tree):
    """Return the names of the crosswalks that a file reads."""
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "run.crosswalk"
    }


@pytest.fixture(scope="module")
def decisions(root):
    return sorted((root / "docs/decisions").glob("[0-9]*.md"))


def test_every_link_leads_somewhere(root):
    documents = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("src/**/*.md")]

    assert [dead for document in documents for dead in dead_links(document)] == []


def test_decisions_are_numbered_without_a_gap(decisions):
    assert [number_of(path) for path in decisions] == list(range(1, len(decisions) + 1))


def test_a_decision_is_told_in_four_parts_on_one_page(decisions):
    told = {path.name: parts_of(path.read_text()) for path in decisions}
    lengths = {path.name: len(path.read_text().splitlines()) for path in decisions}

    assert told == dict.fromkeys(told, PARTS)
    assert {name: n for name, n in lengths.items() if n > LINES_OF_A_PAGE} == {}


def test_every_decision_is_listed(root, decisions):
    listed = (root / "docs/decisions/README.md").read_text()

    assert [path.name for path in decisions if f"({path.name})" not in listed] == []


def test_the_changelog_keeps_a_place_for_what_is_not_released(root):
    assert "\n## [Unreleased]\n" in (root / "CHANGELOG.md").read_text()


def test_every_reason_of_a_case_is_explained(root, product):
    page = (root / "docs/reference/cases.md").read_text()
    sources = [s for s in product if s.name.startswith(RAISES_CASES) and "/simulator" not in s.name]
    used = set().union(*(reasons_of(source.tree) for source in sources))
    explained = set(re.findall(r"`([A-Z_]+)`", page))

    assert used - explained == set()


def test_no_reason_is_explained_that_nobody_raises(root, product):
    page = (root / "docs/reference/cases.md").read_text()
    text = "".join(source.text for source in product)

    assert [
        reason for reason in re.findall(r"`([A-Z_]+)`", page) if f'"{reason}"' not in text
    ] == []


def test_a_way_out_names_no_crosswalk_that_nobody_reads(product):
    read = set().union(*(crosswalks_of(source.tree) for source in product))
    named = {
        (source.name, name)
        for source in product
        for name in re.findall(r"the (\w+) crosswalk", source.text)
    }

    assert {(where, name) for where, name in named if name not in read} == set()


def test_every_flow_is_told_with_its_options(root):
    sections = sections_of((root / "docs/reference/flows.md").read_text())
    flows = discover()

    assert set(sections) == set(flows)
    assert {
        n: missing for n, f in flows.items() if (missing := untold(sections[n], f.options))
    } == {}


def test_every_crosswalk_is_told(root, product):
    page = (root / "docs/how-to/connect-a-shop.md").read_text()
    used = set().union(*(crosswalks_of(source.tree) for source in product))

    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == used


def test_the_layers_are_told_as_they_are_checked(root):
    rules = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c["layers"] for c in rules["contracts"] if c["id"] == "layers")

    assert " → ".join(layers) in (root / "CONTRIBUTING.md").read_text()


@pytest.mark.parametrize(
    "raised",
    [
        'raise NeedsOperator(msg, reason="ODD", fix=fix)',
        'ODD = Decision(Rejected, "VERY_ODD", "fix it")',
        'class Odd(NeedsOperator):\n    reason = "ODD"',
    ],
)
def test_a_reason_that_is_raised_is_noticed(raised):
    assert len(reasons_of(ast.parse(raised)) & {"ODD", "VERY_ODD"}) == 1


def test_an_option_that_is_not_told_is_noticed():
    options = dataclasses.make_dataclass("Options", [("told", int, 0), ("hidden", int, 0)])

    assert untold("| `told` | 0 | it is |", options) == {"hidden"}


def test_a_crosswalk_that_is_read_is_noticed():
    assert crosswalks_of(ast.parse('codes = await run.crosswalk("tax")')) == {"tax"}


def test_a_dead_link_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[here](page.md#top) [there](no.md) [far](https://example.com/no.md)")

    assert dead_links(page) == ["page.md: no.md"]


def test_a_decision_without_its_price_is_noticed():
    assert parts_of("# A\n\n## Situation\n\n## Decision\n\n## Alternatives\n") != PARTS

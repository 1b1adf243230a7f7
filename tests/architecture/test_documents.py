"""Documents point at what exists, and each decision is told in the same four parts."""

import re

import pytest

PARTS = ["Situation", "Decision", "Alternatives", "Price"]
A_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
LINES_OF_A_PAGE = 60


def dead_links(path):
    """Return the relative links of a document that lead nowhere."""
    links = A_LINK.findall(path.read_text())
    return [f"{path.name}: {link}" for link in links if not (path.parent / link).exists()]


def parts_of(text):
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def number_of(path):
    return int(path.name.split("-", 1)[0])


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


def test_a_dead_link_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[here](page.md#top) [there](no.md) [far](https://example.com/no.md)")

    assert dead_links(page) == ["page.md: no.md"]


def test_a_decision_without_its_price_is_noticed():
    assert parts_of("# A\n\n## Situation\n\n## Decision\n\n## Alternatives\n") != PARTS

"""Every worked number has a test through the whole hub, and the page that lists them is right."""

import re

from .conftest import ROOT

PAGE = ROOT / "docs/explanation/worked-numbers.md"
JOURNEYS = ROOT / "tests/journeys"
# Sections with worked numbers that concern storefronts.
SECTIONS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 16, 17)


def test_every_section_has_a_test_and_every_test_is_there():
    page = PAGE.read_text()

    rows = re.findall(r"^\| 3\.(\d+) .* \| `([\w/.]+)` \|$", page, re.MULTILINE)
    named = {path for _, path in rows} | set(re.findall(r"`(refunds/[\w.]+\.py)`", page))

    assert {int(section) for section, _ in rows} == set(SECTIONS)
    assert [path for path in sorted(named) if not (JOURNEYS / path).is_file()] == []


def test_no_worked_number_is_left_off_the_page():
    page = PAGE.read_text()

    tests = {f"worked_numbers/{path.name}" for path in (JOURNEYS / "worked_numbers").glob("test_*")}

    assert [name for name in sorted(tests) if name not in page] == []

"""The switches of the wire are told on a page of their own, with their defaults."""

import json
import re
from pathlib import Path

import pytest

from b1sim.odata.wire_quirks import WireQuirks

PAGE = Path(__file__).parents[3] / "docs/reference/b1sim-switches.md"
ROW = re.compile(r"^\| `(\w+)` \| (\S.*?) \|", re.MULTILINE)
# Too long to print in a table.
IN_WORDS = {"schemas", "sql_allowlist"}

pytestmark = pytest.mark.anyio


async def test_the_page_names_every_switch_with_its_default(world, stranger):
    del world
    shown = (await stranger.get("/control/quirks")).json()
    told = dict(ROW.findall(PAGE.read_text(encoding="utf-8")))

    assert told.keys() == shown.keys()
    for name in shown.keys() - IN_WORDS:
        assert json.loads(told[name].strip("`")) == shown[name], name


def test_every_switch_is_set_by_name_whatever_its_group():
    quirks = WireQuirks(page_size=5, licences=1, error_details=True, seed=7)

    assert (quirks.page_size, quirks.licences) == (5, 1)
    assert (quirks.error_details, quirks.seed) == (True, 7)

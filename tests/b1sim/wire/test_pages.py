"""The pages about control and load say what the code does."""

import dataclasses
import re
from pathlib import Path
from typing import get_args

import pytest

from b1sim.quirks.control import control_app
from b1sim.quirks.faults import Fault, What
from b1sim.quirks.latency import seconds
from b1sim.recording.differences import Kind
from b1sim.world import World

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture
def control_page():
    return (DOCS / "reference/b1sim-control.md").read_text()


def test_every_call_of_the_control_api_is_on_its_page_and_no_other(control_page, clock):
    with World(seed=False, clock=clock) as world:
        app = control_app(world.app.state.service, world.trouble)
        offered = {
            f"{method} /control{re.sub(':int', '', route.path)}"
            for route in app.routes
            for method in route.methods - {"HEAD"}
        }

    assert set(re.findall(r"^\| `([A-Z]+ /control\S+)`", control_page, re.MULTILINE)) == offered


def test_every_fault_and_every_field_of_one_is_on_the_page(control_page):
    named = set(re.findall(r"`(\w+)`", control_page))

    assert set(get_args(What)) <= named
    assert {field.name for field in dataclasses.fields(Fault)} <= named


def test_the_table_of_latencies_is_what_the_code_says():
    page = (DOCS / "reference/b1sim-load.md").read_text()
    rows = re.findall(
        r"^\| (\d\d) \| ([\d.]+) s \| ([\d.]+) s \| ([\d.]+) s \| ([\d.]+) \|", page, re.MULTILINE
    )

    assert len(rows) == 3
    for at_once, *told, rate in rows:
        taken = [seconds("POST", n, int(at_once)) for n in ("Orders", "DeliveryNotes", "Invoices")]
        assert [f"{took:.1f}" for took in taken] == told
        assert f"{int(at_once) / sum(taken):.2f}" == rate


def test_every_kind_of_difference_is_named_where_they_are_allowed():
    page = (DOCS / "how-to/record-a-service-layer.md").read_text()

    assert set(get_args(Kind)) <= set(re.findall(r"`(\w+)`", page))

"""Stock and SKUs compared on the command line: as a table, for a spreadsheet, for a program."""

import csv
import io
import json

import pytest

from b1bridge.errors import NeedsOperator
from b1sim.company import clerk


@pytest.fixture
def compared(typed, home, sap, shop):
    """Connect both sides, of which the shop shows three pieces too many of one SKU."""
    world, books = sap
    clerk.add_item(world.company, "MUG-1", stock="20", cost="1.00")
    shop.adds_product("MUG-1", 23)
    shop.adds_product("GHOST", 2)
    typed("init")
    for name, connector, settings in (
        ("books", "sap-b1", books),
        ("shop", "bigcommerce", shop.settings()),
    ):
        file = home.parent / f"{name}.json"
        file.write_text(json.dumps(settings))
        typed("connect", connector, name, "--settings", file, "--no-check")
    ends = ("--flow", "stock-to-shop", "--from", "books", "--to", "shop")
    assert typed("sync", "add", "stock", *ends, "--option", 'warehouses=["01"]').exit_code == 0
    return typed


def test_drift_is_written_as_it_is_asked_for(compared):
    table = compared("report", "drift").stdout
    rows = list(csv.DictReader(io.StringIO(compared("report", "drift", "--format", "csv").stdout)))
    (worst, _) = json.loads(compared("report", "drift", "--format", "json").stdout)

    assert "2 differences in stock" in table
    assert "never pushed" in table
    assert {(row["SKU"], row["units off"], row["cause"]) for row in rows} == {
        ("MUG-1", "3", "late push"),
        ("GHOST", "2", "unknown SKU"),
    }
    assert (worst["sku"], worst["cause"], worst["shows"], worst["wanted"]) == (
        "MUG-1",
        "late push",
        23,
        20,
    )


def test_coverage_is_red_before_going_live(compared):
    shown = compared("report", "coverage")

    assert shown.exit_code == 1
    assert "1 SKU not ready to be sold" in shown.stdout
    assert "no item GHOST is sold" in shown.stdout


def test_a_sync_that_does_not_exist_is_answered_with_those_that_do(compared):
    compared("sync", "add", "more", "--flow", "stock-to-shop", "--from", "books", "--to", "shop")

    with pytest.raises(NeedsOperator, match="there are: more, stock"):
        compared("report", "drift", "--sync", "other")

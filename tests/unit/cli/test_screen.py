"""What people read: ages, counts, tables; what programs read: JSON."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from b1bridge.cli.screen import age, counted, say, say_json, say_table
from b1bridge.domain.identity import Posted, Ref

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-3), "now"),
        (timedelta(seconds=0.4), "now"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=12, seconds=59), "12 min"),
        (timedelta(hours=23), "23 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=40), "40 days"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(ago, words):
    assert age(NOON - ago, NOON) == words


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [(0, "run", "0 runs"), (1, "entry", "1 entry"), (1204, "entry", "1,204 entries")],
)
def test_numbers_come_with_their_noun(number, noun, words):
    assert counted(number, noun) == words


def test_square_brackets_are_text(capsys):
    say("No matching record [INV1.ItemCode][line: 2]")

    assert capsys.readouterr().out == "No matching record [INV1.ItemCode][line: 2]\n"


def test_a_line_for_people_is_not_broken_where_a_file_takes_it(capsys):
    say("word " * 200 + "end")

    assert capsys.readouterr().out.count("\n") == 1


def test_numbers_in_a_table_stand_to_the_right(capsys):
    say_table(("name", "#amount"), [("a", "1.00"), ("b", "1,204.50")])

    heading, first, second = capsys.readouterr().out.splitlines()
    assert len(heading.rstrip()) == len(first.rstrip()) == len(second.rstrip())


def test_json_holds_records_times_and_exact_amounts(capsys):
    value = {"ref": Ref("shop", "order", "1"), "at": NOON, "sum": Decimal("0.10")}

    say_json([value, Posted("Invoices", 7, 100)])

    assert json.loads(capsys.readouterr().out) == [
        {
            "ref": {"connection": "shop", "kind": "order", "id": "1"},
            "at": "2026-11-21T12:00:00Z",
            "sum": "0.10",
        },
        {"kind": "Invoices", "entry": 7, "number": 100},
    ]

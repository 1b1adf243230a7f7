"""A report is one page without addresses, CSV that no spreadsheet runs, JSON with fixed keys."""

import csv
import json
from datetime import UTC, date, datetime

import pytest

from b1bridge.domain.differences import Difference, Kind, Owner
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.errors import NeedsOperator
from b1bridge.reports.formats import csv_of, csv_sheet, html_of, json_of
from b1bridge.reports.reconciliation import Reconciliation
from b1bridge.reports.rows import Sheet
from b1bridge.reports.scope import Scope, day_named, month_named

ORDER = Ref("shop", "order", "812")
SCOPE = Scope("shop", date(2026, 11, 21), date(2026, 11, 21), "America/New_York")


def euro(amount):
    return Money.of(amount, "EUR")


def told(message="order 812 owes <119.00>", explained=""):
    one = Difference(
        kind=Kind.TOTAL_OFF,
        order=ORDER,
        message=message,
        owner=Owner.FINANCE,
        fix="look",
        shop=euro("119.00"),
        books=euro("118.99"),
        documents=(Posted("invoice", 7, 1007),),
        explained=explained,
    )
    return Reconciliation(
        scope=SCOPE,
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
        hub_known=False,
        orders=1,
        figures=(),
        differences=(one,),
        taxes=(),
        clearing=(),
    )


def test_the_page_shows_texts_of_shoppers_as_texts_and_leads_nowhere():
    page = html_of(told("<script>alert(1)</script>"))

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "what the hub knew is unknown" in page
    assert not any(word in page for word in ("http:", "https:", "src=", "href=", "@import"))


def test_csv_has_one_line_for_each_difference():
    rows = list(csv.DictReader(csv_of(told()).splitlines()[:2]))

    (row,) = rows
    assert (row["shop"], row["books"], row["off"]) == ("119.00", "118.99", "-0.01")
    assert row["documents"] == "invoice 1007"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30", "'+49 30"),
        ("-0.01", "-0.01"),
        ("-x", "'-x"),
        ("812", "812"),
    ],
)
def test_a_spreadsheet_runs_nothing_that_a_shopper_typed(cell, written):
    text = csv_sheet(Sheet("s", "", ("a",), ((cell,),)))

    assert list(csv.reader(text.splitlines()))[1] == [written]


def test_json_keeps_its_keys():
    plain = json.loads(json_of(told(explained="case 7 is open")))

    assert set(plain) == {
        "connection", "since", "until", "made_at", "hub", "orders", "unexplained", "differences",
        "figures", "tax", "clearing",
    }  # fmt: skip
    assert (plain["hub"], plain["unexplained"]) == ("unknown", 0)
    (one,) = plain["differences"]
    assert one["documents"] == [{"kind": "invoice", "entry": 7, "number": 1007}]
    assert one["explained"] == "case 7 is open"


@pytest.mark.parametrize(
    ("reference", "order"),
    [
        ("shop/order/812", "812"),
        ("shop/order/812+1", "812"),
        ("shop/order/A+B", "A+B"),
        ("shop/refund/812/5", "812"),
        ("shop/refund/812/5/2", "812"),
        ("shop/payment/812/Bank", "812"),
    ],
)
def test_every_reference_names_its_order(reference, order):
    assert SCOPE.order_of(reference) == Ref("shop", "order", order)


def test_a_strange_reference_names_itself():
    assert SCOPE.order_of("shop/box/12/3") == Ref("shop", "box", "12/3")


def test_days_end_where_the_company_is():
    assert SCOPE.begins == datetime(2026, 11, 21, 5, tzinfo=UTC)
    assert SCOPE.ends == datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "last"), [("2026-11", 30), ("2026-12", 31), ("2028-02", 29), ("2026-02", 28)]
)
def test_a_month_ends_with_its_last_day(month, last):
    first, until = month_named(month)

    assert (first.day, until.day, until.month) == (1, last, first.month)


@pytest.mark.parametrize(("read", "text"), [(day_named, "21.11."), (month_named, "2026-00")])
def test_what_is_no_date_is_refused(read, text):
    with pytest.raises(NeedsOperator, match="is no date"):
        read(text)

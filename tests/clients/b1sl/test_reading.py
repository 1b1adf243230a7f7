"""b1sl-python reads: pages, streams, filters, joins, sums and stored queries."""

import datetime as dt

import pytest
from b1sl.b1sl import ODataQuery
from b1sl.b1sl import entities as en
from b1sl.b1sl.exceptions.exceptions import (
    B1NotFoundError,
    B1ValidationError,
)
from b1sl.b1sl.fields import Item
from b1sl.b1sl.resources.odata import F


# -- reading -----------------------------------------------------------------------------------
def test_one_item_is_read_whole_and_in_part(b1, item):
    assert b1.items.get(item).item_name == b1.items.get(item, select=["ItemName"]).item_name
    assert b1.items.exists(item)
    assert not b1.items.exists("no'such item")
    with pytest.raises(B1NotFoundError, match="-2028"):
        b1.items.get("nothing")


def test_a_stream_reads_every_page_once(b1):
    codes = [item.item_code for item in b1.items.stream(page_size=30)]

    assert len(codes) == len(set(codes)) == b1.items.count() > 60


def test_a_stream_keeps_its_filter_over_pages(b1):
    expected = b1.items.filter(Item.quantity_on_stock > 0).count()

    found = list(b1.items.filter(Item.quantity_on_stock > 0).select("ItemCode").stream(page_size=9))

    assert len(found) == expected > 18


def test_a_stream_stops_at_the_limits_it_was_given(b1):
    assert len(list(b1.items.top(25).stream(page_size=10))) == 25
    assert len(list(b1.items.stream(page_size=10, max_pages=2))) == 20


def test_pages_are_turned_by_hand(b1):
    first = b1.items.list(ODataQuery(orderby="ItemCode"))
    second = b1.items.list(params=first.next_params)

    assert first.has_more
    assert first[-1].item_code < second[0].item_code


@pytest.mark.parametrize(
    ("condition", "meets"),
    [
        (F.ItemName.contains("bag"), lambda i: "bag" in i.item_name),
        (F.ItemCode.startswith("BAG"), lambda i: i.item_code.startswith("BAG")),
        (F.ItemCode.endswith("1"), lambda i: i.item_code.endswith("1")),
        (F.QuantityOnStock > 5, lambda i: i.quantity_on_stock > 5),
        (
            (F.ItemType == "itItems") & ~(F.QuantityOnStock == 0) | (F.ItemCode == "none"),
            lambda i: i.quantity_on_stock != 0,
        ),
        (F.ForeignName == None, lambda i: i.foreign_name is None),  # noqa: E711  its operator
    ],
)
def test_its_operators_become_filters_that_are_understood(b1, condition, meets):
    found = b1.items.filter(condition).execute()

    assert found
    assert all(meets(item) for item in found)


@pytest.mark.parametrize("day", [dt.date(2020, 1, 1), dt.datetime(2020, 1, 1, 3, tzinfo=dt.UTC)])
def test_its_dates_are_understood(b1, day):
    assert b1.orders.filter(F.DocDate >= day).count() > 0
    assert b1.orders.filter(F.DocDate < day).count() == 0


def test_its_in_operator_is_refused_because_service_layer_has_none(b1, item):
    with pytest.raises(B1ValidationError, match="-1000"):
        b1.items.filter(F.ItemCode.in_([item])).execute()


def test_order_and_skip_are_kept(b1):
    codes = [i.item_code for i in b1.items.orderby(F.ItemCode, desc=True).top(3).execute()]

    assert codes == sorted(codes, reverse=True)
    assert b1.items.orderby("ItemCode desc").skip(1).top(1).execute()[0].item_code == codes[1]


def test_unknown_properties_are_refused_by_their_own_codes(b1):
    with pytest.raises(B1ValidationError, match="201"):
        b1.orders.filter(F.DocStatus == "O").execute()
    with pytest.raises(B1ValidationError, match="-1000"):
        b1.orders.select("DocStatus").top(1).execute()


def test_orders_show_their_partner_on_request(b1):
    whole = b1.orders.expand(["BusinessPartner"]).top(1).execute()[0]
    raw = b1.orders.get_raw(whole.doc_entry, expand=["BusinessPartner"])

    assert raw["BusinessPartner"]["CardCode"] == whole.card_code


def test_sums_are_made_by_the_server(b1):
    counted = b1.orders.apply("aggregate($count as OrdersCount)").execute()
    grouped = b1.orders.apply("groupby((CardCode),aggregate($count as Orders))").stream()

    assert counted[0].model_extra["OrdersCount"] == b1.orders.count()
    codes = [row.card_code for row in grouped]
    assert len(codes) == len(set(codes)) > 1


def test_sets_are_joined_crosswise(b1):
    rows = (
        b1.crossjoin("Orders", "BusinessPartners")
        .expand({"Orders": ["DocEntry", "CardCode"], "BusinessPartners": ["CardCode"]})
        .filter("Orders/CardCode eq BusinessPartners/CardCode and Orders/DocEntry le 3")
        .execute()
    )

    assert {row["Orders"]["DocEntry"] for row in rows} == {1, 2, 3}
    assert all(row["Orders"]["CardCode"] == row["BusinessPartners"]["CardCode"] for row in rows)


def test_lines_are_found_by_the_query_service(b1):
    rows = (
        b1.query_service("$crossjoin(Orders,Orders/DocumentLines)")
        .expand({"Orders": ["DocEntry"], "Orders/DocumentLines": ["ItemCode", "LineNum"]})
        .filter(
            "Orders/DocEntry eq Orders/DocumentLines/DocEntry and Orders/DocumentLines/LineNum eq 0"
        )
        .execute()
    )

    assert rows
    assert {row["Orders/DocumentLines"]["LineNum"] for row in rows} == {0}


# -- stored queries ----------------------------------------------------------------------------
def stored(b1, served, text):
    code = served.new_code()
    b1.sql_queries.create(en.SQLQuery(sql_code=code, sql_name="A question", sql_text=text))
    return code


def test_a_stored_query_runs_with_parameters_both_ways(b1, served, item):
    text = "select ItemCode, ItemName from OITM where ItemCode = :wanted"
    code = stored(b1, served, text)

    assert b1.sql_queries.describe(code).params == ["wanted"]
    posted = b1.sql_queries.run(code, wanted=item).rows
    assert [row["ItemCode"] for row in posted] == [item]
    asked = b1.sql_queries.action(code, "List", method="GET", params={"wanted": f"'{item}'"})
    assert asked["value"] == posted


def test_a_stored_query_streams_over_its_pages(b1, served):
    code = stored(b1, served, "select ItemCode from OITM")

    rows = list(b1.sql_queries.run_stream(code, page_size=50))

    assert len({row["ItemCode"] for row in rows}) == len(rows) == b1.items.count()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("select * from OITM", "B1SqlSyntaxError"),
        ("select TransNum from OINM", "B1SqlNotAllowedError"),
    ],
)
def test_what_a_stored_query_may_not_say_is_told_apart(b1, served, text, error):
    with pytest.raises(B1ValidationError) as refused:
        b1.sql_queries.run(stored(b1, served, text))

    assert type(refused.value).__name__ == error


def test_a_missing_parameter_is_named_by_what_was_stored(b1, served):
    code = stored(b1, served, "select ItemName from OITM where ItemCode = :wanted")

    with pytest.raises(B1ValidationError) as refused:
        b1.sql_queries.run(code)

    assert refused.value.expected_params == ["wanted"]

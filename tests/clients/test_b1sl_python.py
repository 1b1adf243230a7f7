"""The PyPI client b1sl-python, unmodified: every feature it has, over both versions."""

import datetime as dt

import pytest
from b1sl.b1sl import AsyncB1Client, B1Client, B1Config, ODataQuery
from b1sl.b1sl import entities as en
from b1sl.b1sl.exceptions.exceptions import (
    B1AuthError,
    B1NotFoundError,
    B1ValidationError,
    SAPConcurrencyError,
)
from b1sl.b1sl.fields import Item
from b1sl.b1sl.models.multipart import MultipartFile
from b1sl.b1sl.resources.odata import F


def configured(served, version, **more):
    login = served.login
    return B1Config(
        base_url=f"{served.origin}/b1s/{version}",
        username=login["user"],
        password=login["password"],
        company_db=login["company_db"],
        **more,
    )


@pytest.fixture
def b1(served, version):
    with B1Client(configured(served, version), version=version) as client:
        yield client


@pytest.fixture
def partner(b1, served):
    """A new customer."""
    made = en.BusinessPartner(
        card_code=served.new_code(), card_name="Corner Shop", card_type="cCustomer"
    )
    return b1.business_partners.create(made).card_code


@pytest.fixture
def item(b1):
    """Any item of the demo company."""
    return b1.items.top(1).execute()[0].item_code


def order_of(partner, item, **more):
    line = en.DocumentLine(item_code=item, quantity=2, unit_price=10)
    return en.Document(card_code=partner, doc_due_date="2026-12-24", document_lines=[line], **more)


# -- sessions ----------------------------------------------------------------------------------
def test_a_session_that_timed_out_is_renewed_by_the_client_itself(b1, served, item):
    before = served.world.requests()["POST Login"]
    served.clock.jump(minutes=31)

    assert b1.items.get(item).item_code == item
    assert served.world.requests()["POST Login"] == before + 1


def test_a_write_after_the_timeout_happens_once(b1, served, partner):
    served.clock.jump(minutes=31)

    b1.business_partners.update(partner, en.BusinessPartner(card_name="Renamed"))

    assert b1.business_partners.get_raw(partner)["DataVersion"] == 2


def test_a_batch_after_the_timeout_is_sent_again(b1, served, item):
    served.clock.jump(minutes=31)

    with b1.batch() as batch:
        batch.items.get(item)
        results = batch.execute()

    assert results.all_ok


def test_wrong_credentials_are_an_error_of_authentication(served, version):
    wrong = configured(served, version)
    wrong.password = "wrong"

    with pytest.raises(B1AuthError, match="-304"), B1Client(wrong, version=version) as client:
        client.items.count()


def test_a_session_is_handed_to_another_client(b1, served, version, item):
    b1.items.count()
    logins = served.world.requests()["POST Login"]

    config = configured(served, version)
    with B1Client(config, version=version, session_id=b1.session_id) as heir:
        assert heir.items.get(item).item_code == item

    assert served.world.requests()["POST Login"] == logins


def test_an_untrusted_certificate_is_refused_unless_the_client_is_told_otherwise(secured, version):
    with pytest.raises(B1AuthError, match="certificate"):
        B1Client(configured(secured, version), version=version).items.count()

    with B1Client(configured(secured, version, ssl_verify=False), version=version) as client:
        assert client.items.count() > 0


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


# -- writing -----------------------------------------------------------------------------------
def test_a_partner_lives_from_creation_to_removal(b1, partner):
    b1.business_partners.update(partner, en.BusinessPartner(card_name="Renamed"))

    assert b1.business_partners.get(partner).card_name == "Renamed"
    b1.business_partners.delete(partner)
    assert not b1.business_partners.exists(partner)


def test_a_second_partner_with_one_code_is_refused(b1, partner):
    again = en.BusinessPartner(card_code=partner, card_name="x", card_type="cCustomer")

    with pytest.raises(B1ValidationError, match="1320000140"):
        b1.business_partners.create(again)


def test_addresses_are_added_and_replaced(b1, partner):
    def addresses(*names):
        rows = [en.BPAddress(address_name=n, city="X", address_type="bo_BillTo") for n in names]
        return en.BusinessPartner(bp_addresses=rows)

    b1.business_partners.update(partner, addresses("HQ", "Shop"))
    b1.business_partners.update(partner, addresses("Depot"))
    grown = b1.business_partners.get(partner).bp_addresses
    b1.business_partners.update(partner, addresses("Only"), replace_collections=True)
    replaced = b1.business_partners.get(partner).bp_addresses

    with pytest.raises(B1ValidationError, match="-2035"):
        b1.business_partners.update(partner, addresses("Only"))
    whole = b1.business_partners.get_raw(partner)["BPAddresses"][0] | {"City": "Patched"}
    b1.business_partners.update(partner, {"BPAddresses": [whole]})

    changed = b1.business_partners.get(partner).bp_addresses
    assert [(row.city, row.row_num) for row in changed] == [("Patched", whole["RowNum"])]
    assert [row.address_name for row in grown] == ["HQ", "Shop", "Depot"]
    assert [row.address_name for row in replaced] == ["Only"]
    assert replaced[0].row_num not in {row.row_num for row in grown}


def test_an_order_is_posted_changed_closed_and_never_deleted(b1, partner, item):
    order = b1.orders.create(order_of(partner, item, num_at_card="web-1"))
    b1.orders.update(order.doc_entry, en.Document(comments="call first"))
    read = b1.orders.get(order.doc_entry)
    b1.orders.action(order.doc_entry, "Close")

    assert (read.comments, read.num_at_card) == ("call first", "web-1")
    assert [(line.item_code, line.line_total) for line in read.document_lines] == [(item, 20)]
    assert b1.orders.get(order.doc_entry).document_status.value == "bost_Close"
    with pytest.raises(B1ValidationError, match="-5006"):
        b1.orders.delete(order.doc_entry)


def test_a_dry_run_changes_nothing(b1, partner):
    with b1.dry_run():
        b1.business_partners.delete(partner)

    assert b1.business_partners.exists(partner)


def test_services_without_a_key_answer(b1):
    day = {"Currency": "USD", "RateDate": "20260811", "Date": "20260811", "Rate": "1.25"}

    b1.call_service_method("SBOBobService_SetCurrencyRate", day)

    assert b1.call_service_method("SBOBobService_GetCurrencyRate", day) == 1.25


# -- etags -------------------------------------------------------------------------------------
def test_a_change_by_somebody_else_is_a_conflict_and_a_new_read_heals_it(
    b1, served, version, partner
):
    b1.business_partners.get(partner)
    with B1Client(configured(served, version), version=version) as other:
        other.business_partners.update(partner, en.BusinessPartner(card_name="Theirs"))

    with pytest.raises(SAPConcurrencyError):
        b1.business_partners.update(partner, en.BusinessPartner(card_name="Mine"))
    b1.business_partners.get(partner)
    b1.business_partners.update(partner, en.BusinessPartner(card_name="Mine"))

    assert b1.business_partners.get(partner).card_name == "Mine"


def test_a_read_in_part_poisons_no_later_write(b1, partner):
    b1.business_partners.update(partner, en.BusinessPartner(card_name="Second version"))
    b1.business_partners.get(partner, select=["CardName"])

    b1.business_partners.update(partner, en.BusinessPartner(card_name="Third version"))

    assert b1.business_partners.get(partner).card_name == "Third version"


# -- batches -----------------------------------------------------------------------------------
def test_a_batch_reads_and_writes_in_one_round_trip(b1, served, item):
    code = served.new_code()
    with b1.batch() as batch:
        batch.items.get(item)
        batch.items.filter(Item.item_code == item).select("ItemCode").execute()
        with batch.changeset() as changes:
            made = en.BusinessPartner(card_code=code, card_name="New", card_type="cCustomer")
            changes.business_partners.create(made)
            changes.business_partners.update(code, en.BusinessPartner(card_name="Renamed"))
        results = batch.execute()

    assert [result.status for result in results] == [200, 200, 201, 204]
    assert results[0].entity.item_code == item
    assert b1.business_partners.get(code).card_name == "Renamed"


def test_a_failed_change_set_leaves_nothing_and_ends_the_batch(b1, served, item):
    code = served.new_code()
    with b1.batch() as batch:
        with batch.changeset() as changes:
            for name in ("first", "twin"):
                twin = en.BusinessPartner(card_code=code, card_name=name, card_type="cCustomer")
                changes.business_partners.create(twin)
        batch.items.get(item)
        results = batch.execute()

    assert [result.outcome.value for result in results] == [
        "rolled_back",
        "rolled_back",
        "not_executed",
    ]
    assert "1320000140" in results[0].error
    assert not b1.business_partners.exists(code)


# -- files -------------------------------------------------------------------------------------
def test_files_are_uploaded_added_linked_and_downloaded(b1, partner, item):
    scan = bytes(range(256)) * 100
    files = [MultipartFile("contract.pdf", scan), MultipartFile("o'brien annex.png", b"annex")]

    entry = b1.attachments.upload(files).absolute_entry
    b1.attachments.append(entry, MultipartFile("later.txt", b"later"))
    order = b1.orders.create(order_of(partner, item, attachment_entry=entry))

    lines = b1.attachments.get(entry).attachments2_lines
    assert [line.line_num for line in lines] == [0, 1, 2]
    assert b1.attachments.download(entry, "contract", "pdf") == scan
    assert b1.attachments.download(entry, "o'brien annex.png") == b"annex"
    assert b1.orders.get(order.doc_entry).attachment_entry == entry
    with pytest.raises(B1ValidationError, match="220"):
        b1.attachments.delete(entry)


def test_a_picture_of_an_item_goes_up_and_down(b1, item):
    b1.patch_multipart(f"ItemImages('{item}')", MultipartFile("chair.jpg", b"picture"))

    assert b1.get_binary(f"ItemImages('{item}')/$value") == b"picture"


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


# -- the asynchronous twin ---------------------------------------------------------------------
@pytest.mark.anyio
async def test_the_asynchronous_client_does_the_same(served, version):
    config = configured(served, version)
    async with AsyncB1Client(config, version=version) as b1:
        expected = await b1.items.count()
        served.clock.jump(minutes=31)
        streamed = [item.item_code async for item in b1.items.stream(page_size=40)]
        async with b1.batch() as batch:
            await batch.items.get(streamed[0])
            results = await batch.execute()

    assert len(streamed) == expected
    assert results[0].entity.item_code == streamed[0]

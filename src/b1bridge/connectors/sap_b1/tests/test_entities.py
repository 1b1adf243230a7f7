"""Entities are read, changed and guarded in both versions, and nobody's change is lost."""

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.entities import EditConflict, Entities, Record
from b1bridge.connectors.sap_b1.client.odata import eq
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.tags import Tags
from b1bridge.errors import ContractBroken, Rejected, Transient

pytestmark = pytest.mark.anyio
ROW = {"ItemCode": "TEA", "Quantity": 2, "UnitPrice": 5}
ORDER = {"CardCode": "C1", "DocDueDate": "2026-11-30", "NumAtCard": "R1", "DocumentLines": [ROW]}


@pytest.fixture
async def service(world_settings, line):
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


@pytest.fixture
def partners(service):
    return Entities(service, "BusinessPartners")


@pytest.fixture
def orders(service):
    return Entities(service, "Orders")


def frozen_tag(tag):
    return tag.endswith('356A192B7913B04C54574D18C28D46E6395428AB"')


async def test_a_created_entity_comes_back_with_its_path_and_tag(orders):
    record = await orders.create(ORDER)

    assert record.path == f"Orders({record.fields['DocEntry']})"
    assert record.tag.startswith('W/"')
    assert orders.tags.of(record.path) == record.tag


async def test_a_quiet_create_sends_nothing_back_but_the_path(orders):
    record = await orders.create(ORDER, quiet=True)

    assert record.fields == {}
    assert await orders.value(int(record.path[7:-1]), "NumAtCard") == "R1"


async def test_what_is_not_there_is_found_to_be_nothing(orders):
    assert await orders.find(999) is None
    with pytest.raises(Rejected):
        await orders.get(999)


async def test_entities_are_counted(partners):
    assert await partners.count() == 1
    assert await partners.count(eq("CardName", "Nobody")) == 0


async def test_a_count_that_is_no_number_is_no_answer(script, http, settings):
    script.answers = [httpx.Response(200, text="many")]

    with pytest.raises(ContractBroken, match="no number"):
        await Entities(ServiceLayer(http, settings), "Items").count()


async def test_the_tag_of_a_select_read_is_never_taken(partners):
    full = await partners.get("C1")
    await partners.patch("C1", {"Notes": "one"})

    thin = await partners.get("C1", select=["CardCode"])

    assert frozen_tag(str(thin.fields.get("@odata.etag") or thin.fields.get("odata.etag")))
    assert thin.tag == ""
    assert partners.tags.of(full.path) == ""


async def test_a_stale_tag_refuses_the_change_and_is_forgotten(partners):
    first = await partners.get("C1")
    await partners.patch("C1", {"Notes": "theirs"})

    with pytest.raises(Transient) as caught:
        await partners.patch("C1", {"Notes": "mine"}, tag=first.tag)

    assert caught.value.code == "-2039"
    assert partners.tags.of(first.path) == ""
    assert (await partners.get("C1")).fields["Notes"] == "theirs"


async def test_an_update_keeps_what_others_changed_meanwhile(partners):
    mine = await partners.get("C1")
    await partners.patch("C1", {"Notes": "theirs"})

    sent = await partners.update(mine, {"EmailAddress": "new@x.se"})

    now = (await partners.get("C1")).fields
    assert sent == {"EmailAddress": "new@x.se"}
    assert (now["Notes"], now["EmailAddress"]) == ("theirs", "new@x.se")


async def test_an_address_is_changed_where_it_is_and_not_added_again(partners):
    address = {"AddressName": "Home", "AddressType": "bo_BillTo", "City": "Ulm", "Street": "A 1"}
    await partners.patch("C1", {"BPAddresses": [address]})
    mine = await partners.get("C1")
    row = mine.fields["BPAddresses"][0]
    theirs = {**row, "Street": "B 2"}
    await partners.patch("C1", {"BPAddresses": [theirs]})

    await partners.update(mine, {"BPAddresses": [{"RowNum": row["RowNum"], "City": "Bonn"}]})

    left = (await partners.get("C1")).fields["BPAddresses"]
    assert [(one["City"], one["Street"]) for one in left] == [("Bonn", "B 2")]


async def test_an_update_of_the_same_field_is_a_conflict_that_names_it(partners):
    mine = await partners.get("C1")
    await partners.patch("C1", {"EmailAddress": "theirs@x.se"})

    with pytest.raises(EditConflict, match=r"EmailAddress was anna@x\.se") as caught:
        await partners.update(mine, {"EmailAddress": "mine@x.se"})

    assert caught.value.reason == "EDIT_CONFLICT"
    assert [conflict.name for conflict in caught.value.conflicts] == ["EmailAddress"]
    assert (await partners.get("C1")).fields["EmailAddress"] == "theirs@x.se"


async def test_an_update_that_changes_nothing_sends_nothing(partners, world):
    mine = await partners.get("C1")

    assert await partners.update(mine, {"EmailAddress": "anna@x.se"}) == {}
    assert [asked for asked in world.requests() if asked.startswith("PATCH")] == []


async def test_an_update_after_a_select_read_is_guarded_all_the_same(partners):
    thin = await partners.get("C1", select=["CardCode", "Notes"])
    await partners.patch("C1", {"Notes": "theirs"})

    with pytest.raises(EditConflict):
        await partners.update(thin, {"Notes": "mine"})


async def test_somebody_who_is_always_faster_is_worth_another_try_later(script, http, settings):
    late = httpx.Response(412, json={"error": {"code": "-2039", "message": "Otro usuario"}})
    now = httpx.Response(200, json={"Notes": "", "@odata.etag": 'W/"2"'})
    script.answers = [late, now, late, now, late]
    items = Entities(ServiceLayer(http, settings), "Items")

    with pytest.raises(Transient):
        await items.update(Record("Items('A')", {"Notes": ""}, 'W/"1"'), {"Notes": "x"})

    guards = [r.headers["If-Match"] for r in script.requests if r.method == "PATCH"]
    assert guards == ['W/"1"', 'W/"2"', 'W/"2"']


async def test_sent_rows_can_be_all_there_are(orders):
    record = await orders.create({**ORDER, "DocumentLines": [ROW, {**ROW, "ItemCode": "MUG"}]})
    key = record.fields["DocEntry"]

    rows = [{"LineNum": 1, "Quantity": 4}]
    await orders.patch(key, {"DocumentLines": rows}, replace_collections=True)

    left = (await orders.get(key)).fields["DocumentLines"]
    assert [(row["ItemCode"], row["Quantity"]) for row in left] == [("MUG", 4)]


async def test_an_action_changes_the_document_and_forgets_its_tag(orders):
    record = await orders.create(ORDER)

    assert await orders.act(record.fields["DocEntry"], "Close") == {}

    assert orders.tags.of(record.path) == ""
    assert await orders.value(record.fields["DocEntry"], "DocumentStatus") == "bost_Close"


async def test_a_deleted_entity_is_gone(service):
    items = Entities(service, "Items")
    await items.create({"ItemCode": "O'Neil's 1/2", "ItemName": "Odd"})

    await items.delete("O'Neil's 1/2")

    assert await items.find("O'Neil's 1/2") is None


async def test_a_composite_key_names_its_parts(service):
    path = Entities(service, "SpecialPrices").path({"ItemCode": "A'B", "CardCode": "C 1"})

    assert path == "SpecialPrices(ItemCode='A''B',CardCode='C%201')"


@pytest.mark.parametrize("location", ["", "https://x/other", "Orders(1)"])
async def test_a_location_that_leads_nowhere_is_no_path(script, http, settings, location):
    script.answers = [httpx.Response(204, headers={"Location": location})]

    assert (await Entities(ServiceLayer(http, settings), "Orders").create({})).path == ""


@pytest.mark.parametrize("action", ["Close?x", "../Items", "Cancel("])
async def test_an_action_cannot_break_out_of_its_path(orders, action):
    with pytest.raises(ValueError, match="is no property"):
        await orders.act(1, action)


def test_the_longest_unused_tag_goes_first():
    tags = Tags(most=2)
    for path in ("a", "b"):
        tags.note(path, path)
    tags.of("a")

    tags.note("c", "c")

    assert [tags.of(path) for path in "abc"] == ["a", "", "c"]

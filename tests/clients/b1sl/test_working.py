"""b1sl-python works: sessions, writes, tags, batches and files, over both versions."""

import pytest
from b1sl.b1sl import AsyncB1Client, B1Client
from b1sl.b1sl import entities as en
from b1sl.b1sl.exceptions.exceptions import (
    B1AuthError,
    B1ValidationError,
    SAPConcurrencyError,
)
from b1sl.b1sl.fields import Item
from b1sl.b1sl.models.multipart import MultipartFile


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


def test_wrong_credentials_are_an_error_of_authentication(served, version, configured):
    wrong = configured(served, version)
    wrong.password = "wrong"

    with pytest.raises(B1AuthError, match="-304"), B1Client(wrong, version=version) as client:
        client.items.count()


def test_a_session_is_handed_to_another_client(b1, served, version, item, configured):
    b1.items.count()
    logins = served.world.requests()["POST Login"]

    config = configured(served, version)
    with B1Client(config, version=version, session_id=b1.session_id) as heir:
        assert heir.items.get(item).item_code == item

    assert served.world.requests()["POST Login"] == logins


def test_an_untrusted_certificate_is_refused_unless_the_client_is_told_otherwise(
    secured, version, configured
):
    with pytest.raises(B1AuthError, match="certificate"):
        B1Client(configured(secured, version), version=version).items.count()

    with B1Client(configured(secured, version, ssl_verify=False), version=version) as client:
        assert client.items.count() > 0


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


def test_an_order_is_posted_changed_closed_and_never_deleted(b1, partner, item, order_of):
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
    b1, served, version, partner, configured
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
def test_files_are_uploaded_added_linked_and_downloaded(b1, partner, item, order_of):
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


# -- the asynchronous twin ---------------------------------------------------------------------
@pytest.mark.anyio
async def test_the_asynchronous_client_does_the_same(served, version, configured):
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

"""Files arrive whole, under their names, in the one form of upload that SAP takes."""

from email import message_from_bytes, policy

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.attachments import (
    MOST_BYTES,
    File,
    add,
    download,
    item_image,
    link,
    multipart,
    set_item_image,
    upload,
)
from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.errors import ContractBroken, Rejected

LINE = File("Lieferschein 1.pdf", b"%PDF-1.7\r\n--\x00\xff")


@pytest.fixture
async def service(http, settings):
    return ServiceLayer(http, settings)


def parts_of(request):
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + request.content, policy=policy.HTTP).iter_parts()
    return [(part.get_filename(), part.get_payload(decode=True)) for part in parts]


@pytest.mark.anyio
async def test_an_upload_is_named_files_and_quotes_no_boundary(service, script):
    script.answers = [httpx.Response(201, json={"AbsoluteEntry": 3, "Attachments2_Lines": []})]

    assert await upload(service, [LINE, File("b.png", b"png")]) == 3

    request = script.requests[-1]
    assert (request.method, request.url.path) == ("POST", "/b1s/v2/Attachments2")
    assert '"' not in request.headers["Content-Type"]
    assert request.content.count(b'name="files"') == 2
    assert parts_of(request) == [(LINE.name, LINE.content), ("b.png", b"png")]


@pytest.mark.anyio
async def test_an_upload_that_tells_no_entry_is_no_answer(service, script):
    script.answers = [httpx.Response(201, json={})]

    with pytest.raises(ContractBroken, match="entry not told"):
        await upload(service, [LINE])


@pytest.mark.anyio
async def test_a_company_without_a_folder_says_so(service, script):
    error = {"code": "-5002", "message": "Attachments folder not defined"}
    script.answers = [httpx.Response(400, json={"error": error})]

    with pytest.raises(Rejected, match="folder not defined"):
        await upload(service, [LINE])


@pytest.mark.anyio
async def test_files_are_added_and_fetched_by_name(service, script):
    await add(service, 3, [LINE])
    script.answers = [httpx.Response(200, content=b"\x89PNG\r\n")]

    assert await download(service, 3, "O'Neil & co.png") == b"\x89PNG\r\n"

    patched, fetched = script.requests[-2:]
    assert (patched.method, patched.url.path) == ("PATCH", "/b1s/v2/Attachments2(3)")
    assert fetched.url.path.endswith("/Attachments2(3)/$value")
    assert fetched.url.params["filename"] == "'O''Neil & co.png'"


@pytest.mark.anyio
async def test_a_document_shows_its_attachment(service, script):
    await link(service, "Orders", 22, 3)

    request = script.requests[-1]
    assert (request.method, request.url.path) == ("PATCH", "/b1s/v2/Orders(22)")
    assert request.content == b'{"AttachmentEntry":3}'


@pytest.mark.anyio
async def test_an_items_picture_goes_there_and_back(service, script):
    await set_item_image(service, "A/1", File("a.png", b"new"))
    script.answers = [httpx.Response(200, content=b"png")]

    assert await item_image(service, "A/1") == b"png"

    patched, fetched = script.requests[-2:]
    assert patched.url.raw_path == b"/b1s/v2/ItemImages('A%2F1')"
    assert fetched.url.raw_path == b"/b1s/v2/ItemImages('A%2F1')/$value"


@pytest.fixture
async def simulated(world_settings, line):
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


@pytest.mark.anyio
async def test_the_simulator_keeps_files_and_shows_them_at_the_order(simulated):
    due = {"CardCode": "C1", "DocDueDate": "2026-11-30"}
    row = {"ItemCode": "TEA", "Quantity": 1, "UnitPrice": 5}
    orders = Entities(simulated, "Orders")
    order = (await orders.create({**due, "DocumentLines": [row]})).fields["DocEntry"]

    entry = await upload(simulated, [LINE])
    await add(simulated, entry, [File("b.png", b"png"), File(LINE.name, b"newer")])
    await link(simulated, "Orders", order, entry)

    assert await download(simulated, entry, LINE.name) == b"newer"
    assert await download(simulated, entry, "b.png") == b"png"
    assert await orders.value(order, "AttachmentEntry") == entry


@pytest.mark.anyio
async def test_the_simulator_keeps_pictures_of_items(simulated):
    await set_item_image(simulated, "TEA", File("tea.png", b"\x89PNG"))

    assert await item_image(simulated, "TEA") == b"\x89PNG"


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_any_content_arrives_as_it_was(contents):
    files = [File(f"{number}.bin", content) for number, content in enumerate(contents)]
    kind, body = multipart(files)
    request = httpx.Request("POST", "https://x", headers={"Content-Type": kind}, content=body)
    boundary = kind.partition("boundary=")[2].encode()

    middle = request.content.split(b"--" + boundary)[1:-1]

    assert [part.partition(b"\r\n\r\n")[2][:-2] for part in middle] == contents


@pytest.mark.parametrize("name", ["", "..", "a/b.pdf", 'a".pdf', "a\r\nX: y", "c:x", "a\0"])
def test_what_is_no_name_of_a_file_is_refused(name):
    with pytest.raises(ValueError, match="no name of a file"):
        File(name, b"")


def test_a_file_larger_than_sap_takes_is_not_sent():
    with pytest.raises(Rejected, match="more than 50 MB"):
        File("big.bin", bytes(MOST_BYTES + 1))


def test_nothing_is_no_upload():
    with pytest.raises(ValueError, match="no file"):
        multipart([])

"""Files: uploaded as a form or a stream, added to, downloaded byte for byte, never removed."""

import os

import pytest

pytestmark = pytest.mark.anyio
BYTES = bytes(range(256)) * 40 + b"\r\n--not-the-boundary\r\n\n"


def form(*names):
    return [("files", (name, BYTES, "application/octet-stream")) for name in names]


@pytest.fixture
async def entry(v2):
    """An entry with two files."""
    reply = await v2.post("Attachments2", files=form("line1.png", "o'brien contract.pdf"))
    assert reply.status_code == 201
    return reply.json()["AbsoluteEntry"]


async def test_one_upload_makes_one_entry_with_a_line_for_each_file(v2, entry):
    reply = await v2.get(f"Attachments2({entry})")

    lines = reply.json()["Attachments2_Lines"]
    assert [(line["LineNum"], line["FileName"], line["FileExtension"]) for line in lines] == [
        (0, "line1", "png"),
        (1, "o'brien contract", "pdf"),
    ]
    assert lines[0]["TargetPath"] == "/mnt/attachments"
    assert lines[0]["AttachmentDate"] == "2026-11-20T00:00:00Z"


async def test_files_come_back_byte_for_byte_by_name_and_the_first_without(v1, entry):
    named = await v1.get(f"Attachments2({entry})/$value?filename='o''brien contract.pdf'")
    first = await v1.get(f"Attachments2({entry})/$value")

    assert named.content == first.content == BYTES
    assert named.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Type"] == "image/png"


async def test_a_file_that_is_not_there_is_not_found(v2, entry):
    for path in (f"Attachments2({entry})/$value?filename='x.png'", "Attachments2(99)/$value"):
        reply = await v2.get(path)
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "-2028")


async def test_more_files_are_added_and_one_of_the_same_name_takes_its_place(v2, entry):
    again = [("files", ("line1.png", b"new", "image/png")), *form("third.txt")]

    reply = await v2.patch(f"Attachments2({entry})", files=again)

    lines = (await v2.get(f"Attachments2({entry})")).json()["Attachments2_Lines"]
    assert (reply.status_code, reply.content) == (204, b"")
    assert [line["FileName"] for line in lines] == ["line1", "o'brien contract", "third"]
    assert (await v2.get(f"Attachments2({entry})/$value?filename='line1.png'")).content == b"new"


async def test_an_upload_to_an_entry_that_does_not_exist_makes_none(v2):
    reply = await v2.patch("Attachments2(7)", files=form("a.txt"))

    assert reply.status_code == 404
    assert (await v2.get("Attachments2/$count")).text == "0"


async def test_no_line_is_removed_and_no_entry_deleted(v1, v2, entry):
    replace = {"B1S-ReplaceCollectionsOnPatch": "true"}
    line = {"LineNum": 0, "FreeText": "checked"}

    await v2.patch(f"Attachments2({entry})", json={"Attachments2_Lines": [line]}, headers=replace)
    refused = await v1.delete(f"Attachments2({entry})")

    lines = (await v2.get(f"Attachments2({entry})")).json()["Attachments2_Lines"]
    assert [line["FreeText"] for line in lines] == ["checked", None]
    assert refused.status_code == 400
    assert refused.json()["error"] == {
        "code": 220,
        "message": {"lang": "en-us", "value": "Attachments2 is not allowed to remove."},
    }


async def test_a_stream_is_named_by_its_slug(v2):
    headers = {"Slug": "a%20picture.png", "Content-Type": "image/png"}

    made = await v2.post("Attachments2", content=BYTES, headers=headers)

    entry = made.json()["AbsoluteEntry"]
    assert made.json()["Attachments2_Lines"][0]["FileName"] == "a picture"
    assert (await v2.get(f"Attachments2({entry})/$value")).content == BYTES


async def test_files_on_the_server_are_named_by_their_path_and_not_sent(v1):
    line = {"SourcePath": "//files/scans", "FileName": "scan", "FileExtension": "pdf"}

    made = await v1.post("Attachments2", json={"Attachments2_Lines": [line]})

    entry = made.json()["AbsoluteEntry"]
    assert made.json()["Attachments2_Lines"][0]["SourcePath"] == "//files/scans"
    assert (await v1.get(f"Attachments2({entry})/$value")).status_code == 404


async def test_without_a_folder_every_file_is_refused(world, v2):
    world.company.settings.attachments_folder = ""

    reply = await v2.post("Attachments2", files=form("a.txt"))

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-5002")
    assert reply.json()["error"]["message"].startswith("Attachments folder not defined")


async def test_a_quoted_boundary_is_not_understood(v2):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\na\r\n--x--\r\n'
    )
    plain, quoted = "multipart/form-data; boundary=x", 'multipart/form-data; boundary="x"'

    accepted = await v2.post("Attachments2", content=body, headers={"Content-Type": plain})
    refused = await v2.post("Attachments2", content=body, headers={"Content-Type": quoted})

    assert (accepted.status_code, refused.status_code) == (201, 405)


@pytest.mark.parametrize(
    "sent",
    [
        {"files": [("file", ("a.txt", b"a"))]},
        {"files": form("a.txt"), "data": {"body": "{}"}},
        {"content": b"nothing", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    ],
)
async def test_what_is_no_form_of_files_is_refused(v2, sent):
    reply = await v2.post("Attachments2", **sent)

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-1000")


async def test_several_megabytes_are_kept(v2):
    content = os.urandom(1024 * 1024) * 5
    made = await v2.post("Attachments2", files=[("files", ("big.bin", content))])

    entry = made.json()["AbsoluteEntry"]
    assert (await v2.get(f"Attachments2({entry})/$value?filename='big.bin'")).content == content


async def test_a_document_points_at_its_files(world, v2, entry):
    world.clerk.run("add_item", {"code": "A1", "name": "Chair"})
    world.clerk.run("add_partner", {"code": "C1"})
    order = {"CardCode": "C1", "DocDueDate": "2026-12-24", "AttachmentEntry": entry}
    order["DocumentLines"] = [{"ItemCode": "A1", "Quantity": 1, "UnitPrice": 1}]

    made = await v2.post("Orders", json=order)

    assert made.json()["AttachmentEntry"] == entry


async def test_an_item_has_one_picture(world, v2):
    world.clerk.run("add_item", {"code": "A1", "name": "Chair"})

    none = await v2.get("ItemImages('A1')/$value")
    put = await v2.patch("ItemImages('A1')", files=form("A1.jpg"))

    shown = await v2.get("ItemImages('A1')/$value")
    assert (none.status_code, put.status_code) == (404, 204)
    assert (shown.content, shown.headers["Content-Type"]) == (BYTES, "image/jpeg")
    assert (await v2.get("ItemImages('A1')")).json()["Picture"] == "A1.jpg"
    assert (await v2.get("Items('A1')")).json()["Picture"] == "A1.jpg"
    assert (await v2.delete("ItemImages('A1')")).status_code == 204
    assert (await v2.get("ItemImages('A1')/$value")).status_code == 404
    assert (await v2.get("ItemImages")).status_code == 400
    assert (await v2.patch("ItemImages('none')", files=form("x.jpg"))).status_code == 404

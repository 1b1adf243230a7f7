"""Files in SAP: attachments of records, and the pictures of items (sap-service-layer.md 5.4).

A boundary in quotation marks is answered with 405, so the multipart body is written here, by the
letter. Lines of an attachment cannot be deleted; a file of the same name takes the old one's place.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.odata import encoded, key, literal
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer, object_of
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken, Rejected
from b1bridge.sdk.evidence import evidence

SET = "Attachments2"
IMAGES = "ItemImages"
MOST_BYTES = 50 * 1024 * 1024
_END = "\r\n"
_UNFIT = frozenset('"\\/:*?<>|\r\n\0')


@dataclass(frozen=True, slots=True)
class File:
    """One file; `name` with its extension, as people see it in SAP."""

    name: str
    content: bytes

    def __post_init__(self) -> None:
        """Refuse what SAP or its file system cannot take, before anything is sent."""
        if not self.name.strip(". ") or _UNFIT & set(self.name):
            msg = f"{self.name!r} is no name of a file"
            raise ValueError(msg)
        if len(self.content) > MOST_BYTES:
            raise _too_large(self.name)


async def upload(service: ServiceLayer, files: Sequence[File]) -> int:
    """Upload files as one attachment and return its AbsoluteEntry; not safe to repeat."""
    kind, body = multipart(files)
    response = await service.call("POST", SET, body, read=False, headers={"Content-Type": kind})
    answer = object_of(response, SET)
    entry = answer.get("AbsoluteEntry")
    if not isinstance(entry, int):
        msg = f"{SYSTEM}: an attachment was taken and its entry not told"
        raise ContractBroken(msg, system=SYSTEM, payload=evidence(answer))
    return entry


async def add(service: ServiceLayer, entry: int, files: Sequence[File]) -> None:
    """Add files to an attachment; the same names replace."""
    kind, body = multipart(files)
    path = key(SET, entry)
    await service.call("PATCH", path, body, read=False, headers={"Content-Type": kind})


async def download(service: ServiceLayer, entry: int, name: str) -> bytes:
    """Fetch one file of an attachment by its name."""
    path = f"{key(SET, entry)}/$value?filename={encoded(literal(name))}"
    response = await service.call("GET", path, read=True, headers={"Accept": "*/*"})
    return response.content


async def link(service: ServiceLayer, entity_set: str, number: int, entry: int) -> None:
    """Show an attachment at a document."""
    await Entities(service, entity_set).patch(number, {"AttachmentEntry": entry})


async def item_image(service: ServiceLayer, item: str) -> bytes:
    """Fetch the picture of an item."""
    path = f"{key(IMAGES, item)}/$value"
    response = await service.call("GET", path, read=True, headers={"Accept": "*/*"})
    return response.content


async def set_item_image(service: ServiceLayer, item: str, picture: File) -> None:
    """Give an item its picture."""
    kind, body = multipart([picture])
    path = key(IMAGES, item)
    await service.call("PATCH", path, body, read=False, headers={"Content-Type": kind})


def multipart(files: Sequence[File]) -> tuple[str, bytes]:
    """Write the Content-Type, without quotation marks, and the body; ValueError without files."""
    if not files:
        msg = "there is no file to send"
        raise ValueError(msg)
    boundary = f"b1bridge{uuid.uuid4().hex}"
    parts = [
        _END.join(
            (
                f"--{boundary}",
                f'Content-Disposition: form-data; name="files"; filename="{file.name}"',
                "Content-Type: application/octet-stream",
                _END,
            )
        ).encode()
        + file.content
        + _END.encode()
        for file in files
    ]
    return f"multipart/form-data;boundary={boundary}", b"".join(
        parts
    ) + f"--{boundary}--\r\n".encode()


def _too_large(name: str) -> Rejected:
    return Rejected(
        f"{SYSTEM}: {name} has more than 50 MB",
        system=SYSTEM,
        code="413",
        reason="VALUE_TOO_LONG",
        fix="make the file smaller, or keep it elsewhere and attach a link",
    )

"""Answers what moves files: uploads, downloads and item images (sap-service-layer.md 5.4)."""

import mimetypes
from http import HTTPStatus
from urllib.parse import quote

from b1sim.company.attachments import attachments, images
from b1sim.company.company import Company
from b1sim.company.refusals import action_not_supported
from b1sim.company.shape.model import ENTITY_SETS
from b1sim.odata.form_data import QuotedBoundaryError, files_of, is_upload
from b1sim.odata.json_text import text_of
from b1sim.odata.keys import Segment
from b1sim.odata.refusing import bad_request, not_simulated
from b1sim.odata.reply import Reply, json_reply, no_content
from b1sim.odata.request import Request
from b1sim.odata.writes import created_reply

_ENTRIES, _IMAGES = "Attachments2", "ItemImages"


def attachment_reply(company: Company, request: Request, segments: list[Segment]) -> Reply | None:
    """Answer a request that moves files; None leaves it to those that move JSON."""
    head, rest = segments[0], [segment.name for segment in segments[1:]]
    try:
        if head.name == _IMAGES:
            return _image(company, request, head, rest)
        if head.name == _ENTRIES and rest == ["$value"] and request.verb == "GET":
            return _download(company, request, _entry(head))
        if head.name == _ENTRIES and not rest and is_upload(request):
            return _upload(company, request, head)
    except QuotedBoundaryError:
        return Reply(HTTPStatus.METHOD_NOT_ALLOWED)
    return None


def _upload(company: Company, request: Request, head: Segment) -> Reply | None:
    """Make an entry of the files sent (POST), or add them to one (PATCH)."""
    if (request.verb, head.key is None) not in {("POST", True), ("PATCH", False)}:
        raise action_not_supported()
    entry = None if head.key is None else _entry(head)
    files = files_of(request)
    with company.transaction():
        made = attachments.add(company.books, files, entry)
    if entry is not None:
        return no_content(request.version)
    row = company.read(_ENTRIES, {"AbsoluteEntry": made})
    return created_reply(row, request, ENTITY_SETS[_ENTRIES])


def _download(company: Company, request: Request, entry: int) -> Reply:
    """Send one file; without a name the first."""
    wanted = dict(request.pairs()).get("filename")
    name = None if wanted is None else wanted.strip("'").replace("''", "'")
    return _bytes(request, *attachments.content_of(company.books, entry, name))


def _image(company: Company, request: Request, head: Segment, rest: list[str]) -> Reply:
    if head.key is None:  # SAP has no list of images (guess: status and code)
        raise action_not_supported()
    item = head.key[0].text
    match (request.verb, *rest):
        case ("GET", "$value"):
            return _bytes(request, *images.content_of(company.books, item))
        case ("GET",):
            return _named(request, item, images.content_of(company.books, item)[0])
        case ("PATCH",) if is_upload(request):
            return _put_image(company, request, item)
        case ("DELETE",):
            with company.transaction():
                images.remove(company.books, item)
            return no_content(request.version)
    what = f"{request.verb} {request.path.strip('/')} with JSON"
    raise not_simulated(what)


def _put_image(company: Company, request: Request, item: str) -> Reply:
    """Take one file; of several the last stays (guess)."""
    files = files_of(request)
    with company.transaction():
        for file in files:
            images.put(company.books, item, file)
    return no_content(request.version)


def _named(request: Request, item: str, picture: str) -> Reply:
    version = request.version
    context = f"{request.context}{_IMAGES}{version.element}"
    body = {version.context: context, "ItemCode": item, "Picture": picture}
    return json_reply(HTTPStatus.OK, text_of(body) + "\n", version)


def _bytes(request: Request, name: str, content: bytes) -> Reply:
    """Send a file under its name (guess: the header that names it)."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = [
        ("Content-Type", kind),
        ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name)}"),
        request.version.header,
    ]
    return Reply(HTTPStatus.OK, content, headers)


def _entry(head: Segment) -> int:
    key = head.key or ()
    if len(key) != 1 or key[0].quoted or not key[0].text.isdecimal():
        msg = f"Query string error: {_ENTRIES} has the key AbsoluteEntry"
        raise bad_request(msg)
    return int(key[0].text[:18])

"""Reads files from multipart/form-data, with what SAP is particular about (5.4)."""

import re
from urllib.parse import unquote

from b1sim.company.attachments.attachments import File, named
from b1sim.company.refusals import Refusal
from b1sim.odata.multipart import Part, parts_of
from b1sim.odata.refusing import bad_request
from b1sim.odata.request import Request

# SAP takes no other field: a part of JSON beside the file was refused live with -1000.
_FIELD = "files"
_NAME = re.compile(r'(?<!\w)name="?([^";]*)"?')
_FILE_NAME = re.compile(r"""filename\*=UTF-8''([^;]+)|filename="([^"]*)"|filename=([^;"]+)""")


class QuotedBoundaryError(Exception):
    """The header quotes the boundary; SAP answers 405 to that (3.2)."""


def is_upload(request: Request) -> bool:
    """Tell whether a request brings files and no JSON."""
    return _kind(request).startswith("multipart/form-data") or "slug" in request.headers


def files_of(request: Request) -> list[File]:
    """Read the files of a request; a stream is named by its Slug (FP 2202)."""
    if slug := request.headers.get("slug"):
        return [named(unquote(slug), request.body)]
    kind = request.headers["content-type"]
    if 'boundary="' in kind:
        raise QuotedBoundaryError
    try:
        parts = parts_of(kind, request.body)
    except Refusal as error:
        msg = "Incomplete multipart body"
        raise bad_request(msg) from error
    return [_file(part) for part in parts]


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").strip().lower()


def _file(part: Part) -> File:
    disposition = part.headers.get("content-disposition", "")
    field, name = _NAME.search(disposition), _FILE_NAME.search(disposition)
    if field is None or field[1] != _FIELD or name is None:
        msg = f"Every part must be a file in the field '{_FIELD}'"
        raise bad_request(msg)
    encoded, quoted, bare = name.groups()
    # The headers were read as Latin-1; clients write names in UTF-8.
    plain = (quoted or bare or "").encode("latin-1").decode("utf-8", "replace")
    return named(unquote(encoded) if encoded else plain, part.content)

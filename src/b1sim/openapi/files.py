"""Names what speaks no JSON: `$batch`, uploads, downloads (sap-service-layer.md 5.2, 5.4)."""

from b1sim.odata.versions import Version
from b1sim.openapi.methods import NOTHING, Path, method, parameter
from b1sim.openapi.schemas import Schema

_FILE: Schema = {"type": "string", "format": "binary"}
_FILES: Schema = {
    "type": "object",
    "required": ["files"],
    "properties": {"files": {"type": "array", "items": _FILE, "minItems": 1}},
}
_UPLOAD: Schema = {"multipart/form-data": {"schema": _FILES}}
_BYTES = {"description": "The file", "content": {"*/*": {"schema": _FILE}}}
_ITEM = parameter("ItemCode", {"type": "string", "minLength": 1}, "path") | {"required": True}


def file_paths(version: Version) -> dict[str, Path]:
    """Name the paths that no entity set has."""
    number = {"type": "integer", "minimum": 0}
    entry = parameter("AbsoluteEntry", number, "path") | {"required": True}
    named = parameter("filename", {"type": "string"}, "query")
    download = method("downloadAttachments2", {"200": _BYTES}, parameters=[named])
    return {
        "/$batch": {"post": _batch(version)},
        "/Attachments2({AbsoluteEntry})/$value": {"parameters": [entry], "get": download},
        "/ItemImages('{ItemCode}')": _image(),
        "/ItemImages('{ItemCode}')/$value": {
            "parameters": [_ITEM],
            "get": method("downloadItemImages", {"200": _BYTES}),
        },
    }


def take_uploads(paths: dict[str, Path]) -> None:
    """Let attachments be sent as files, too, beside the JSON that names files of the server."""
    for path, verb in (("/Attachments2", "post"), ("/Attachments2({AbsoluteEntry})", "patch")):
        paths[path][verb]["requestBody"]["content"] |= _UPLOAD


def _batch(version: Version) -> Schema:
    status = "202" if version.number == 1 else "200"
    parts = {"multipart/mixed": {"schema": {"type": "string"}}}
    answer = {"description": "An answer to each part up to the first refusal", "content": parts}
    sent = {"required": True, "content": parts}
    return method("Batch", {status: answer}) | {"requestBody": sent}


def _image() -> Path:
    named: Schema = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("ItemCode", "Picture")},
    }
    kept = {"200": {"description": "Its name", "content": {"application/json": {"schema": named}}}}
    changed = method("changeItemImages", NOTHING) | {
        "requestBody": {"required": True, "content": _UPLOAD}
    }
    return {
        "parameters": [_ITEM],
        "get": method("readItemImages", kept),
        "patch": changed,
        "delete": method("removeItemImages", NOTHING),
    }

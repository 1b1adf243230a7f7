"""Answers 304 to a read whose entity the client already has (5.1)."""

from http import HTTPStatus

from b1sim.odata.reply import Reply
from b1sim.odata.request import Request


def unchanged(request: Request, reply: Reply) -> Reply:
    """Leave the body out when If-None-Match names the tag of the answer."""
    asked = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    tags = [header for header in reply.headers if header[0] == "ETag"]
    if not tags or not {tags[0][1], "*"} & set(asked):
        return reply
    return Reply(HTTPStatus.NOT_MODIFIED, b"", [*tags, request.version.header])

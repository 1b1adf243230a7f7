"""What the routes that look something up share: who asks, how much, from where on, and who knows.

Codes and names are texts of the books, so anything goes that a line of text may hold.
"""

from __future__ import annotations

from typing import Annotated, NoReturn

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.sdk.tokens import Scope
from b1bridge.web import problem_types
from b1bridge.web.api.bearer import Needs
from b1bridge.web.api.cursors import cursor_of, parts_of
from b1bridge.web.api.openapi import refusals
from b1bridge.web.problems import Refusal, WrongField

MOST = 100
ShipmentReader = Annotated[Bearer, Depends(Needs(Scope.SHIPMENTS_READ))]
PartnerReader = Annotated[Bearer, Depends(Needs(Scope.PARTNERS_READ))]
ContactReader = Annotated[Bearer, Depends(Needs(Scope.CONTACTS_READ))]
ContactWriter = Annotated[Bearer, Depends(Needs(Scope.CONTACTS_WRITE))]
ItemReader = Annotated[Bearer, Depends(Needs(Scope.ITEMS_READ))]
CodeReader = Annotated[Bearer, Depends(Needs(Scope.CODES_READ))]
Limit = Annotated[int, Query(ge=1, le=MOST, description="rows of a page, at most")]
Cursor = Annotated[
    str, Query(max_length=1024, description="`next` of the page before; empty for the first")
]
Search = Annotated[str, Query(max_length=100, pattern=r"^[^\x00-\x1f]*$")]


class Shown(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(from_attributes=True)


def looking(tag: str) -> APIRouter:
    """Make a router whose routes ask the books, which may refuse."""
    return APIRouter(tags=[tag], responses=refusals(problem_types.REFUSED))


def text_after(cursor: str) -> str:
    """Return the code that a page begins after."""
    return str(parts_of(cursor, str)[0]) if cursor else ""


def next_of(last: str | int) -> str | None:
    """Return the cursor of the next page; None where there is none."""
    return cursor_of(last) if last else None


def unknown(what: str, code: str, parameter: str = "") -> NoReturn:
    """Refuse with 404; a parameter of the query is named."""
    detail = f"the books know no {what} {code!r}"
    errors = [WrongField(parameter, detail)] if parameter else []
    raise Refusal(problem_types.UNKNOWN_RECORD, detail, errors=errors)

"""The body of a request, as a model: read exactly, checked whole, refused by the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError

from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.web import problem_types
from b1bridge.web.api.exact_bodies import Unsound, parsed, pointer_of
from b1bridge.web.problems import Refusal, WrongField

MOST_BYTES = 1024 * 1024
IGNORED = "B1bridge-Ignored-Fields"
_MOST_ERRORS = 50
_MOST_NAMED = 20  # a server before ours may refuse an answer with 8 KB of headers
M = TypeVar("M", bound=BaseModel)


class JsonBody(Generic[M]):
    """A dependency: the body as this model; `example` stands in the OpenAPI document.

    A field that the model does not know is refused; or, where the settings of the token's
    connection say `strict: false`, ignored and named in the header B1bridge-Ignored-Fields
    (URL-encoded, the first twenty).
    """

    def __init__(self, model: type[M], *, example: Mapping[str, Any]) -> None:
        self.model = model
        self.example = example

    async def __call__(self, request: Request, response: Response) -> M:
        """Read the body; refuse with 400, 413, 415 or 422."""
        document = await json_of(request)
        bearer: Bearer = request.state.bearer
        model, ignored = checked(self.model, document, bearer.settings)
        if ignored:
            named = ", ".join(quote(pointer) for pointer in ignored[:_MOST_NAMED])
            response.headers[IGNORED] = named
        return model


async def json_of(request: Request, *, announced: bool = True) -> Any:
    """Return the body as exact JSON, not yet any model; refuse with 400, 413 or 415.

    Where it need not be announced as JSON, no Content-Type is wrong.
    """
    if announced:
        _expect_json(request)
    body = await _bytes_of(request)
    try:
        return parsed(body)
    except Unsound as error:
        errors = [WrongField(error.pointer, str(error))]
        raise Refusal(problem_types.INVALID_JSON, str(error), errors=errors) from error


def checked(model: type[M], document: Any, settings: BaseModel) -> tuple[M, list[str]]:
    """Return the document as a model, and the pointers of what was ignored; refuse with 422.

    `settings` are those of the token's connection; the model may look at them as its context.
    """
    try:
        return model.model_validate(document, context=settings), []
    except ValidationError as error:
        unknown, wrong = _sorted_out(error)
        if wrong or getattr(settings, "strict", True):
            raise _invalid([*wrong, *unknown]) from error
    lax = model.model_validate(document, context=settings, extra="ignore")
    return lax, [field.pointer for field in unknown]


def _sorted_out(error: ValidationError) -> tuple[list[WrongField], list[WrongField]]:
    """Return the fields that the model does not know, and those that are wrong."""
    unknown, wrong = [], []
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        pointer = pointer_of(*one["loc"])
        if one["type"] == "extra_forbidden":
            unknown.append(WrongField(pointer, "this field is not known"))
        else:
            wrong.append(WrongField(pointer, str(one["msg"]).removeprefix("Value error, ")))
    return unknown, wrong


def _invalid(errors: list[WrongField]) -> Refusal:
    first = errors[0]
    others = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    detail = f"{first.pointer or 'the body'}: {first.detail}{others}"
    return Refusal(problem_types.INVALID_BODY, detail, errors=errors[:_MOST_ERRORS])


def _expect_json(request: Request) -> None:
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "").removeprefix("charset=")
    if kind.strip() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        sent = request.headers.get("content-type") or "no Content-Type"
        detail = f"the body is announced as {sent}, and must be application/json in UTF-8"
        raise Refusal(problem_types.UNSUPPORTED_MEDIA_TYPE, detail)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        detail = "the body is compressed; send it as it is"
        raise Refusal(problem_types.UNSUPPORTED_MEDIA_TYPE, detail)


async def _bytes_of(request: Request) -> bytes:
    """Return the raw body; stop reading at the first byte too many."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > MOST_BYTES:
        raise _too_large()
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise _too_large()
        parts.append(part)
    return b"".join(parts)


def _too_large() -> Refusal:
    detail = f"a body has at most {MOST_BYTES} bytes"
    return Refusal(problem_types.TOO_LARGE, detail)

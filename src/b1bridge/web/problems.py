"""Errors as the web says them: problem details (RFC 9457), one place for every status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from b1bridge.errors import BridgeError, NeedsOperator, Transient, Untrusted
from b1bridge.web import problem_types
from b1bridge.web.methods import allowed, options
from b1bridge.web.problem_types import ProblemType
from b1bridge.web.request_ids import HEADER as REQUEST_ID
from b1bridge.web.request_ids import request_id_of

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER_SECONDS = 30
_BY_STATUS = {
    HTTPStatus.NOT_FOUND: problem_types.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: problem_types.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: problem_types.TOO_LARGE,
}


@dataclass(frozen=True, slots=True)
class WrongField:
    """One thing that is wrong with a request; `pointer` is a JSON pointer into the body.

    What is not in the body is named in words instead: "query limit", "header If-Match".
    """

    pointer: str
    detail: str


class Refusal(Exception):
    """A request is refused with a problem document; `more` are members of its own kind."""

    def __init__(
        self,
        kind: ProblemType,
        detail: str,
        *,
        errors: Sequence[WrongField] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.more = dict(more or {})

    def document(self, request_id: str) -> dict[str, Any]:
        """Return the problem document."""
        document = {
            "type": self.kind.urn,
            "title": self.kind.title,
            "status": int(self.kind.status),
            "detail": str(self),
            "request_id": request_id,
            **self.more,
        }
        if self.errors:
            document["errors"] = [asdict(error) for error in self.errors]
        return document


def tell_problems(app: FastAPI) -> None:
    """Let every error that escapes a route leave as a problem document."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(BridgeError, _decided)
    app.add_exception_handler(SQLAlchemyError, _no_database)
    app.add_exception_handler(HTTPException, _lost)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(ClientDisconnect, _gone)
    # Starlette sends this answer and lets the error go on into the log, traceback and all.
    app.add_exception_handler(Exception, _bug)


def refusal_of(error: BridgeError) -> Refusal:
    """Say what a decision of the platform means for whoever asks over the web."""
    if isinstance(error, Untrusted):
        return Refusal(problem_types.UNTRUSTED_NOTICE, str(error))
    if isinstance(error, NeedsOperator):
        if error.reason == "UNKNOWN_CONNECTION":
            return Refusal(problem_types.UNKNOWN_RECORD, str(error))
        more = {"reason": error.reason, "fix": error.fix}
        return Refusal(problem_types.REFUSED, str(error), more=more)
    wait = error.retry_after if isinstance(error, Transient) else None
    return unavailable(str(error), wait)


def unavailable(detail: str, wait: float | None = None) -> Refusal:
    """Say that something is away for now; `wait` are seconds, where known."""
    seconds = max(1, round(wait)) if wait else _RETRY_AFTER_SECONDS
    return Refusal(problem_types.UNAVAILABLE, detail, headers={"Retry-After": str(seconds)})


def answer(request: Request, refusal: Refusal) -> Response:
    """Send a refusal."""
    request_id = request_id_of(request.scope)
    return JSONResponse(
        refusal.document(request_id),
        status_code=refusal.kind.status,
        headers={**refusal.headers, REQUEST_ID: request_id},
        media_type=MEDIA_TYPE,
    )


async def _refused(request: Request, exc: Any) -> Response:
    return answer(request, exc)


async def _decided(request: Request, exc: Any) -> Response:
    return answer(request, refusal_of(exc))


async def _no_database(request: Request, exc: Exception) -> Response:
    del exc  # its text may hold the database's address and password
    return answer(request, unavailable("the hub's database does not answer"))


async def _lost(request: Request, exc: Any) -> Response:
    """Answer what the router refused: an address or a method that nobody takes."""
    if exc.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        if request.method == "OPTIONS":
            return options(request)
        headers = {"Allow": allowed(request)}
        detail = f"{request.url.path} does not take {request.method}"
        return answer(request, Refusal(problem_types.METHOD_NOT_ALLOWED, detail, headers=headers))
    kind = _BY_STATUS.get(HTTPStatus(exc.status_code), problem_types.INVALID_PARAMETER)
    lost = kind is problem_types.NOT_FOUND
    detail = f"nothing answers at {request.url.path}" if lost else exc.detail
    return answer(request, Refusal(kind, detail))


async def _unreadable(request: Request, exc: Any) -> Response:
    """Name the parameters that FastAPI could not read; bodies are read by web.api.bodies."""
    errors = [
        WrongField(" ".join(map(str, error["loc"])), str(error["msg"])) for error in exc.errors()
    ]
    detail = "; ".join(f"{error.pointer}: {error.detail}" for error in errors)
    return answer(request, Refusal(problem_types.INVALID_PARAMETER, detail, errors=errors))


async def _gone(request: Request, exc: Exception) -> Response:
    del exc
    return answer(request, Refusal(problem_types.HUNG_UP, "the body ended before its end"))


async def _bug(request: Request, exc: Exception) -> Response:
    del exc  # what broke is for the log, never for the caller
    return answer(request, Refusal(problem_types.INTERNAL, "this request could not be answered"))

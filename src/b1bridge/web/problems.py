"""Errors as the web says them: problem details (RFC 9457), one place for every status."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from b1bridge.errors import BridgeError, NeedsOperator, Untrusted

_RETRY_AFTER_SECONDS = "30"


def problem(status: int, detail: str) -> JSONResponse:
    """Return one problem document; its title is the status in words."""
    headers = (
        {"Retry-After": _RETRY_AFTER_SECONDS} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    )
    return JSONResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        },
        status_code=status,
        headers=headers,
        media_type="application/problem+json",
    )


def tell_problems(app: FastAPI) -> None:
    """Let every error that escapes a route leave as a problem document."""
    app.add_exception_handler(BridgeError, _decided)
    app.add_exception_handler(SQLAlchemyError, _no_database)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(ClientDisconnect, _gone)


async def _decided(_: Request, exc: Exception) -> Response:
    if isinstance(exc, Untrusted):
        return problem(HTTPStatus.UNAUTHORIZED, str(exc))
    if isinstance(exc, NeedsOperator):
        return problem(HTTPStatus.NOT_FOUND, str(exc))
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(exc))


async def _no_database(_: Request, exc: Exception) -> Response:
    del exc  # its text may hold the database's address and password
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "the hub's database does not answer")


async def _refused(_: Request, exc: Exception) -> Response:
    status = exc.status_code if isinstance(exc, HTTPException) else HTTPStatus.BAD_REQUEST
    return problem(status, str(getattr(exc, "detail", "")))


async def _unreadable(_: Request, exc: Exception) -> Response:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(exc))


async def _gone(_: Request, exc: Exception) -> Response:
    del exc
    return problem(HTTPStatus.BAD_REQUEST, "the sender hung up before the whole body had come")

"""From HTTP failures to decisions, once, for every connector."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType

import httpx

from b1bridge.errors import (
    BridgeError,
    ConnectionBroken,
    ContractBroken,
    NeedsOperator,
    OutcomeUnknown,
    Rejected,
    Transient,
)
from b1bridge.sdk.evidence import evidence

READS = frozenset({"GET", "HEAD", "OPTIONS"})
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Decision:
    """What one code of a vendor means to us; `reason` and `fix` are shown with the case."""

    kind: type[BridgeError]
    reason: str = ""
    fix: str = ""


NO_CODES: Mapping[str, Decision] = MappingProxyType({})

_GONE = (
    "restore the record where it is missing and retry the case, "
    "or ignore the case when it is gone for good"
)
_REFUSED = "change what the answer names, then retry the case"
_BY_STATUS: dict[int, Decision] = {
    HTTPStatus.UNAUTHORIZED: Decision(ConnectionBroken),
    HTTPStatus.FORBIDDEN: Decision(ConnectionBroken),
    HTTPStatus.NOT_FOUND: Decision(Rejected, "NOT_FOUND", _GONE),
    HTTPStatus.REQUEST_TIMEOUT: Decision(Transient),
    HTTPStatus.PRECONDITION_FAILED: Decision(Transient),
    HTTPStatus.LOCKED: Decision(Transient),
    HTTPStatus.TOO_EARLY: Decision(Transient),
    HTTPStatus.TOO_MANY_REQUESTS: Decision(Transient),
    HTTPStatus.NOT_IMPLEMENTED: Decision(ContractBroken),
}


def no_answer(
    request: httpx.Request, exc: Exception, *, system: str, read: bool | None = None
) -> BridgeError:
    """Decide what a broken exchange means: only reads are safe to repeat blindly.

    `read` overrules the method where a POST only asks a question.
    """
    if untrusted := _certificate_error(exc):
        msg = (
            f"{system}: the certificate of {request.url.host} is not trusted "
            f"({untrusted.verify_message})"
        )
        return ConnectionBroken(msg, system=system)
    what = f"{request.method} {request.url.path}"
    how = f"{type(exc).__name__}{f': {exc}' if str(exc) else ''}"
    if isinstance(exc, _NEVER_LEFT):
        return Transient(f"{system} could not be reached for {what} ({how})", system=system)
    if is_read(request, read=read):
        return Transient(f"{system} did not answer {what} ({how})", system=system)
    return OutcomeUnknown(f"{system} may have done {what}; no answer came ({how})", system=system)


def refusal(
    response: httpx.Response,
    *,
    system: str,
    code: str = "",
    text: str = "",
    codes: Mapping[str, Decision] = NO_CODES,
    request_id: str = "",
    read: bool | None = None,
) -> BridgeError:
    """Decide what a refusing answer means; the vendor's own code outranks the HTTP status."""
    decision = codes.get(code) or _by_status(response, read=is_read(response.request, read=read))
    said = text or response.reason_phrase or "no reason given"
    message = f"{system}: {said} ({code or f'HTTP {response.status_code}'})"
    error = decided(
        decision,
        message,
        system=system,
        code=code or str(response.status_code),
        request_id=request_id,
        retry_after=retry_after(response),
    )
    if isinstance(error, ContractBroken):
        error.payload = evidence(response.content)
    return error


def decided(
    decision: Decision,
    message: str,
    *,
    system: str,
    code: str = "",
    request_id: str = "",
    retry_after: float | None = None,
) -> BridgeError:
    """Make the error that a decision calls for."""
    kind = decision.kind
    if issubclass(kind, NeedsOperator):
        return kind(
            message,
            system=system,
            code=code,
            request_id=request_id,
            reason=decision.reason or None,
            fix=decision.fix,
        )
    if issubclass(kind, Transient):
        return kind(
            message, system=system, code=code, request_id=request_id, retry_after=retry_after
        )
    text = f"{message}: {decision.fix}" if decision.fix else message
    return kind(text, system=system, code=code, request_id=request_id)


def is_read(request: httpx.Request, *, read: bool | None = None) -> bool:
    """Tell whether repeating the request can change nothing."""
    return request.method in READS if read is None else read


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds a Retry-After header asks for, written as seconds or as a date."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _by_status(response: httpx.Response, *, read: bool) -> Decision:
    status = response.status_code
    if known := _BY_STATUS.get(status):
        return known
    if status < HTTPStatus.BAD_REQUEST:
        return Decision(ContractBroken)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Decision(Rejected, fix=_REFUSED)
    return Decision(Transient if read else OutcomeUnknown)


def _certificate_error(exc: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """Dig for the reason that the HTTP client wraps several times."""
    seen: set[int] = set()
    while exc is not None and id(exc) not in seen:
        if isinstance(exc, ssl.SSLCertVerificationError):
            return exc
        seen.add(id(exc))
        exc = exc.__cause__ or exc.__context__
    return None

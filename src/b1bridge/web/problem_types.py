"""Every kind of refusal at the web's doors, each with its stable `type` (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of refusal; clients tell kinds apart by the slug, which never changes."""

    slug: str
    status: HTTPStatus
    title: str
    cure: str
    """What its reader can do about it, for the page of problems."""

    @property
    def urn(self) -> str:
        """Return what stands in a problem document's `type`."""
        return f"urn:b1bridge:problem:{self.slug}"


INVALID_JSON = ProblemType(
    "invalid-json",
    HTTPStatus.BAD_REQUEST,
    "The body is not JSON that can be read",
    "Send one JSON document in UTF-8: no NaN, no name twice in an object, no NUL or lone"
    " surrogate in a text, at most 32 levels deep, numbers of at most 40 digits.",
)
INVALID_PARAMETER = ProblemType(
    "invalid-parameter",
    HTTPStatus.BAD_REQUEST,
    "A parameter of the address or a header is wrong",
    "Correct what `errors` names; a cursor is sent back exactly as it was received.",
)
OLDER_REQUEST = ProblemType(
    "older-request",
    HTTPStatus.BAD_REQUEST,
    "The older paths do not take this",
    "Correct what `errors` names: columns, operators and fields are those of the page on the API.",
)
HUNG_UP = ProblemType(
    "hung-up",
    HTTPStatus.BAD_REQUEST,
    "The sender hung up before the whole body had come",
    "Send it again; nothing was kept.",
)
TOKEN_MISSING = ProblemType(
    "token-missing",
    HTTPStatus.UNAUTHORIZED,
    "No token was sent",
    "Send the header `Authorization: Bearer b1b_…`.",
)
TOKEN_INVALID = ProblemType(
    "token-invalid",
    HTTPStatus.UNAUTHORIZED,
    "The token is none of ours",
    "Look for characters lost when it was copied, or ask the operator for a new token.",
)
TOKEN_EXPIRED = ProblemType(
    "token-expired",
    HTTPStatus.UNAUTHORIZED,
    "The token has expired",
    "Ask the operator for a new token.",
)
TOKEN_REVOKED = ProblemType(
    "token-revoked",
    HTTPStatus.UNAUTHORIZED,
    "The token was revoked",
    "Ask the operator why, and for a new token.",
)
UNTRUSTED_NOTICE = ProblemType(
    "untrusted-notice",
    HTTPStatus.UNAUTHORIZED,
    "The notice is not signed as its connection signs",
    "Compare the secret of the connection with the sender's, and the clocks of both.",
)
SCOPE_MISSING = ProblemType(
    "scope-missing",
    HTTPStatus.FORBIDDEN,
    "The token may not do this",
    "Ask the operator for a token with the scope that `scope` names.",
)
NOT_FOUND = ProblemType(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "Nothing has this address",
    "Compare the path with the OpenAPI document at /v1/openapi.json.",
)
UNKNOWN_RECORD = ProblemType(
    "unknown-record",
    HTTPStatus.NOT_FOUND,
    "There is no such record",
    "Compare the reference or code with the list it comes from; letter case counts.",
)
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "This address does not take this method",
    "Use one of the methods in the header `Allow`.",
)
ORDER_EXISTS = ProblemType(
    "order-exists",
    HTTPStatus.CONFLICT,
    "The reference was used for an order with another body",
    "Send PUT to the order's own address to change it, or choose another reference.",
)
CONTACT_EXISTS = ProblemType(
    "contact-exists",
    HTTPStatus.CONFLICT,
    "The reference was used for a contact with another body",
    "Choose another reference, or leave it out and let one be made.",
)
KEY_REUSED = ProblemType(
    "key-reused",
    HTTPStatus.CONFLICT,
    "The Idempotency-Key was used for another body",
    "Use a new key for each new order; the same key only to send the same order again.",
)
ORDER_CANCELLED = ProblemType(
    "order-cancelled",
    HTTPStatus.CONFLICT,
    "The order is cancelled",
    "Send a new order under another reference.",
)
CHANGED_MEANWHILE = ProblemType(
    "changed-meanwhile",
    HTTPStatus.PRECONDITION_FAILED,
    "The order has another version by now",
    "Read the order again and send the change with the ETag it has now.",
)
TOO_LARGE = ProblemType(
    "too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "A body has at most 1 MiB; send many orders in several calls.",
)
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported-media-type",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "The body is not sent as JSON",
    "Send `Content-Type: application/json`, in UTF-8 and not compressed.",
)
INVALID_BODY = ProblemType(
    "invalid-body",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body does not say what is needed",
    "Correct the fields that `errors` names.",
)
NOT_SET_UP = ProblemType(
    "not-set-up",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Nobody posts what this connection takes",
    "The operator adds a sync from the connection to the books; then send it again.",
)
ORDER_REFUSED = ProblemType(
    "order-refused",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The order stands in a case: nothing was posted",
    "Do what `fix` says: the operator mends the books and retries the case, or you send a"
    " corrected order with PUT, or cancel it. The page of cases explains each `reason`.",
)
CONTACT_REFUSED = ProblemType(
    "contact-refused",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The contact stands in a case: nobody was added",
    "Do what `fix` says: the operator mends the books and retries the case, or ignores it.",
)
REFUSED = ProblemType(
    "refused",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The books refused",
    "Do what `fix` says; the page of cases explains each `reason`.",
)
RATE_LIMITED = ProblemType(
    "rate-limited",
    HTTPStatus.TOO_MANY_REQUESTS,
    "Too many requests with this token",
    "Wait as many seconds as `Retry-After` says.",
)
INTERNAL = ProblemType(
    "internal",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "The hub made a mistake",
    "Tell the operator the `request_id`: the hub's log has the rest.",
)
UNAVAILABLE = ProblemType(
    "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "What is needed for the answer is away",
    "Send the same request again after as many seconds as `Retry-After` says.",
)

ALL: tuple[ProblemType, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, ProblemType)
)

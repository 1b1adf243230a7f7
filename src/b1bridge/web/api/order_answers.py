"""What a client is answered about an order: its status, or why it was refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NoReturn

from starlette.responses import Response

from b1bridge.bootstrap.order_status import OrderStatus, Progress, status_json
from b1bridge.domain.submissions import Submitted, Verdict
from b1bridge.web import problem_types
from b1bridge.web.api.wrong_places import wrong_places
from b1bridge.web.problems import Refusal

REPLAYED = "Idempotency-Replayed"
_STATUS = {
    Progress.POSTED: HTTPStatus.CREATED,
    Progress.ACCEPTED: HTTPStatus.ACCEPTED,
    Progress.SKIPPED: HTTPStatus.OK,
    Progress.CANCELLED: HTTPStatus.OK,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, sent by itself or as one of many."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, beside: Mapping[str, str] | None = None) -> Response:
        """Send it by itself, with the headers that reading the request has put `beside`."""
        return Response(
            self.body,
            status_code=self.status,
            headers={**(beside or {}), **self.headers},
            media_type="application/json",
        )


def answer_to_order(status: OrderStatus, submitted: Submitted) -> Answer:
    """Tell how an order that was sent stands; Refusal where it stands in a case."""
    headers = {"Location": location_of(status.reference), "ETag": etag_of(status)}
    if submitted.verdict is Verdict.SAME:
        headers[REPLAYED] = "true"
    if status.state is Progress.REFUSED:
        raise refused(status, headers)
    return Answer(_STATUS[status.state], status_json(status), headers)


def answer_to_change(status: OrderStatus) -> Answer:
    """Tell how an order stands after it was changed or called off."""
    if status.state is Progress.REFUSED:
        raise refused(status, {"ETag": etag_of(status)})
    done = HTTPStatus.ACCEPTED if status.state is Progress.ACCEPTED else HTTPStatus.OK
    return Answer(done, status_json(status), {"ETag": etag_of(status)})


def answer_to_question(status: OrderStatus) -> Answer:
    """Tell how an order stands, in a case or not."""
    return Answer(HTTPStatus.OK, status_json(status), {"ETag": etag_of(status)})


def etag_of(status: OrderStatus) -> str:
    """Return the tag of the status as it is told: the order's version, and a digest."""
    return f'"{status.version}-{hashlib.sha256(status_json(status)).hexdigest()[:16]}"'


def location_of(reference: str) -> str:
    """Return where the status of an order is told."""
    return f"/v1/orders/{reference}"


def check(submitted: Submitted, taken: Verdict) -> None:
    """Refuse what the desk did not take, and had not taken before."""
    if submitted.verdict not in {taken, Verdict.SAME}:
        _refuse(submitted)


def unknown(reference: str) -> Refusal:
    """Say that nobody has sent such an order with tokens of this connection."""
    return Refusal(problem_types.UNKNOWN_RECORD, f"there is no order {reference}")


def refused(status: OrderStatus, headers: Mapping[str, str]) -> Refusal:
    """Say why nothing was posted, and what to do."""
    case, order = status.case, json.loads(status.body)
    more: dict[str, Any] = {"reference": status.reference, "version": status.version}
    if case is None:
        detail = f"order {status.reference} waits for the operator"
        return Refusal(problem_types.ORDER_REFUSED, detail, headers=headers, more=more)
    more |= {"case": case.id, "reason": case.reason, "fix": case.fix}
    errors = wrong_places(case.reason, case.message, order)
    kind = problem_types.ORDER_REFUSED
    return Refusal(kind, case.message, errors=errors, headers=headers, more=more)


def _refuse(submitted: Submitted) -> NoReturn:
    reference = submitted.ref.id
    kind, detail = {
        Verdict.OTHER_BODY: (
            problem_types.ORDER_EXISTS,
            f"the order {reference} was sent before, with another body",
        ),
        Verdict.KEY_REUSED: (
            problem_types.KEY_REUSED,
            f"the key was sent before, with another body, for the order {reference}",
        ),
        Verdict.STALE: (
            problem_types.CHANGED_MEANWHILE,
            f"the order {reference} has version {submitted.version} by now",
        ),
        Verdict.CANCELLED: (
            problem_types.ORDER_CANCELLED,
            f"the order {reference} is cancelled, and stays so",
        ),
        Verdict.UNKNOWN: (problem_types.UNKNOWN_RECORD, f"there is no order {reference}"),
        Verdict.NO_SYNC: (
            problem_types.NOT_SET_UP,
            f"no sync takes orders of the connection {submitted.ref.connection}",
        ),
    }[submitted.verdict]
    headers = {"Location": location_of(reference)} if kind is problem_types.ORDER_EXISTS else {}
    if kind is problem_types.NOT_SET_UP:
        headers = {"Retry-After": "300"}
    raise Refusal(kind, detail, headers=headers)

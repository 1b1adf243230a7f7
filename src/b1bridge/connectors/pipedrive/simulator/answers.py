"""How Pipedrive words an answer: envelopes, errors and numbers (pipedrive-whatsapp.md 1.2)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from starlette.responses import Response

_MORE = "Please check developers.pipedrive.com"


class Refused(Exception):
    """A request that is answered with an error; `code` is Pipedrive's own word for it."""

    def __init__(self, status: int, error: str, *, code: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.code = code

    def answer(self) -> Response:
        """Word the refusal."""
        payload = {
            "success": False,
            "error": self.error,
            "error_info": _MORE,
            "data": None,
            "additional_data": None,
        }
        return answer(payload | ({"code": self.code} if self.code else {}), self.status)


def read_json(body: bytes) -> Any:
    """Read a request; numbers with a point stay exact."""
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError as exc:
        raise Refused(400, f"Bad request: {exc}") from exc


def answer(payload: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Send JSON as UTF-8."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), default=_number)
    return Response(body.encode(), status, headers, media_type="application/json")


def found(data: Any, status: int = 200, **additional: Any) -> Response:
    """Send what was asked for."""
    payload: dict[str, Any] = {"success": True, "data": data}
    return answer(payload | ({"additional_data": additional} if additional else {}), status)


def unauthorized() -> Response:
    """Refuse who has no token, in the words of the published examples."""
    return answer({"success": False, "error": "unauthorized access", "errorCode": 401}, 401)


def _number(value: object) -> float | int:
    """Write an exact number as JSON's; Pipedrive itself keeps binary ones."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(value)

"""How BigCommerce words an answer: money, dates, pages and errors (storefronts.md 1.2, 1.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import Response

CODES = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"


def money(amount: Decimal) -> str:
    """Write an amount as V2 does: a string with four decimals."""
    return f"{amount:.4f}"


def rfc2822(moment: datetime | None) -> str:
    """Write a V2 date; an unset date is an empty string, not null."""
    return format_datetime(moment.astimezone(UTC)) if moment else ""


def moment_of(text: str) -> datetime:
    """Read a date filter: RFC 2822 or ISO 8601; one without an offset is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def answer(payload: Any, status: int = 200, *, media_type: str = "application/json") -> Response:
    """Send JSON as UTF-8."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode(), status, media_type=media_type)


def v2_list(rows: Sequence[Mapping[str, Any]]) -> Response:
    """Send a V2 collection: a bare array, and 204 with no body when it is empty."""
    return answer(rows) if rows else Response(status_code=204)


def v2_error(status: int, message: str) -> Response:
    """Refuse as V2 does: an array of errors."""
    return answer([{"status": status, "message": message}], status)


def v3_error(status: int, title: str, errors: Mapping[str, str] | None = None) -> Response:
    """Refuse as V3 does: one object; only 422 names fields."""
    payload: dict[str, Any] = {"status": status, "title": title, "type": CODES}
    return answer(payload | ({"errors": errors} if errors else {}), status)


def problem(status: int, title: str, errors: Mapping[str, str] | None = None) -> Response:
    """Refuse as the inventory API does."""
    payload = {"status": status, "title": title, "type": CODES, "errors": errors or {}}
    return answer(payload, status, media_type="application/problem+json")


def page_of(query: QueryParams, rows: Sequence[Any], *, default: int = 50) -> Sequence[Any]:
    """Cut out the page that `page` and `limit` ask for; a limit above 250 means 250."""
    page, limit = _page_and_limit(query, default)
    return rows[(page - 1) * limit : page * limit]


def v3_page(query: QueryParams, rows: Sequence[Any], *, default: int = 50) -> dict[str, Any]:
    """Describe a page as V3's `meta.pagination`."""
    page, limit = _page_and_limit(query, default)
    pages = max(1, -(-len(rows) // limit))
    count = len(page_of(query, rows, default=default))
    links = {"current": f"?page={page}&limit={limit}"}
    if page > 1:
        links["previous"] = f"?page={page - 1}&limit={limit}"
    if page < pages:
        links["next"] = f"?page={page + 1}&limit={limit}"
    pagination = {
        "total": len(rows), "count": count, "per_page": limit, "current_page": page,
        "total_pages": pages, "links": links,
    }  # fmt: skip
    return {"pagination": pagination}


def _page_and_limit(query: QueryParams, default: int) -> tuple[int, int]:
    page = max(1, int(query.get("page", "1")))
    return page, min(250, max(1, int(query.get("limit", str(default)))))

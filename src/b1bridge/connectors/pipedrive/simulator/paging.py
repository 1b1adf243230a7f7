"""Pages: opaque cursors in v2, `start` and `limit` in v1 (pipedrive-whatsapp.md 1.4)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import Response

from .answers import Refused, answer, found

_DEFAULT, _MOST = 100, 500
_SORTS = {"id", "update_time", "add_time"}


def cursor_page(
    query: QueryParams,
    rows: Sequence[dict[str, Any]],
    shown: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> Response:
    """Send a page after the cursor, sorted as asked; the id settles what is equal."""
    limit = _number(query, "limit", _DEFAULT)
    if not 1 <= limit <= _MOST:
        raise Refused(400, f"limit must be between 1 and {_MOST}")
    sort = query.get("sort_by", "id")
    if sort not in _SORTS:
        raise Refused(400, f"sort_by must be one of {sorted(_SORTS)}")
    down = query.get("sort_direction", "asc") == "desc"
    ordered = sorted(rows, key=lambda row: (row[sort], row["id"]), reverse=down)
    if cursor := query.get("cursor"):
        mark = _opened(cursor)
        ordered = [row for row in ordered if _is_after(_key(row, sort), mark, down=down)]
    page, more = ordered[:limit], len(ordered) > limit
    cursor = _closed(_key(page[-1], sort)) if more else None
    return found([shown(row) for row in page], next_cursor=cursor)


def start_page(query: QueryParams, rows: Sequence[dict[str, Any]]) -> Response:
    """Send a page of v1."""
    start, limit = _number(query, "start", 0), _number(query, "limit", _DEFAULT)
    limit = min(limit, _MOST)
    more = len(rows) > start + limit
    pagination: dict[str, Any] = {
        "start": start,
        "limit": limit,
        "more_items_in_collection": more,
    }
    if more:
        pagination["next_start"] = start + limit
    payload = {
        "success": True,
        "data": list(rows[start : start + limit]) or None,
        "additional_data": {"pagination": pagination},
    }
    return answer(payload)


def _key(row: dict[str, Any], sort: str) -> tuple[Any, int]:
    return row[sort], row["id"]


def _is_after(key: tuple[Any, int], mark: tuple[Any, int], *, down: bool) -> bool:
    return key < mark if down else key > mark


def _closed(mark: tuple[Any, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(mark).encode()).decode()


def _opened(cursor: str) -> tuple[Any, int]:
    try:
        value, id_ = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, TypeError) as exc:
        raise Refused(400, "cursor is invalid") from exc
    return value, id_


def _number(query: QueryParams, name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal():
        raise Refused(400, f"{name} must be an integer")
    return int(text)

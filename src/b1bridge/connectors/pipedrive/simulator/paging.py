"""Pages: opaque cursors in v2, `start` and `limit` in v1 (pipedrive-whatsapp.md 1.4)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import Response

from .answers import Refused, answer, found
from .operations import whole_number

_DEFAULT, _MOST = 100, 500
MOST_IDS = 100
SORTS = frozenset({"id", "update_time", "add_time"})
PAGE = ("limit", "cursor")
SORTED = (*PAGE, "sort_by", "sort_direction")
"""The parameters of every v2 list, and of those that are sorted."""


def cursor_page(
    query: QueryParams,
    rows: Sequence[dict[str, Any]],
    shown: Callable[[dict[str, Any]], dict[str, Any]] = dict,
    sorts: Collection[str] = SORTS,
) -> Response:
    """Send a page after the cursor, sorted as asked; the id settles what is equal."""
    limit = _number(query, "limit", _DEFAULT)
    if not 1 <= limit <= _MOST:
        raise Refused(400, f"limit must be between 1 and {_MOST}")
    sort = query.get("sort_by", "id")
    if sort not in sorts:
        raise Refused(400, f"sort_by must be one of {sorted(sorts)}")
    direction = query.get("sort_direction", "asc")
    if direction not in {"asc", "desc"}:
        raise Refused(400, "sort_direction must be one of [asc, desc]")
    down = direction == "desc"
    ordered = sorted(rows, key=lambda row: _key(row, sort), reverse=down)
    if cursor := query.get("cursor"):
        mark = _opened(cursor, type(_key(ordered[0], sort)[0]) if ordered else object)
        ordered = [row for row in ordered if _is_after(_key(row, sort), mark, down=down)]
    page, more = ordered[:limit], len(ordered) > limit
    cursor = _closed(_key(page[-1], sort)) if more else None
    return found([shown(row) for row in page], next_cursor=cursor)


def place_page(
    query: QueryParams, rows: Sequence[Any], most: int = _MOST
) -> tuple[list[Any], str | None]:
    """Return a page of what has no ids to go on from, and the place of the next one (guess)."""
    start, limit = _number(query, "cursor", 0), _number(query, "limit", _DEFAULT)
    if not 1 <= limit <= most:
        raise Refused(400, f"limit must be between 1 and {most}")
    following = start + limit
    return list(rows[start:following]), str(following) if following < len(rows) else None


def ids_of(text: str, name: str) -> set[int]:
    """Read ids with commas between them; none for none."""
    ids = {whole_number(one, name) for one in text.split(",") if text}
    if len(ids) > MOST_IDS:
        raise Refused(400, f"{name} takes at most {MOST_IDS} ids")
    return ids


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
    return ("" if row[sort] is None else row[sort]), row["id"]


def _is_after(key: tuple[Any, int], mark: tuple[Any, int], *, down: bool) -> bool:
    return key < mark if down else key > mark


def _closed(mark: tuple[Any, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(mark).encode()).decode()


def _opened(cursor: str, kind: type) -> tuple[Any, int]:
    try:
        value, id_ = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, TypeError) as exc:
        raise Refused(400, "cursor is invalid") from exc
    if not isinstance(value, kind) or not isinstance(id_, int):
        raise Refused(400, "cursor is invalid")
    return value, id_


def _number(query: QueryParams, name: str, default: int) -> int:
    return whole_number(query.get(name, str(default)), name)

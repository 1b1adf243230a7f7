"""What another system says becomes a model of ours here, or is refused by name of the field."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from b1bridge.errors import ContractBroken
from b1bridge.sdk import exact_json
from b1bridge.sdk.evidence import evidence

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def read(model: type[M], payload: Any, *, system: str = "", record: str = "") -> M:
    """Read one record; raise ContractBroken that names the field; only its payload has content."""
    try:
        return model.model_validate(payload)
    except ValidationError as exc:
        raise _unreadable(exc, payload, system, record or model.__name__) from exc


def read_all(rows: TypeAdapter[T], payload: Any, *, system: str = "", record: str = "") -> T:
    """Read many records at once; `rows` is made once per module, since making it is slow."""
    try:
        return rows.validate_python(payload)
    except ValidationError as exc:
        raise _unreadable(exc, _first_bad(exc, payload), system, record or "rows") from exc


def read_json(text: str | bytes, *, system: str = "", record: str = "") -> Any:
    """Parse JSON with exact numbers; raise ContractBroken for anything else."""
    try:
        return exact_json.loads(text)
    except ValueError as exc:
        msg = f"{system}: the answer about {record or 'a request'} is not JSON"
        raise ContractBroken(msg, system=system, payload=evidence(text)) from exc


def _unreadable(exc: ValidationError, payload: Any, system: str, record: str) -> ContractBroken:
    wrong = "; ".join(
        f"{'.'.join(map(str, error['loc'])) or 'the whole'}: {error['msg']}"
        for error in exc.errors(include_input=False, include_url=False)[:5]
    )
    msg = f"{system}: {record} came in an unknown shape ({wrong})"
    return ContractBroken(msg, system=system, payload=evidence(payload))


def _first_bad(exc: ValidationError, payload: Any) -> Any:
    """Return the first row that cannot be read; the whole where there are no rows."""
    where = exc.errors(include_input=False, include_url=False)[0]["loc"]
    if isinstance(payload, list) and where and isinstance(where[0], int):
        return payload[where[0]]
    return payload

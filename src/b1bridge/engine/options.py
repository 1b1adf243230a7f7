"""From what an operator typed to the options that a flow declares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from b1bridge.engine.flow import Flow
from b1bridge.errors import NeedsOperator


def options_of(flow: Flow, given: Mapping[str, Any]) -> Any:
    """Return the flow's options; raises NeedsOperator for one it does not know or cannot take."""
    known = getattr(flow.options, "__dataclass_fields__", {})
    unknown = sorted(set(given) - set(known))
    if unknown:
        _refuse(flow, f"there is no option {', '.join(unknown)}; there are {', '.join(known)}")
    try:
        return _adapter(flow.options).validate_python(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return _refuse(flow, f"option {where}: {first['msg']}")


def _refuse(flow: Flow, what: str) -> None:
    msg = f"flow {flow.name}: {what}"
    raise NeedsOperator(msg, reason="OPTIONS", fix="change the options of the sync")


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)

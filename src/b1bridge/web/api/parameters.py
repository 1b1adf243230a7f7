"""Query parameters that an address does not know: a filter with a slip must not go unnoticed."""

from __future__ import annotations

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params

from b1bridge.web import problem_types
from b1bridge.web.problems import Refusal, WrongField

_MOST_SHOWN = 40


def refuse_unknown(request: Request) -> None:
    """Refuse with 400 what the route of this request has no parameter for."""
    if not request.query_params:
        return
    known = {field.alias for field in get_flat_params(request.scope["route"].dependant)}
    errors = [
        WrongField(f"query {name[:_MOST_SHOWN]}", "this parameter is not known")
        for name in dict.fromkeys(request.query_params)
        if name not in known
    ]
    if errors:
        detail = f"{errors[0].pointer}: {errors[0].detail}"
        raise Refusal(problem_types.INVALID_PARAMETER, detail, errors=errors)

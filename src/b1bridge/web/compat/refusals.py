"""How the older paths refuse: a problem document that older clients can read as well."""

from __future__ import annotations

from http import HTTPStatus
from typing import NoReturn

from b1bridge.web import problem_types
from b1bridge.web.problems import Refusal, WrongField


def refuse(detail: str, where: str = "") -> NoReturn:
    """Refuse what was asked for, naming the field in the older product's words."""
    errors = [WrongField(where, detail)] if where else []
    raise Refusal(problem_types.OLDER_REQUEST, detail, errors=errors)


def in_older_words(refusal: Refusal) -> Refusal:
    """Add what the older product's errors had: `error` and `message` (sap-service-layer.md 13).

    Flask-JWT, which it logged in with, wrote `description` and `status_code` into a 401.
    """
    status, said = refusal.kind.status, str(refusal)
    words: dict[str, object] = {"error": status.phrase.lower(), "message": said}
    if status is HTTPStatus.UNAUTHORIZED:
        words |= {"description": said, "status_code": int(status)}
    return Refusal(
        refusal.kind,
        said,
        errors=refusal.errors,
        headers=refusal.headers,
        more={**refusal.more, **words},
    )

"""What SAP's refusals mean in plain words, who can help, and how; the entries are catalogue.toml.

Compared are numbers and bracketed names only: texts come in the language of the login and are
reworded between releases (sap-service-layer.md 3.1).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Literal

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter

from b1bridge.connectors.sap_b1.client.sap_errors import SapError, sap_error_of
from b1bridge.errors import BridgeError

Owner = Literal["operator", "finance", "SAP admin", "developer"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(_Strict):
    """What an entry is about; an empty part is not compared, `*` stands for any number."""

    procedure: str = ""
    message: str = ""
    code: str = ""
    column: str = ""
    status: str = ""


class Explanation(_Strict):
    """One meaning; `source` says which section of sap-service-layer.md tells it, and how surely."""

    when: When
    sentence: str
    owner: Owner
    fix: str
    source: str

    @property
    def is_specific(self) -> bool:
        """Whether it says more than that SAP refused."""
        return self.when not in _SAY_LITTLE


UNKNOWN = Explanation(
    when=When(),
    sentence="The catalogue does not know this refusal.",
    owner="operator",
    fix="Read SAP's text; it names the field or the rule.",
    source="",
)

# Which marks are looked at together, the most telling ones first.
_ORDER = (("procedure",), ("message",), ("code", "column"), ("code",), ("column",), ("status",))
# Codes that stand for many refusals say less than the field in brackets does.
_VAGUE = frozenset({"-1", "-10", "-5002"})
_SAY_LITTLE = frozenset({When(), *(When(code=code) for code in _VAGUE)})


def explain(said: SapError, *, status: int | None = None) -> Explanation:
    """Explain a refusal; UNKNOWN where no entry fits."""
    marks = _marks(said, status)
    for names in _ORDER:
        if names == ("code",) and said.code in _VAGUE:
            continue
        if found := _entry({name: marks[name] for name in names}):
            return found
    return _entry({"code": said.code}) or UNKNOWN


def explain_answer(response: httpx.Response) -> Explanation:
    """Explain a refusing answer, be it SAP's or the balancer's."""
    # The one fact about a 500 without a code is about an empty body (1).
    silent = not response.content or response.status_code != HTTPStatus.INTERNAL_SERVER_ERROR
    return explain(sap_error_of(response), status=response.status_code if silent else None)


def explanation_of(error: BridgeError) -> Explanation:
    """Explain an error that the client raised; UNKNOWN where no answer of SAP's was behind it."""
    said = error.__cause__
    return said.explanation if isinstance(said, Explained) else UNKNOWN


class Explained(Exception):
    """SAP's own refusal, kept as the cause of the error that tells what happens next."""

    def __init__(self, said: SapError, explanation: Explanation) -> None:
        super().__init__(said.text)
        self.said = said
        self.explanation = explanation


@cache
def entries() -> tuple[Explanation, ...]:
    """Read the catalogue, in the order in which it is written."""
    text = files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Explanation, ...]).validate_python(tuple(tomllib.loads(text)["entry"]))


def as_page() -> str:
    """Write the catalogue as the reference page of the documentation."""
    rows = "".join(
        f"| {_spoken(entry.when)} | {entry.sentence} | {entry.owner} | {entry.fix} "
        f"| {entry.source} |\n"
        for entry in entries()
    )
    return _PAGE + rows


def _marks(said: SapError, status: int | None) -> dict[str, str]:
    return {
        "procedure": said.procedure,
        "message": said.message_id,
        "code": said.code,
        "column": said.column,
        "status": "" if said.code or status is None else str(status),
    }


def _entry(marks: Mapping[str, str]) -> Explanation | None:
    if not all(marks.values()):
        return None
    found = _by_marks().get(When(**marks))
    if found is None and "procedure" in marks:
        return _by_marks()[When(procedure="*")]
    return found


@cache
def _by_marks() -> dict[When, Explanation]:
    return {entry.when: entry for entry in entries()}


def _spoken(when: When) -> str:
    named = (("code", "code"), ("message", "message"), ("column", "field"))
    parts = [f"{word} `{getattr(when, name)}`" for name, word in named if getattr(when, name)]
    if when.procedure:
        number = "<number>" if when.procedure == "*" else when.procedure
        parts.append(f"company check `({number})`")
    if when.status:
        parts.append(f"HTTP {when.status} without a code")
    return ", ".join(parts)


_PAGE = """\
# SAP's refusals, explained

What the Service Layer says with a number, in plain words, and who can help. Numbers decide, never
words: SAP writes in the language of the login. A field is what SAP puts in brackets, such as
`[INV1.ItemCode][line: 2]`, where lines count from 1. The last column says which part of our
collected facts tells it, and how surely.

| SAP says | which means | who can help | what to do | source |
|---|---|---|---|---|
"""

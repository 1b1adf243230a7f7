"""What a connector wants to know, asked of whoever has not said it yet."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import typer
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from b1bridge.cli.screen import warn
from b1bridge.errors import NeedsOperator


def gather(
    model: type[BaseModel],
    *,
    known: Mapping[str, Any],
    sealed: Collection[str] = (),
    file: Path | None = None,
    pairs: Sequence[str] = (),
) -> dict[str, Any]:
    """Put settings together: what is known, environment, file, pairs; ask for what is missing.

    `sealed` names secrets given before: they cannot be read back, so they are asked for again.
    """
    given = {**known, **_from_environment(model), **_from_file(file), **_from_pairs(model, pairs)}
    refuse_unknown(given, model)
    for name, field in model.model_fields.items():
        if name not in given and (field.is_required() or name in sealed):
            given[name] = _ask(name, field)
    _check(model, given)
    return given


def is_secret(field: FieldInfo) -> bool:
    """Tell whether a setting must never be shown, also when it may be left out."""
    return SecretStr in _kinds(field.annotation)


def parse_pairs(pairs: Sequence[str], *, option: str) -> dict[str, str]:
    """Read key=value pairs; the value may itself hold equals signs."""
    split = [pair.partition("=") for pair in pairs]
    for key, sign, _ in split:
        if not (key and sign):
            msg = f"{option} wants key=value, not '{key}'"
            raise NeedsOperator(msg, reason="USAGE", fix=f"write {option} {key or 'key'}=value")
    return {key: value for key, _, value in split}


def json_or_text(text: str) -> Any:
    """Read lists and tables as JSON says them; everything else is text, read by its model."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except ValueError as exc:
        msg = f"'{text}' begins like JSON and is not: {exc}"
        raise NeedsOperator(msg, reason="USAGE", fix='write ["a", "b"] or {"a": "b"}') from exc


def read_json_object(file: Path) -> dict[str, Any]:
    """Read a file that holds one JSON object."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as exc:
        msg = f"{file} is not JSON: {exc}"
        raise NeedsOperator(msg, reason="USAGE", fix="correct the file") from exc
    if not isinstance(found, dict):
        msg = f"{file} holds no JSON object"
        raise NeedsOperator(msg, reason="USAGE", fix='write {"key": "value", …}')
    return found


def refuse_unknown(given: Mapping[str, Any], model: type[BaseModel]) -> None:
    """Name the settings that nobody would read."""
    unknown = sorted(set(given) - set(model.model_fields))
    if unknown:
        msg = f"no such setting: {', '.join(unknown)}"
        raise NeedsOperator(msg, reason="USAGE", fix=f"choose from {', '.join(model.model_fields)}")


def _from_environment(model: type[BaseModel]) -> dict[str, Any]:
    found = {name: os.environ.get(variable_of(name)) for name in model.model_fields}
    return {name: value for name, value in found.items() if value is not None}


def variable_of(name: str) -> str:
    """Name the environment variable that may hold a setting."""
    return f"B1BRIDGE_{name.upper()}"


def _from_file(file: Path | None) -> dict[str, Any]:
    return read_json_object(file) if file else {}


def _from_pairs(model: type[BaseModel], pairs: Sequence[str]) -> dict[str, Any]:
    given = parse_pairs(pairs, option="--set")
    for name in given:
        field = model.model_fields.get(name)
        if field is not None and is_secret(field):
            warn(
                f"{name} stood on the command line, where others on this machine may have read it: "
                f"next time type it when asked, or set {variable_of(name)}"
            )
    return {name: _value(model, name, text) for name, text in given.items()}


def _value(model: type[BaseModel], name: str, text: str) -> Any:
    field = model.model_fields.get(name)
    plain = field is None or not _kinds(field.annotation) & {list, dict, tuple, set, frozenset}
    return text if plain else json_or_text(text)


def _ask(name: str, field: FieldInfo) -> str:
    hidden = is_secret(field)
    try:
        answer: str = typer.prompt(_question(name, field), hide_input=hidden)
    except typer.Abort as exc:
        if isinstance(exc.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        msg = f"{name} is not given, and nobody is there to type it"
        fix = f"give it with --set {name}=…, with --settings FILE.json or as {variable_of(name)}"
        raise NeedsOperator(msg, reason="USAGE", fix=fix) from exc
    return answer


def _question(name: str, field: FieldInfo) -> str:
    return f"{name} ({field.description})" if field.description else name


def _check(model: type[BaseModel], given: Mapping[str, Any]) -> None:
    try:
        model.model_validate(given)
    except ValidationError as exc:
        # The error's own text would show what was typed, secrets included.
        wrong = [
            f"{'.'.join(map(str, error['loc'])) or 'settings'}: {error['msg']}"
            for error in exc.errors(include_input=False, include_context=False)
        ]
        msg = "; ".join(wrong)
        raise NeedsOperator(
            msg, reason="USAGE", fix="correct the setting and connect again"
        ) from None


def _kinds(annotation: Any) -> set[Any]:
    """Return the types an annotation is made of: X | None is {X, None}, list[X] is {list}."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return set().union(*(_kinds(part) for part in get_args(annotation)))
    return {origin or annotation}

"""`b1bridge flows`: what can be switched on, and what each sync of it may set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer

from b1bridge.cli.screen import AsJson, say, say_json, say_table
from b1bridge.engine.flow import Flow
from b1bridge.errors import NeedsOperator
from b1bridge.flows import discover


def flows(
    flow: Annotated[str | None, typer.Argument(help="One flow; all when left out.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List flows, with their options and what these are when nobody sets them.

    Example: b1bridge flows order-to-invoice
    """
    chosen = _chosen(flow)
    if as_json:
        say_json([_plain(one) for one in chosen])
        return
    for one in chosen:
        say(one.name, style="bold")
        say(f"  {_does(one)} {_when(one)}")
        options = list(_options(one))
        if options:
            say_table(("  option", "default", "may be"), options)
        say()
    say("Switch one on: b1bridge sync add NAME --flow FLOW --from A --to B --option KEY=VALUE")


def _chosen(name: str | None) -> list[Flow]:
    offered = discover()
    if name is None:
        return list(offered.values())
    if name not in offered:
        msg = f"there is no flow '{name}'"
        raise NeedsOperator(msg, reason="USAGE", fix=f"choose from {', '.join(sorted(offered))}")
    return [offered[name]]


def _does(flow: Flow) -> str:
    return (flow.body.__doc__ or "").partition("\n")[0]


def _when(flow: Flow) -> str:
    if flow.on == "schedule":
        return "Runs by schedule."
    then = f", then {', '.join(flow.then)}" if flow.then else ""
    return f"Runs for each {flow.on} that changes{then}."


def _options(flow: Flow) -> Iterator[tuple[str, str, str]]:
    kinds = get_type_hints(flow.options)
    for name, default in _defaults(flow).items():
        yield f"  {name}", _shown(default), _may_be(kinds[name])


def _defaults(flow: Flow) -> dict[str, Any]:
    unset = flow.options()
    return {field.name: getattr(unset, field.name) for field in fields(flow.options)}


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return "none" if default in ("", (), [], {}) else str(default)


def _may_be(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(str(choice.value) for choice in kind)
    if get_origin(kind) is Literal:
        return ", ".join(get_args(kind))
    if kind is bool:
        return "true, false"
    return ""


def _plain(flow: Flow) -> dict[str, Any]:
    return {
        "name": flow.name,
        "does": _does(flow),
        "on": flow.on,
        "then": flow.then,
        "options": _defaults(flow),
    }

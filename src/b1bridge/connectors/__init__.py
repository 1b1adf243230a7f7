"""One folder per remote system. Adding a folder here is all it takes."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from b1bridge.sdk.connector import Connector


def discover() -> dict[str, Connector[Any]]:
    """Import every connector folder and return its CONNECTOR by key."""
    names = sorted(module.name for module in iter_modules(__path__) if module.ispkg)
    found: list[Connector[Any]] = [import_module(f"{__name__}.{n}").CONNECTOR for n in names]
    return {connector.key: connector for connector in found}

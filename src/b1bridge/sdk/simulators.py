"""Finds the simulator that ships with a connector; the demo and the tests use it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from b1bridge.sdk.connector import Connector


def simulate(connector: Connector[Any], **facts: Any) -> Any:
    """Set up the simulator in the connector's own folder; `facts` are its constructor's.

    It is an `sdk.connector.Simulator`, with the clerk verbs of its own trade besides.
    """
    folder = connector.settings.__module__.rpartition(".")[0]
    return import_module(f"{folder}.simulator").Simulator(**facts)

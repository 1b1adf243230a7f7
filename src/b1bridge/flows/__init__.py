"""The business processes, one file each; the file name is the flow's name."""

from importlib import import_module
from pkgutil import iter_modules

from b1bridge.engine.flow import Flow


def discover() -> dict[str, Flow]:
    """Import every flow file and return its FLOW by name."""
    names = sorted(module.name for module in iter_modules(__path__))
    found: list[Flow] = [import_module(f"{__name__}.{name}").FLOW for name in names]
    return {flow.name: flow for flow in found}

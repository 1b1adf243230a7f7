"""The one place that chooses concrete things."""

from b1bridge.bootstrap.hub import Hub, Parts
from b1bridge.bootstrap.work import Retention

__all__ = ["Hub", "Parts", "Retention"]

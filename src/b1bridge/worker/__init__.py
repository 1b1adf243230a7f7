"""The process that takes runs and keeps the schedule."""

from b1bridge.worker.running import run_worker

__all__ = ["run_worker"]

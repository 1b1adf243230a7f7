"""Deaths: one inside the process that no handler softens, and one that is real."""

from __future__ import annotations

import os
import signal


class Crash(BaseException):
    """The process ended here; no `except Exception` can soften it."""


def die() -> None:
    """End this process as the kernel would: no clean-up, no buffers, no last words."""
    os.kill(os.getpid(), signal.SIGKILL)

"""Stands for a process that dies."""

from __future__ import annotations


class Crash(BaseException):
    """The process is gone: the work is done but not yet written down; nothing may catch it."""

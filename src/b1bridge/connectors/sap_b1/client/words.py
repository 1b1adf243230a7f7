"""Words that every error of the client carries."""

from __future__ import annotations

SYSTEM = "SAP B1"

"""Records of clients that have no system of their own: the hub keeps them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from b1bridge.domain.identity import Ref
from b1bridge.domain.submissions import Submission


class Submissions(Protocol):
    """Reads what clients have sent."""

    async def submission(self, ref: Ref) -> Submission | None:
        """Return a record as it stands now."""
        ...

    def submissions_changed_since(
        self, connection: str, kind: str, moment: datetime
    ) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each record changed at or after the moment, and when; oldest first."""
        ...

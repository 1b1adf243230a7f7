"""Documents that change after they were posted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from b1bridge.domain.documents import DocumentKind, SalesDocument
from b1bridge.domain.identity import Posted
from b1bridge.domain.standing import Standing


@runtime_checkable
class Amending(Protocol):
    """Changing, cancelling and closing; callers look first (Run.write_once)."""

    async def change_document(
        self, posted: Posted, document: SalesDocument, rows: Sequence[int | None]
    ) -> Posted:
        """Make an open order hold just these rows and freight; None is a row that is new.

        Whose it is, its reference and its dates stay.
        """
        ...

    async def change_head(self, posted: Posted, document: SalesDocument) -> Posted:
        """Make the head of an open order say what this one's says; a repeat changes nothing.

        Whose it is, its reference, and the dates that it was posted and taxed on stay.
        """
        ...

    async def cancel_document(self, posted: Posted) -> Posted:
        """Take a document back as a whole; Rejected when something was drawn from it."""
        ...

    async def close_document(self, posted: Posted) -> Posted:
        """Deliver nothing more of an order."""
        ...

    async def drawn_from(self, base: Standing, kind: DocumentKind) -> tuple[Standing, ...]:
        """Return the documents of a kind that stand and were drawn from this one."""
        ...

"""Keeps marketing documents and drafts."""

from collections.abc import Mapping
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.documents import changing, drafts
from b1sim.company.documents.cancelling import cancel, close, reopen
from b1sim.company.documents.posting import post, save_draft
from b1sim.company.keeper import Keeper, Undeletable
from b1sim.company.kinds import DRAFT, KINDS
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class DocumentKeeper(Undeletable):
    """Posts documents, changes what may still change, closes and cancels."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Post a document; Diverted when an approval rule turned it into a draft."""
        return {"DocEntry": post(books, KINDS[kind.name], intake).entry}

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change texts of any document, rows of an open order or a draft."""
        changing.change(books, KINDS[kind.name], int(key["DocEntry"]), intake, replace=replace)

    def act(
        self,
        books: Books,
        kind: EntitySet,
        key: Row,
        action: str,
        sent: Mapping[str, Any],  # noqa: ARG002 - these actions take nothing
    ) -> Row | None:
        """Close, reopen or cancel; CreateCancellationDocument answers with what it made."""
        document, entry = KINDS[kind.name], int(key["DocEntry"])
        if action in ("Close", "Reopen"):
            change = close if action == "Close" else reopen
            change(books, document, entry)
            return None
        mirror = cancel(books, document, entry)
        if mirror is None or action != "CreateCancellationDocument":
            return None
        return {"DocEntry": mirror.entry}


class DraftKeeper(DocumentKeeper):
    """Keeps drafts, which may also be thrown away."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - one kind
        """Keep a document as a draft; DocObjectCode says of which kind."""
        return {"DocEntry": save_draft(books, intake).entry}

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:  # noqa: ARG002 - one kind
        """Throw a draft away."""
        drafts.delete(books, int(key["DocEntry"]))


KEEPERS: dict[str, Keeper] = dict.fromkeys(KINDS, DocumentKeeper())
KEEPERS[DRAFT.entity_set] = DraftKeeper()

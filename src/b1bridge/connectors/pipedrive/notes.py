"""Notes, which only v1 has; each carries the key of what it tells of (1.3, 1.7)."""

from __future__ import annotations

from datetime import datetime

from b1bridge.connectors.pipedrive.listings import key_line
from b1bridge.connectors.pipedrive.operations import NOTES
from b1bridge.connectors.pipedrive.records import Records
from b1bridge.domain.crm import Note


class Notes(Records):
    """The NoteTarget of one company."""

    async def find_note(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the note that tells of a record."""
        return await self._directories.notes.find(key, as_of)

    async def add_note(self, note: Note) -> str:
        """Add one and return its id."""
        payload = {"content": _content(note), "org_id": int(note.organization)}
        return await self._added(NOTES["add"], payload, note.key, self._directories.notes)

    async def change_note(self, id_: str, note: Note) -> bool:
        """Make one what it is here, beside the organization it belongs to now."""
        payload = {"content": _content(note), "org_id": int(note.organization)}
        return await self._changed(NOTES["change"], id_, payload, self._directories.notes)


def _content(note: Note) -> str:
    return f"{note.content}{key_line(note.key)}"

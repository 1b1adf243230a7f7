"""Reads the contacts that clients left with the hub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from b1bridge.connectors.rest.contact_wire import ContactOfPartner
from b1bridge.domain.contacts import NewContact
from b1bridge.domain.identity import Ref
from b1bridge.errors import NeedsOperator
from b1bridge.ports.kept import Kept
from b1bridge.sdk.reading import read, read_json

SYSTEM = "the REST façade"


class RestContacts:
    """The ContactSource of one client company; a part of its records, as its orders are."""

    _connection: str
    _kept: Kept

    async def contact(self, ref: Ref) -> NewContact:
        """Return one as it was handed in; NeedsOperator (NOT_FOUND) for one that never was."""
        found = await self._kept.submissions.submission(ref)
        if found is None:
            msg = f"{ref}: no client has sent such a contact"
            fix = "ignore the case: there is nothing to add"
            raise NeedsOperator(msg, reason="NOT_FOUND", fix=fix)
        body = read_json(found.body, system=SYSTEM, record=str(ref))
        wire = read(ContactOfPartner, body, system=SYSTEM, record=str(ref))
        return NewContact(**wire.model_dump(exclude={"reference"}))

    async def contacts_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each contact handed in at or after the moment."""
        changed = self._kept.submissions.submissions_changed_since
        async for found in changed(self._connection, "contact", moment):
            yield found

"""The desk where clients hand in contacts, and ask what became of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from b1bridge.bootstrap.bell import Bell
from b1bridge.bootstrap.order_status import Progress, status_of
from b1bridge.connectors.rest.contact_wire import ContactOfPartner, SubmittedContact
from b1bridge.connectors.rest.wire import canonical, digest_of
from b1bridge.domain.customers import normalised_email
from b1bridge.domain.identity import Ref
from b1bridge.domain.submissions import NewSubmission, Submitted
from b1bridge.engine.records import Case
from b1bridge.ports.links import Links
from b1bridge.storage.submission_views import SubmissionViews
from b1bridge.storage.submissions import StoredSubmissions

KIND = "contact"
EMPLOYEE = "contact employee"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactStatus:
    """What a client is told of a contact; `code` is its number in the books, once it is there."""

    reference: str
    state: Progress
    contact: ContactOfPartner
    code: int | None
    case: Case | None
    put_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDesk:
    """What it answers is on disk, as orders are; the books follow by their flow."""

    submissions: StoredSubmissions
    views: SubmissionViews
    links: Links
    then: Mapping[str, Sequence[str]]
    bell: Bell
    clock: Callable[[], datetime]

    async def submit(
        self,
        connection: str,
        partner: str,
        contact: SubmittedContact,
        *,
        key: str = "",
        actor: str,
    ) -> Submitted:
        """Take a contact, once for its reference and once for an idempotency key.

        Without a reference, the key stands for one; without either, each call is a new one.
        """
        reference = contact.reference or _reference_for(key)
        facts = contact.model_dump(exclude={"reference"})
        kept = ContactOfPartner(**facts, reference=reference, partner=partner)
        body = canonical(kept)
        new = NewSubmission(
            ref=Ref(connection, KIND, reference),
            body=body,
            digest=digest_of(body),
            account=partner,
            email=normalised_email(contact.email),
        )
        return await self.submissions.accept(new, key=key, actor=actor, at=self.clock())

    async def contact(self, connection: str, reference: str) -> ContactStatus | None:
        """Tell what became of a contact; None when nobody has sent it."""
        ref = Ref(connection, KIND, reference)
        found = await self.views.became(ref)
        if found is None:
            return None
        status = status_of(found, self.then)
        employee = await self.links.linked(ref, EMPLOYEE)
        return ContactStatus(
            reference=reference,
            state=status.state,
            contact=ContactOfPartner.model_validate_json(found.submission.body),
            code=int(employee.id.rpartition("/")[2]) if employee else None,
            case=status.case,
            put_off=status.put_off,
        )

    async def settled(self, connection: str, reference: str, within: float) -> ContactStatus | None:
        """Tell it once it is settled or put off, or when so many seconds are over."""

        async def look() -> ContactStatus | None:
            return await self.contact(connection, reference)

        ref = Ref(connection, KIND, reference)
        return await self.bell.look_until(ref, within, look, _is_over)


def _reference_for(key: str) -> str:
    return f"c-{hashlib.sha256(key.encode()).hexdigest()[:32]}" if key else f"c-{uuid.uuid4()}"


def _is_over(status: ContactStatus | None) -> bool:
    return status is None or status.state is not Progress.ACCEPTED or status.put_off

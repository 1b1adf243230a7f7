"""An invoice of the books becomes a note beside its customer's organization, kept up to date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from b1bridge.domain.crm import CrmRecord, Note, content_hash
from b1bridge.domain.crm_profiles import InvoiceProfile
from b1bridge.domain.crm_records import note_from
from b1bridge.domain.deal_progress import deal_of
from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.errors import Transient
from b1bridge.ports.crm import DealSource, NoteTarget
from b1bridge.ports.crm_books import InvoiceHistory
from b1bridge.procedures.crm_records import Writes, linked_id, put
from b1bridge.procedures.deal_progress import note_progress

KIND = "note"
PARTNER = "business partner"
_LATER = 60.0  # seconds after which an organization that is being made should be there


@dataclass(frozen=True, kw_only=True)
class Options:
    """`oldest_days` is how far back invoices are told of; `deals` notes them on deals, too.

    A note that is there is kept up to date, however old its invoice has become.
    """

    oldest_days: int = 365
    deals: bool = True


async def invoice_to_note(
    run: Run, books: InvoiceHistory, crm: NoteTarget, options: Options
) -> Outcome:
    """Write one note for each invoice, and write it again when the invoice changes."""
    invoice = await run.step("read invoice", lambda: books.invoice_profile(run.ref))
    if invoice is None:
        return Outcome(Did.SKIPPED, "it only cancels another invoice, which is told by itself")
    is_old = invoice.issued < (run.now() - timedelta(days=options.oldest_days)).date()
    if is_old and not await linked_id(run, run.ref, KIND):
        why = f"invoice {invoice.number} is older than {options.oldest_days} days"
        return Outcome(Did.SKIPPED, why)
    version = content_hash(note_from(invoice, ""), invoice.partner)
    run.saw(version)
    if version == run.seen:
        return Outcome(Did.ALREADY_THERE, "nothing that is told of it has changed")
    note = note_from(invoice, await _organization(run, crm, invoice))
    made = await put(run, run.ref, KIND, _writes(crm, note))
    told = await _on_deal(run, books, crm, invoice, options)
    return Outcome(Did.POSTED, "; ".join(filter(None, (f"note {made.id}", told))))


async def _organization(run: Run, crm: NoteTarget, invoice: InvoiceProfile) -> str:
    """Return the organization of the invoice's customer; Transient while it is not there yet."""
    partner = Ref(run.ref.connection, PARTNER, invoice.partner)

    async def look() -> str:
        linked = await run.links.linked(partner, CrmRecord.ORGANIZATION.value)
        if linked is not None and linked.connection == run.target:
            return linked.id
        found = await crm.find_organization(invoice.partner, run.as_of)
        if found is None:
            raise _no_organization(run, invoice)
        return found

    return await run.step("find organization", look)


async def _on_deal(
    run: Run, books: InvoiceHistory, crm: NoteTarget, invoice: InvoiceProfile, options: Options
) -> str:
    deal = deal_of(invoice.reference, run.target)
    if deal is None or not options.deals or not isinstance(crm, DealSource):
        return ""
    return await note_progress(run, books, crm, deal)


def _writes(crm: NoteTarget, note: Note) -> Writes:
    return Writes(
        find=lambda as_of: crm.find_note(note.key, as_of),
        add=lambda: crm.add_note(note),
        change=lambda id_: crm.change_note(id_, note),
    )


def _no_organization(run: Run, invoice: InvoiceProfile) -> Transient:
    msg = f"{run.ref}: {run.target} has no organization of customer {invoice.partner} yet"
    fix = (
        f"switch on partner-to-organization between the same connections, or show "
        f"{invoice.partner} with it, then retry the case; or ignore the case"
    )
    return Transient(msg, retry_after=_LATER, reason="ORGANIZATION_MISSING", fix=fix)


FLOW = Flow(
    name="invoice-to-note",
    on="invoice",
    source=InvoiceHistory,
    target=NoteTarget,
    body=invoice_to_note,
    options=Options,
    mirrors=True,
)

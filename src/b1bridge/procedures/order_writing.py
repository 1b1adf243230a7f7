"""Writes an order as a document: what it needs of the books is read, then it is proved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from b1bridge.domain.consistency import consistent
from b1bridge.domain.documents import DocumentKind, SalesDocument, Totals
from b1bridge.domain.items import check_sellable, item_codes, missing_items
from b1bridge.domain.orders import Order, sold_lines
from b1bridge.domain.proof import proved
from b1bridge.domain.sales_documents import Codes, Ledger, charged_totals, document_for
from b1bridge.domain.tax_rates import check_rates, tax_codes_used
from b1bridge.engine.run import Run
from b1bridge.ports.books import Books
from b1bridge.procedures.order_options import OrderOptions
from b1bridge.procedures.special_items import kits_of, units_of

# Looking for other spellings asks the books once per SKU; a list this long helps nobody more.
_SPELLINGS_LOOKED_UP = 20


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that will come to what was charged, before anything was written."""

    document: SalesDocument
    charged: Totals
    notes: tuple[str, ...]


async def codes_of(run: Run) -> Codes:
    """Read the crosswalks that documents of orders are written with."""
    return Codes(
        tax=await run.crosswalk("tax"),
        freight=await run.crosswalk("freight"),
        sku=await run.crosswalk("sku"),
        state=await run.crosswalk("state"),
        country=await run.crosswalk("country"),
    )


async def ledger_of(
    books: Books,
    order: Order,
    codes: Codes,
    kind: DocumentKind,
    *,
    reserve: bool,
    allocates: bool = False,
) -> Ledger:
    """Read how the company counts, and every item of the order; refuse what cannot be sold."""
    wanted = item_codes(sold_lines(order), codes.sku)
    found = await books.items(set(wanted.values()))
    missing = sorted(set(wanted.values()) - found.keys())
    if missing:
        asked = missing[:_SPELLINGS_LOOKED_UP]
        raise missing_items(order.ref, missing, {c: await books.items_like(c) for c in asked})
    check_sellable(order.ref, kind, found.values(), reserve=reserve, allocates=allocates)
    rules = await books.rules()
    day = rules.day_of(order.placed_at)
    check_rates(order, codes.tax, await books.tax_rates(tax_codes_used(order, codes.tax), day))
    return Ledger(
        rules,
        {sku: found[code] for sku, code in wanted.items()},
        await units_of(books, order, codes),
        await kits_of(books, order, kind, found, reserve=reserve),
    )


def prepare(
    order: Order,
    kind: DocumentKind,
    ledger: Ledger,
    codes: Codes,
    options: OrderOptions,
    *,
    reserve: bool,
) -> Prepared:
    """Write and prove the document while nothing has been posted; its partner comes last."""
    fitted = consistent(order, options)
    document = document_for(fitted.order, kind, ledger, codes, options, reserve=reserve)
    charged = charged_totals(order, codes)
    proof = proved(document, charged, options)
    notes = tuple(note for note in (fitted.note, proof.note) if note)
    comments = ". ".join((*notes, document.comments))
    return Prepared(replace(proof.document, comments=comments), charged, notes)

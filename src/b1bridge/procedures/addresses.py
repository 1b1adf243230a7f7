"""What becomes of an order's addresses: told in the outcome, and kept on the partner's card."""

from __future__ import annotations

from b1bridge.domain.addresses import AddressPolicy, check_state, same_place
from b1bridge.domain.customers import Address
from b1bridge.domain.documents import SalesDocument
from b1bridge.engine.run import Run
from b1bridge.ports.books import BusinessPartners


async def address_notes(
    books: BusinessPartners, document: SalesDocument, policy: AddressPolicy
) -> tuple[str, ...]:
    """Say what of the addresses stands elsewhere than one would look, each thing once."""
    notes: dict[str, None] = {}
    for address in dict.fromkeys((document.ship_to, document.bill_to)):
        placing = await books.placing(address)
        check_state(document.reference, address, placing, policy)
        notes |= dict.fromkeys(placing.notes)
    return tuple(notes)


async def ship_to_once(run: Run, books: BusinessPartners, partner: str, address: Address) -> None:
    """Put the address on the partner's card, unless an equal one is there."""
    if not (address.street_1 or address.city):
        return

    async def find() -> str | None:
        known = await books.ship_to_addresses(partner)
        return next((name for name, one in known.items() if same_place(one, address)), None)

    await run.write_once(
        "keep ship-to address", find=find, write=lambda: books.post_ship_to(partner, address)
    )

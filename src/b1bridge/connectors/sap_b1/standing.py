"""Documents with their rows, as they stand in SAP."""

from __future__ import annotations

from decimal import Decimal

from b1bridge.connectors.sap_b1.client.odata import Filter, eq, or_, startswith
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.documents import SapDocuments, selected
from b1bridge.connectors.sap_b1.texts import plain
from b1bridge.connectors.sap_b1.wire import (
    WireRow,
    WireStanding,
    WireStandingExpense,
)
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, KINDS, TREES
from b1bridge.domain.documents import BaseRow, DocumentKind
from b1bridge.domain.identity import Posted
from b1bridge.domain.kits import Tree
from b1bridge.domain.money import Money
from b1bridge.domain.standing import REVISION, Standing, StandingExpense, StandingRow
from b1bridge.domain.units import Unit
from b1bridge.sdk.reading import read

_OPEN = "bost_Open"
_COMPONENT = "iIngredient"


class SapStandingDocuments(SapDocuments):
    """The StandingDocuments capability."""

    async def standing(self, kind: DocumentKind, reference: str) -> tuple[Standing, ...]:
        """Read what carries the reference or one of its revisions, cancelled ones aside."""
        reference = plain(reference)
        changes = startswith("NumAtCard", f"{reference}{REVISION}")
        found = await self._standing_where(kind, or_(eq("NumAtCard", reference), changes))
        return tuple(one for one in found if _is_ours(one.reference, reference))

    async def _standing_where(self, kind: DocumentKind, where: Filter) -> list[Standing]:
        found: list[WireStanding] = []
        async for rows in windows(
            self._service,
            ENTITY_SETS[kind],
            key="DocEntry",
            select=selected(WireStanding, kind),
            where=where,
        ):
            found.extend(read(WireStanding, row, system=SYSTEM, record=str(kind)) for row in rows)
        local = (await self.rules()).local_currency
        return [
            await self._standing(kind, wire, foreign=wire.currency != local)
            for wire in found
            if wire.stands
        ]

    async def _standing(self, kind: DocumentKind, wire: WireStanding, *, foreign: bool) -> Standing:
        currency = wire.currency
        return Standing(
            posted=Posted(kind.value, wire.entry, wire.number),
            reference=wire.reference,
            business_partner=wire.code,
            posted_on=wire.posted_on,
            is_open=wire.status == _OPEN,
            gross=wire.price_mode == "pmdGross",
            totals=await self._totals(wire),
            paid=Money.of(
                (wire.paid_foreign if foreign else wire.paid) + wire.drawn(foreign=foreign),
                currency,
            ),
            rounding=Money.of(wire.rounding_foreign if foreign else wire.rounding, currency),
            rows=tuple(_row(row, currency, foreign=foreign) for row in wire.rows),
            expenses=tuple(_expense(one, currency, foreign=foreign) for one in wire.expenses),
            reserve=wire.reserve,
        )


def _is_ours(found: str, reference: str) -> bool:
    return found == reference or found.removeprefix(f"{reference}{REVISION}").isdecimal()


def _row(wire: WireRow, currency: str, *, foreign: bool) -> StandingRow:
    net = wire.net_foreign if foreign else wire.net
    # The tax of a foreign row has no property of its own in the currency of the document.
    tax = (net * wire.tax_rate / 100) if foreign else wire.tax
    base = None
    if wire.base_type in KINDS and wire.base_entry is not None and wire.base_row is not None:
        base = BaseRow(KINDS[wire.base_type], wire.base_entry, wire.base_row)
    return StandingRow(
        number=wire.number,
        item=wire.item,
        description=wire.description,
        quantity=wire.quantity,
        open_quantity=wire.open_quantity,
        is_open=wire.status == _OPEN,
        net=Money.of(net, currency),
        tax=Money.of(tax, currency).rounded(),
        tax_code=wire.vat_group or wire.tax_code,
        tax_rate=wire.tax_rate,
        warehouse=wire.warehouse,
        account=wire.account,
        base=base,
        moves_stock=not wire.no_movement,
        is_part_of_kit=wire.tree == _COMPONENT,
        tree=TREES.get(wire.tree, Tree.NONE),
        unit=_unit(wire),
        ship_on=wire.ship_on,
    )


def _unit(wire: WireRow) -> Unit | None:
    """Tell in which unit of its group an item is counted; -1 is an item without a group (guess)."""
    if wire.unit is None or wire.unit < 0 or not wire.quantity:
        return None
    return Unit(wire.unit, wire.unit_code, wire.in_stock_unit / wire.quantity)


def _expense(wire: WireStandingExpense, currency: str, *, foreign: bool) -> StandingExpense:
    net = wire.net_foreign if foreign else wire.net
    tax: Decimal = wire.tax_foreign if foreign else wire.tax
    return StandingExpense(
        number=wire.number,
        code=wire.code,
        net=Money.of(net, currency),
        tax=Money.of(tax, currency),
        tax_code=wire.vat_group or wire.tax_code,
        tax_rate=wire.tax_rate,
        remarks=wire.remarks,
    )

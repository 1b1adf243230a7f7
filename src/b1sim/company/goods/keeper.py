"""Keeps the documents of the warehouse."""

from b1sim.company.books import Books, Row
from b1sim.company.document import touch
from b1sim.company.documents import cancelling
from b1sim.company.goods import receipts, requests, transfers
from b1sim.company.goods.items import ItemKeeper
from b1sim.company.goods.kinds import ISSUE, RECEIPT, REQUEST
from b1sim.company.goods.trees import TreeKeeper
from b1sim.company.goods.units import BarCodeKeeper, UnitGroupKeeper
from b1sim.company.goods.warehouses import BinKeeper, NumberKeeper, WarehouseKeeper
from b1sim.company.keeper import Booked, Keeper
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet

_KINDS = {kind.entity_set: kind for kind in (RECEIPT, ISSUE)}


class GoodsKeeper(Booked):
    """Posts goods receipts and goods issues; they close and cancel as other documents do."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Post a receipt or an issue."""
        return {"DocEntry": receipts.post(books, _KINDS[kind.name], intake).entry}

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change texts; the rest stands in the ledger."""
        super().patch(books, kind, key, intake, replace=replace)
        touch(books, _KINDS[kind.name], int(key["DocEntry"]))

    def act(self, books: Books, kind: EntitySet, key: Row, action: str) -> Row | None:
        """Close, reopen or cancel; CreateCancellationDocument answers with what it made."""
        return cancelling.act(books, _KINDS[kind.name], int(key["DocEntry"]), action)


class TransferKeeper(Booked):
    """Posts inventory transfers and asks for them."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Post a transfer or a transfer request."""
        make = transfers.ask if kind.name == REQUEST.entity_set else transfers.post
        return {"DocEntry": make(books, intake).entry}

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change texts, and the day of the change: transfers have no UpdateTime (7)."""
        super().patch(books, kind, key, intake, replace=replace)
        books.update(kind.table, key, {"UpdateDate": books.today()})

    def act(self, books: Books, kind: EntitySet, key: Row, action: str) -> Row | None:
        """Close or cancel."""
        entry = int(key["DocEntry"])
        if kind.name == REQUEST.entity_set:
            requests.end(books, entry, canceled=action == "Cancel")
        else:
            end = transfers.cancel if action == "Cancel" else transfers.close
            end(books, entry)
        return None


KEEPERS: dict[str, Keeper] = {
    **dict.fromkeys(_KINDS, GoodsKeeper()),
    "StockTransfers": TransferKeeper(),
    "InventoryTransferRequests": TransferKeeper(),
    "BatchNumberDetails": NumberKeeper(),
    "SerialNumberDetails": NumberKeeper(),
    "BinLocations": BinKeeper(),
    "Warehouses": WarehouseKeeper(),
    "Items": ItemKeeper(),
    "UnitOfMeasurementGroups": UnitGroupKeeper(),
    "BarCodes": BarCodeKeeper(),
    "ProductTrees": TreeKeeper(),
}

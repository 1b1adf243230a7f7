"""Reads registered shoppers."""

from __future__ import annotations

from b1bridge.connectors.bigcommerce.account import Account
from b1bridge.connectors.bigcommerce.client import SYSTEM
from b1bridge.connectors.bigcommerce.translate import customer_from
from b1bridge.connectors.bigcommerce.wire import WireCustomer, WireCustomerAddress
from b1bridge.domain.customers import Customer
from b1bridge.domain.identity import Ref
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read


class Customers(Account):
    """The CustomerSource of one store."""

    async def customer(self, ref: Ref) -> Customer:
        """Read one shopper; Rejected (NOT_FOUND) when the store no longer has them."""
        found = await self._client.get("v3/customers", {"id:in": ref.id, "include": "formfields"})
        rows = found["data"] if found else []
        if not rows:
            msg = f"{ref} is not in the store any more"
            fix = "ignore the case, or restore the customer in the store and retry"
            raise Rejected(msg, system=SYSTEM, reason="NOT_FOUND", fix=fix)
        wire = read(WireCustomer, rows[0], system=SYSTEM, record=str(ref))
        return customer_from(wire, await self._address(ref), self._connection)

    async def _address(self, ref: Ref) -> WireCustomerAddress | None:
        found = await self._client.get("v3/customers/addresses", {"customer_id:in": ref.id})
        if not found or not found["data"]:
            return None
        record = f"address of {ref}"
        return read(WireCustomerAddress, found["data"][0], system=SYSTEM, record=record)

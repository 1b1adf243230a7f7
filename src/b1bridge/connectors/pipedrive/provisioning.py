"""Makes the custom fields that our flows fill (pipedrive-whatsapp.md 1.5)."""

from __future__ import annotations

from collections.abc import Sequence

from b1bridge.connectors.pipedrive.account import Account
from b1bridge.connectors.pipedrive.fields import KEYS
from b1bridge.domain.crm import CrmField


class Provisioning(Account):
    """The FieldProvisioning of one company."""

    async def missing_fields(self, wanted: Sequence[CrmField]) -> tuple[CrmField, ...]:
        """Return those that are not there; our keys are always wanted."""
        every = tuple(dict.fromkeys((*KEYS.values(), *wanted)))
        found = await self._fields.codes(every)
        return tuple(one for one in every if one not in found)

    async def make_fields(self, wanted: Sequence[CrmField]) -> tuple[CrmField, ...]:
        """Make those that are not there and return them."""
        return await self._fields.make(await self.missing_fields(wanted))

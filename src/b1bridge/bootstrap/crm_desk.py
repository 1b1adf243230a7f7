"""A CRM on a person's word: its custom fields, and what its day has cost."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.bootstrap.lines import Lines
from b1bridge.domain.budgets import BudgetReport
from b1bridge.domain.crm import CrmField
from b1bridge.domain.crm_fields import ALL
from b1bridge.errors import NeedsOperator
from b1bridge.ports.crm import FieldProvisioning
from b1bridge.ports.usage import Metered
from b1bridge.storage.usage import StoredUsage


@dataclass(frozen=True, slots=True)
class CrmDesk:
    """Asks the connections of a hub that are CRMs, or count what they are asked."""

    lines: Lines
    usage: StoredUsage

    async def missing_fields(self, connection: str) -> tuple[CrmField, ...]:
        """Return the fields that our flows fill and the CRM does not have."""
        return await (await self._crm(connection)).missing_fields(ALL)

    async def provision(self, connection: str) -> tuple[CrmField, ...]:
        """Make them, and return what was made; repeating it makes nothing."""
        return await (await self._crm(connection)).make_fields(ALL)

    async def budget(self, connection: str) -> BudgetReport:
        """Say how the day stands, and what it will come to with the work that is queued."""
        line = await self.lines.line(connection)
        if not isinstance(line.capabilities, Metered):
            raise _cannot(connection, line.connector.title, "does not count what it is asked")
        report = await line.capabilities.budget()
        return report.with_queue(await self.usage.queued(connection, report.per_record))

    async def _crm(self, connection: str) -> FieldProvisioning:
        line = await self.lines.line(connection)
        if not isinstance(line.capabilities, FieldProvisioning):
            raise _cannot(connection, line.connector.title, "has no custom fields of ours")
        return line.capabilities


def _cannot(connection: str, title: str, what: str) -> NeedsOperator:
    msg = f"{connection} ({title}) {what}"
    return NeedsOperator(msg, reason="CAPABILITY", fix="choose another connection")

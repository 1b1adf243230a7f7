"""The verbs that every kind of record shares."""

from __future__ import annotations

from typing import Any

from b1bridge.connectors.pipedrive.account import Account
from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.directory import Directory
from b1bridge.connectors.pipedrive.operations import Operation
from b1bridge.errors import ContractBroken, Rejected

_GONE = {"404", "410"}


class Records(Account):
    """Adds, changes and deletes records by their ids."""

    async def _added(self, operation: Operation, payload: dict[str, Any]) -> str:
        answer = await self._client.call(operation, payload=payload)
        try:
            return str(int(answer["data"]["id"]))
        except (KeyError, TypeError, ValueError) as exc:
            msg = f"{SYSTEM}: the answer to {operation.method} {operation.path} names no id"
            raise ContractBroken(msg, system=SYSTEM) from exc

    async def _changed(
        self, operation: Operation, id_: str, payload: dict[str, Any], directory: Directory
    ) -> bool:
        """Tell whether it was there; what was merged or deleted leaves no trace in any list."""
        try:
            await self._client.call(operation, id_=id_, payload=payload)
        except Rejected as refused:
            if refused.code in _GONE or refused.reason == "NOT_FOUND":
                directory.forget(id_)
                return False
            raise
        return True

    async def _removed(self, operation: Operation, id_: str) -> None:
        try:
            await self._client.call(operation, id_=id_)
        except Rejected as refused:
            if refused.code not in _GONE and refused.reason != "NOT_FOUND":
                raise

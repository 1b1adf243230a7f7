"""The verbs that every kind of record shares."""

from __future__ import annotations

from typing import Any

from b1bridge.connectors.pipedrive.account import Account
from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.directory import Directory
from b1bridge.connectors.pipedrive.operations import Operation
from b1bridge.errors import ContractBroken, OutcomeUnknown, Rejected

_GONE = {"404", "410"}


class Records(Account):
    """Adds, changes and deletes records by their ids."""

    async def _added(
        self, operation: Operation, payload: dict[str, Any], key: str, directory: Directory
    ) -> str:
        """Add a record and note it under its key; one whose answer was lost is looked for."""
        try:
            id_ = _id_of(await self._client.call(operation, payload=payload), operation)
        except (OutcomeUnknown, ContractBroken):
            directory.doubt()
            raise
        directory.added(key, id_)
        return id_

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


def _id_of(answer: dict[str, Any], operation: Operation) -> str:
    try:
        return str(int(answer["data"]["id"]))
    except (KeyError, TypeError, ValueError) as exc:
        msg = f"{SYSTEM}: the answer to {operation.method} {operation.path} names no id"
        raise ContractBroken(msg, system=SYSTEM) from exc

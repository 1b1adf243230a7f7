"""Deals: read whole with their lines, listed by change, annotated (pipedrive-whatsapp.md 1.7)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.operations import (
    DEAL_DISCOUNTS,
    DEAL_LINES,
    DEALS,
    ORGANIZATION_OF_DEAL,
    PRODUCTS_OF_DEAL,
    STAGES,
)
from b1bridge.connectors.pipedrive.records import Records
from b1bridge.connectors.pipedrive.translate import deal_from, digest_of, discounted, noted_from
from b1bridge.connectors.pipedrive.wire import DEALS as DEAL_ROWS
from b1bridge.connectors.pipedrive.wire import (
    DISCOUNTS,
    LINES,
    PRODUCTS,
    WireDeal,
    WireDiscount,
    WireLine,
    WireProduct,
    WireRecord,
)
from b1bridge.connectors.pipedrive.wire import STAGES as STAGE_ROWS
from b1bridge.domain.crm import CrmRecord, Deal, FieldValue, Glance
from b1bridge.domain.identity import Ref
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read, read_all


class Deals(Records):
    """The DealSource of one company."""

    async def deal(self, ref: Ref) -> Deal | None:
        """Read one deal with its lines, its organization and its products."""
        wire = await self._deal(ref)
        if wire is None:
            return None
        lines = await self._lines(ref)
        deal = deal_from(
            wire,
            lines,
            ref,
            stage=await self._stage(wire.stage_id),
            organization=await self._organization_of(wire.org_id),
            key_code=await self._fields.key_code(CrmRecord.ORGANIZATION),
            items=await self._items(lines),
            noted=await self._fields.read(CrmRecord.DEAL, wire.custom_fields),
        )
        discounts = await self._discounts(ref) if lines else []
        return replace(deal, lines=discounted(deal.lines, discounts))

    async def glance(self, ref: Ref) -> Glance | None:
        """Read the deal alone: one token, where the whole costs nearly forty."""
        wire = await self._deal(ref)
        return None if wire is None else Glance(wire.update_time, digest_of(wire))

    async def noted(self, ref: Ref) -> Mapping[str, FieldValue] | None:
        """Read the custom fields of a deal: one token."""
        wire = await self._deal(ref)
        if wire is None:
            return None
        found = await self._fields.read(CrmRecord.DEAL, wire.custom_fields)
        return noted_from(found)

    async def _deal(self, ref: Ref) -> WireDeal | None:
        """Read the head; a deleted deal is not found, or says that it is (a guess: either)."""
        try:
            answer = await self._client.call(DEALS["get"], id_=ref.id)
        except Rejected as refused:
            if refused.reason == "NOT_FOUND":
                return None
            raise
        wire = read(WireDeal, answer["data"], system=SYSTEM, record=str(ref))
        return None if wire.is_deleted or wire.status == "deleted" else wire

    async def deals_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each deal changed at or after the moment; archived ones are not looked at."""
        since = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        params = {"updated_since": since, "sort_by": "update_time"}
        async for page in self._client.pages(DEALS["list"], params):
            for row in read_all(DEAL_ROWS, page, system=SYSTEM, record="deals"):
                yield Ref(self._connection, "deal", str(row.id)), row.update_time

    async def annotate_deal(self, ref: Ref, fields: Mapping[str, FieldValue]) -> None:
        """Fill custom fields of a deal."""
        custom = await self._fields.written(CrmRecord.DEAL, fields)
        await self._client.call(DEALS["change"], id_=ref.id, payload={"custom_fields": custom})

    async def _lines(self, ref: Ref) -> list[WireLine]:
        return [
            line
            async for page in self._client.pages(DEAL_LINES, id_=ref.id)
            for line in read_all(LINES, page, system=SYSTEM, record=f"{ref} lines")
        ]

    async def _discounts(self, ref: Ref) -> list[WireDiscount]:
        answer = await self._client.call(DEAL_DISCOUNTS, id_=ref.id)
        return read_all(
            DISCOUNTS, answer.get("data") or [], system=SYSTEM, record=f"{ref} discounts"
        )

    async def _stage(self, stage: int) -> str:
        rows = [
            row
            async for page in self._client.pages(STAGES)
            for row in read_all(STAGE_ROWS, page, system=SYSTEM, record="stages")
        ]
        return next((row.name for row in rows if row.id == stage), "")

    async def _organization_of(self, id_: int | None) -> WireRecord | None:
        if id_ is None:
            return None
        try:
            answer = await self._client.call(ORGANIZATION_OF_DEAL, id_=str(id_))
        except Rejected as refused:
            if refused.reason == "NOT_FOUND":
                return None
            raise
        return read(WireRecord, answer["data"], system=SYSTEM, record=f"organization {id_}")

    async def _items(self, lines: list[WireLine]) -> dict[int, WireProduct]:
        ids = sorted({line.product_id for line in lines if line.product_id})
        found: dict[int, WireProduct] = {}
        for at in range(0, len(ids), 100):
            asked = ",".join(map(str, ids[at : at + 100]))
            async for page in self._client.pages(PRODUCTS_OF_DEAL, {"ids": asked}):
                rows = read_all(PRODUCTS, page, system=SYSTEM, record="products of a deal")
                found |= {row.id: row for row in rows}
        return found

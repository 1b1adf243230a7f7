"""A reconciliation as plain rows of text and numbers, which every format writes down alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from b1bridge.domain.differences import Difference
from b1bridge.domain.money import Money, decimals_of
from b1bridge.reports.figures import Figure, Side
from b1bridge.reports.reconciliation import Reconciliation

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a report; a heading that begins with '#' holds numbers."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets_of(found: Reconciliation) -> tuple[Sheet, ...]:
    """Return the tables of a reconciliation, differences first."""
    return (
        differences_sheet("differences", "Differences to look at", found.unexplained),
        differences_sheet("explained", "Differences that explain themselves", explained_of(found)),
        figures_sheet(found),
        taxes_sheet(found),
        clearing_sheet(found),
    )


def explained_of(found: Reconciliation) -> tuple[Difference, ...]:
    """Return the differences that need nobody's attention now."""
    return tuple(one for one in found.differences if one.explained)


def differences_sheet(name: str, title: str, found: Sequence[Difference]) -> Sheet:
    """Return one row per difference."""
    columns = ("kind", "record", "what", "#shop", "#books", "#off", "currency", "documents")
    rows = tuple(
        (
            one.kind.value,
            str(one.order),
            one.message,
            amount_of(one.shop),
            amount_of(one.books),
            amount_of(one.off),
            next((m.currency for m in (one.shop, one.books) if m), ""),
            ", ".join(f"{d.kind} {d.number}" for d in one.documents),
            one.owner.value,
            one.fix,
            one.explained,
        )
        for one in found
    )
    return Sheet(name, title, (*columns, "owner", "what to do", "explained"), rows)


def figures_sheet(found: Reconciliation) -> Sheet:
    """Return the figures of the three sides."""
    columns = ("what", "currency", "#shop", "#shop amount", "#hub", "#books", "#books amount")
    rows = tuple(_figure(one, hub_known=found.hub_known) for one in found.figures)
    return Sheet("figures", "Shop, hub and books", (*columns, "agrees"), rows)


def taxes_sheet(found: Reconciliation) -> Sheet:
    """Return the tax that the books hold by code."""
    rows = tuple(
        (
            one.code,
            f"{one.rate.normalize():f}",
            amount_of(one.net),
            amount_of(one.tax),
            one.tax.currency,
        )
        for one in found.taxes
    )
    return Sheet("tax", "Tax in the books", ("code", "#rate", "#net", "#tax", "currency"), rows)


def clearing_sheet(found: Reconciliation) -> Sheet:
    """Return what orders left on the accounts of payments."""
    rows = tuple(
        (
            one.account,
            str(one.order),
            amount_of(one.amount),
            one.amount.currency,
            one.since.isoformat(),
            str(one.age_days),
        )
        for one in found.clearing
    )
    columns = ("account", "order", "#open", "currency", "since", "#days")
    return Sheet("clearing", "Open clearing", columns, rows)


def plain_of(found: Reconciliation) -> dict[str, Any]:
    """Return a reconciliation for programs; keys stay as they are, amounts are texts."""
    return {
        "connection": found.scope.connection,
        "since": found.scope.since.isoformat(),
        "until": found.scope.until.isoformat(),
        "made_at": found.made_at.isoformat(),
        "hub": "known" if found.hub_known else UNKNOWN,
        "orders": found.orders,
        "unexplained": len(found.unexplained),
        "differences": [_plain_difference(one) for one in found.differences],
        **{
            sheet.name: [dict(zip(_keys(sheet), row, strict=True)) for row in sheet.rows]
            for sheet in (figures_sheet(found), taxes_sheet(found), clearing_sheet(found))
        },
    }


def _plain_difference(one: Difference) -> dict[str, Any]:
    sheet = differences_sheet("", "", [one])
    documents = [{"kind": d.kind, "entry": d.entry, "number": d.number} for d in one.documents]
    return dict(zip(_keys(sheet), sheet.rows[0], strict=True)) | {"documents": documents}


def _keys(sheet: Sheet) -> list[str]:
    return [column.removeprefix("#").replace(" ", "_") for column in sheet.columns]


def _figure(one: Figure, *, hub_known: bool) -> tuple[str, ...]:
    hub = _count(one.hub) if hub_known else UNKNOWN
    agrees = "" if one.shop.amount is None else ("yes" if one.agrees else "no")
    shop, books = (amount_of(side.amount) for side in (one.shop, one.books))
    return (one.name, one.currency, _count(one.shop), shop, hub, _count(one.books), books, agrees)


def _count(side: Side) -> str:
    return "" if side.count is None else str(side.count)


def amount_of(money: Money | None) -> str:
    """Write an amount to the last cent of its currency, or nothing."""
    return "" if money is None else f"{money.amount:.{decimals_of(money.currency)}f}"

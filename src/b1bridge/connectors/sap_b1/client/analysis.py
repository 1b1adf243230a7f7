"""Figures and joins that HANA's Service Layer computes: $apply, $crossjoin, the query service.

SQL Server has none of them; SQLQueries run on both (sap-service-layer.md 4.2, 4.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from b1bridge.connectors.sap_b1.client.odata import Filter, encoded, plain_name, plain_path
from b1bridge.connectors.sap_b1.client.pages import pages
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer, object_of, page_of
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken

Method = Literal["sum", "average", "max", "min", "countdistinct"]
Rows = list[dict[str, Any]]

_QUERY = "QueryService_PostQuery"


@dataclass(frozen=True, slots=True)
class Figure:
    """One aggregate and the name of its result; without a property it counts the entities."""

    alias: str
    name: str = ""
    method: Method = "sum"

    @property
    def text(self) -> str:
        """Write it as `$apply` wants it."""
        alias = plain_name(self.alias)
        if not self.name:
            return f"$count as {alias}"
        return f"{plain_path(self.name)} with {self.method} as {alias}"


def applied(by: Sequence[str], figures: Sequence[Figure], where: Filter | None = None) -> str:
    """Write an `$apply`: figures of each group, or of everything; ValueError if it asks nothing."""
    inner = f"aggregate({','.join(figure.text for figure in figures)})" if figures else ""
    if by:
        groups = f"({','.join(plain_path(name) for name in by)})"
        inner = f"groupby({groups}{',' if inner else ''}{inner})"
    if not inner:
        msg = "say what to group by or what to compute"
        raise ValueError(msg)
    return inner if where is None else f"filter({where.text})/{inner}"


async def grouped(
    service: ServiceLayer,
    entity_set: str,
    *,
    by: Sequence[str] = (),
    figures: Sequence[Figure] = (),
    where: Filter | None = None,
) -> Rows:
    """Let SAP add up; a countdistinct was seen to come as text."""
    text = encoded(applied(by, figures, where))
    return await _all(service, f"{plain_name(entity_set)}?$apply={text}")


async def crossjoined(
    service: ServiceLayer, chosen: Mapping[str, Sequence[str]], where: Filter
) -> Rows:
    """Join entity sets; `chosen` names the properties of each, rows have one part per set."""
    sets = ",".join(plain_name(name) for name in chosen)
    query = f"$expand={encoded(_expanded(chosen))}&$filter={encoded(where.text)}"
    return await _all(service, f"$crossjoin({sets})?{query}")


async def lines_where(
    service: ServiceLayer, chosen: Mapping[str, Sequence[str]], where: Filter
) -> Rows:
    """Read lines by what stands on them, which `$filter` cannot do, all in one answer.

    `chosen` names paths such as Orders and Orders/DocumentLines, with their properties. Raises
    ContractBroken when SAP keeps to pages all the same.
    """
    paths = ",".join(plain_path(name) for name in chosen)
    option = f"$expand={_expanded(chosen)}&$filter={where.text}"
    asked = {"QueryPath": f"$crossjoin({paths})", "QueryOption": option}
    response = await service.call(
        "POST", _QUERY, asked, read=True, headers={"Prefer": "odata.maxpagesize=0"}
    )
    page = page_of(object_of(response, _QUERY))
    if page.more:
        msg = f"{SYSTEM}: {_QUERY} holds rows back: narrow the condition"
        raise ContractBroken(msg, system=SYSTEM)
    return page.rows


async def view_rows(
    service: ServiceLayer,
    view: str,
    *,
    parameters: Mapping[str, str] | None = None,
    where: Filter | None = None,
) -> Rows:
    """Read a view of the semantic layer, with its parameters where it has any (4.4)."""
    name = plain_name(view)
    path = f"sml.svc/{name}"
    if parameters:
        given = ",".join(
            f"{plain_name(key)}='{encoded(value.replace(chr(39), chr(39) * 2))}'"
            for key, value in parameters.items()
        )
        path = f"sml.svc/{name}Parameters({given})/{name}"
    return await _all(service, path + (f"?$filter={encoded(where.text)}" if where else ""))


def _expanded(chosen: Mapping[str, Sequence[str]]) -> str:
    return ",".join(
        f"{plain_path(path)}($select={','.join(plain_name(name) for name in names)})"
        for path, names in chosen.items()
    )


async def _all(service: ServiceLayer, path: str) -> Rows:
    return [row async for rows in pages(service, path) for row in rows]

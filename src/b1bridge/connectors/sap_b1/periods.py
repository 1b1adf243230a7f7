"""Posting periods, read by SQL: their table is on SAP's list of what may be read (4.3).

`CompanyService_GetFinancePeriods` would tell them too, by structures that no source of ours shows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, is_forbidden, sql_pages
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Text, Wire
from b1bridge.domain.periods import Period, Window
from b1bridge.errors import BridgeError
from b1bridge.sdk.reading import read

_QUERY = SqlQuery(
    "b1bridge_periods",
    "SELECT T0.Code, T0.PeriodStat, T0.F_RefDate, T0.T_RefDate, T0.F_DueDate, T0.T_DueDate, "
    "T0.F_TaxDate, T0.T_TaxDate FROM OFPR T0 ORDER BY T0.F_RefDate",
)
# N is unlocked, S unlocked but for sales; the others are locked (letters from memory, a guess).
_OPEN = "N"


def _day(said: object) -> object:
    """Read a day as SQL tells it, "20261101" on HANA (4.3), or as OData does."""
    if isinstance(said, str) and said[:8].isdecimal():
        return datetime.strptime(said[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    return said[:10] if isinstance(said, str) else said


Day = Annotated[date, BeforeValidator(_day)]


class WirePeriod(Wire):
    """A row of our query; the names are those of SAP's columns."""

    code: Text = Field(alias="Code")
    status: Text = Field(alias="PeriodStat")
    posting_first: Day = Field(alias="F_RefDate")
    posting_last: Day = Field(alias="T_RefDate")
    due_first: Day = Field(alias="F_DueDate")
    due_last: Day = Field(alias="T_DueDate")
    tax_first: Day = Field(alias="F_TaxDate")
    tax_last: Day = Field(alias="T_TaxDate")


class SapPeriods(Account):
    """The PostingPeriods capability."""

    async def periods(self) -> tuple[Period, ...]:
        """Return what the company entered; nothing where SQL is not granted to our user."""
        found: list[Period] = []
        try:
            async for rows in sql_pages(self._service, _QUERY):
                found.extend(_period(row) for row in rows)
        except BridgeError as refused:
            if not is_forbidden(refused):
                raise
        return tuple(found)


def _period(row: dict[str, object]) -> Period:
    wire = read(WirePeriod, row, system=SYSTEM, record="posting period")
    return Period(
        code=wire.code,
        is_open=wire.status == _OPEN,
        posting=Window(wire.posting_first, wire.posting_last),
        due=Window(wire.due_first, wire.due_last),
        tax=Window(wire.tax_first, wire.tax_last),
    )

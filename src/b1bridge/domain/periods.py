"""Posting periods: which days take postings, and what becomes of a record whose day does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeVar

from b1bridge.domain.documents import SalesDocument
from b1bridge.domain.outgoing_payments import OutgoingPayment
from b1bridge.domain.payments import IncomingPayment
from b1bridge.errors import NeedsOperator

Dated = TypeVar("Dated", SalesDocument, IncomingPayment, OutgoingPayment)


@dataclass(frozen=True, kw_only=True)
class PeriodPolicy:
    """What becomes of a record whose posting period is locked.

    `case` waits for finance; `first_open_day` posts on the next day that is open and keeps the
    original one (correctness-rules 3.13).
    """

    locked_period: Literal["case", "first_open_day"] = "case"


@dataclass(frozen=True, slots=True)
class Window:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Tell whether the day lies inside."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Period:
    """One posting period with its windows for the posting, due and tax date."""

    code: str
    is_open: bool
    posting: Window
    due: Window
    tax: Window


def period_of(day: date, periods: Sequence[Period]) -> Period | None:
    """Return the period that a posting date lies in."""
    return next((one for one in periods if one.posting.holds(day)), None)


def first_open_day(day: date, periods: Sequence[Period]) -> date | None:
    """Return the first day from this one on that takes postings; None when none is known."""
    days = [max(day, p.posting.first) for p in periods if p.is_open and p.posting.last >= day]
    return min(days, default=None)


def moved_to(record: Dated, day: date, periods: Sequence[Period]) -> Dated:
    """Post on another day; the original one stays as tax date where the period takes that."""
    period = period_of(day, periods)
    original = record.posted_on
    taxed_on = original if period is None or period.tax.holds(original) else day
    note = f"dated {original}, posted in the first open period"
    if isinstance(record, SalesDocument):
        due = max(record.due_on, day)
        last = due if period is None else min(due, period.due.last)
        comments = f"{note}. {record.comments}"
        return replace(record, posted_on=day, taxed_on=taxed_on, due_on=last, comments=comments)
    return replace(record, posted_on=day, taxed_on=taxed_on, remarks=f"{record.remarks}, {note}")


def locked(reference: str, day: date, periods: Sequence[Period], said: str) -> NeedsOperator:
    """Name the period that is locked, or that there is none for the day."""
    period = period_of(day, periods)
    named = f"posting period {period.code}" if period else f"the posting period of {day}"
    msg = f"{reference} is dated {day}: {named} takes no postings ({said})"
    unlock = f"unlock {named}" if period or not periods else f"open a posting period for {day}"
    fix = (
        f"{unlock} in SAP, or let the sync post on the first open day (option locked_period), "
        "then retry the case"
    )
    return NeedsOperator(msg, reason="PERIOD_LOCKED", fix=fix)

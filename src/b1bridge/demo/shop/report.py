"""The demo's last word: a table for people, a JSON file for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from b1bridge.demo.shop.proof import Proof
from b1bridge.demo.shop.replay import Replayed


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the demo came to; CPU seconds are by process, `seconds` is wall clock of the run."""

    proof: Proof
    currency: str
    seconds: float
    cpu_seconds: Mapping[str, float]
    cases: Counter[str] = field(default_factory=Counter)
    peak_megabytes: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    replayed: Replayed = field(default_factory=Replayed)

    @property
    def holds(self) -> bool:
        """The proof holds, and working orders off again changes nothing."""
        return self.proof.holds and not self.replayed.writes

    def figures(self) -> dict[str, Any]:
        """Return every figure under the name that the report file gives it."""
        proof = self.proof
        hub = self.cpu_seconds.get("hub", 0.0)
        orders = max(proof.orders_in, 1)
        return {
            "orders_in": proof.orders_in,
            "documents_posted": proof.documents_posted,
            "payments_posted": proof.payments_posted,
            "not_a_sale": proof.not_a_sale,
            "cases_open": sum(self.cases.values()),
            "orders_in_cases": proof.in_cases,
            "cases_by_reason": dict(self.cases),
            "lost": len(proof.lost),
            "duplicates": len(proof.duplicates),
            "currency": self.currency,
            "total_shop": _text(proof.total_shop),
            "total_sap": _text(proof.total_sap),
            "difference": _text(proof.difference),
            "total_in_cases": _text(proof.total_in_cases),
            "payments_shop": _text(proof.payments_shop),
            "payments_sap": _text(proof.payments_sap),
            "payment_difference": _text(proof.payment_difference),
            "refunds_shop": _text(proof.refunds_shop),
            "memos_sap": _text(proof.memos_sap),
            "paid_out_sap": _text(proof.paid_out_sap),
            "refund_difference": _text(proof.refund_difference),
            "net_sap": _text(proof.net_sap),
            "stock_compared": proof.stock_compared,
            "stock_mismatches": len(proof.stock_mismatches),
            "replayed": self.replayed.orders,
            "writes_by_replay": self.replayed.writes,
            "counts": dict(self.counts),
            "seconds": round(self.seconds, 1),
            "orders_per_second": round(proof.orders_in / self.seconds, 2) if self.seconds else 0,
            "cpu_ms_per_order": round(1000 * hub / orders, 1),
            "cpu_seconds": dict(self.cpu_seconds),
            "peak_megabytes": dict(self.peak_megabytes),
        }

    def write(self, path: Path) -> None:
        """Write the figures, and what does not fit by name."""
        body = self.figures() | {
            "lost_orders": list(self.proof.lost),
            "duplicate_references": list(self.proof.duplicates),
            "stock_mismatch_skus": list(self.proof.stock_mismatches),
        }
        path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")

    def show(self, console: Console) -> None:
        """Print the proof table and what waits for a person."""
        console.print(self._proof_table())
        if self.cases:
            console.print(self._cases_table())
        figures = self.figures()
        console.print(
            f"{figures['seconds']} s, {figures['orders_per_second']} orders/s,"
            f" {figures['cpu_ms_per_order']} ms CPU of the hub per order"
        )
        verdict = "The books are proved." if self.holds else "THE BOOKS DO NOT TIE."
        console.print(verdict, style="bold green" if self.holds else "bold red")

    def _proof_table(self) -> Table:
        proof = self.proof
        table = Table(title="The books against the shop", title_justify="left")
        for heading in ("", "shop", "SAP", "difference"):
            table.add_column(heading, justify="right" if heading else "left")
        posted = proof.orders_in - proof.not_a_sale - proof.in_cases
        table.add_row(
            "orders to book", str(posted), str(proof.documents_posted), str(len(proof.lost))
        )
        row = _money_row("order totals", proof.total_shop, proof.total_sap, proof.difference)
        table.add_row(*row, end_section=True)
        paid = (proof.payments_shop, proof.payments_sap, proof.payment_difference)
        table.add_row(*_money_row("payments", *paid))
        back = (proof.refunds_shop, proof.memos_sap, proof.refund_difference)
        table.add_row(*_money_row("refunds", *back), end_section=True)
        mismatches = str(len(proof.stock_mismatches))
        table.add_row("SKUs in step", str(proof.stock_compared), "", mismatches)
        table.add_row("lost / doubled", "", "", f"{len(proof.lost)} / {len(proof.duplicates)}")
        replayed = self.replayed
        table.add_row("worked off again", str(replayed.orders), "", str(replayed.writes))
        return table

    def _cases_table(self) -> Table:
        table = Table(title="What waits, and why", title_justify="left")
        table.add_column("reason")
        table.add_column("records", justify="right")
        for reason, count in self.cases.most_common():
            table.add_row(reason, str(count))
        if self.proof.not_a_sale:
            table.add_row("no sale (skipped with a reason)", str(self.proof.not_a_sale))
        return table


def _money_row(name: str, shop: Decimal, sap: Decimal, difference: Decimal) -> tuple[str, ...]:
    return (name, f"{shop:,.2f}", f"{sap:,.2f}", f"{difference:,.2f}")


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"

"""What the day has cost in Pipedrive's tokens: by the hub's ledger, and by Pipedrive's own."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.bootstrap import Hub
from b1bridge.demo.crm.app import App
from b1bridge.demo.crm.proof import Check
from b1bridge.demo.crm.settings import CRM


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A day's tokens: counted by the hub, billed to it, in the budget, expected by midnight.

    `refused` are requests that were turned away, which no hub that counts well ever sees.
    """

    counted: int
    billed: int
    daily: int
    forecast: int
    refused: int

    def figures(self) -> dict[str, int]:
        """Return them under the names that the report gives them."""
        return {
            "tokens used": self.counted,
            "tokens in the day's budget": self.daily,
            "tokens expected by midnight": self.forecast,
        }


async def spent(hub: Hub, app: App) -> Spent:
    """Read both ledgers; what others than the hub used is not billed to it."""
    bill, report = await app.bill(), await hub.crm.budget(CRM)
    return Spent(
        counted=report.used,
        billed=bill["spent"].get(report.day, 0) - app.spent,
        daily=bill["daily"],
        forecast=report.forecast,
        refused=sum(bill["refused"].values()),
    )


def token_checks(used: Spent) -> tuple[Check, ...]:
    """Check that the hub counts as Pipedrive bills, within the day, and is never turned away."""
    differs = () if used.counted == used.billed else (f"{used.counted} and {used.billed}",)
    above = used.counted > used.daily
    over = (f"{used.counted} used of {used.daily}",) if above else ()
    refused = (f"{used.refused} requests were refused (429)",) if used.refused else ()
    return (
        Check("tokens billed, and counted", f"{used.billed:,}", f"{used.counted:,}", differs),
        Check("tokens of the day's budget", f"{used.daily:,}", f"{used.counted:,}", over),
        Check("requests refused", str(used.refused), "", refused),
    )

"""What is to be sent, and what became of it, in the company's own tables."""

import json
from dataclasses import dataclass
from datetime import UTC, timedelta

from b1sim.company.books import Books
from b1sim.company.outside import Hook
from b1sim.company.webhooks.keeper import hook_of

_RETENTION = timedelta(days=30)


@dataclass(frozen=True)
class Batch:
    """Events for one webhook, in the order of the company."""

    hook: Hook
    events: tuple[tuple[str, str], ...]
    """The id of each with its JSON."""

    @property
    def content(self) -> bytes:
        """Write the array that is sent, compact."""
        return f"[{','.join(text for _, text in self.events)}]".encode()


def next_batch(books: Books) -> Batch | None:
    """Take the oldest event that somebody waits for, and what follows it there."""
    if not books.settings.webhooks:
        return None
    _give_up(books)
    oldest = books.row(
        """SELECT h.* FROM SIM_NOTIFICATIONS n JOIN SIM_WEBHOOKS h USING (WebhookID)
        WHERE n.Status = 'Pending' AND h.State = 'Active' ORDER BY n.Number LIMIT 1"""
    )
    if oldest is None:
        # A replay that has caught up is over (guess).
        books.db.execute("UPDATE SIM_WEBHOOKS SET WorkMode = 'Standard' WHERE WorkMode = 'Replay'")
        return None
    rows = books.rows(
        """SELECT EventID, Event FROM SIM_NOTIFICATIONS WHERE WebhookID = ? AND Status = 'Pending'
        ORDER BY Number LIMIT ?""",
        (oldest["WebhookID"], books.settings.webhook_batch),
    )
    return Batch(hook_of(oldest), tuple((row["EventID"], row["Event"]) for row in rows))


def _give_up(books: Books) -> None:
    """Let what waited too long expire, and forget what is old (6)."""
    now = books.clock().astimezone(UTC)
    expired = (now - timedelta(hours=books.settings.webhook_hours)).isoformat()
    sql = "UPDATE SIM_NOTIFICATIONS SET Status = 'Expired' WHERE Status = 'Pending' AND MadeAt < ?"
    books.db.execute(sql, (expired,))
    forgotten = (now - _RETENTION).isoformat()
    books.db.execute("DELETE FROM SIM_NOTIFICATIONS WHERE MadeAt < ?", (forgotten,))


def settle(books: Books, batch: Batch, retries: int, failure: str) -> None:
    """Note a delivery; after a failure the webhook is Exceptional and the rest is dropped (guess).

    Resume brings it back, and Replay what it missed.
    """
    status = "Failed" if failure else "Delivered"
    details = json.dumps({"Message": failure or "OK"})
    with books.transaction():
        books.db.executemany(
            """UPDATE SIM_NOTIFICATIONS SET Status = ?, RetryTimes = ?, DeliveryDetails = ?
            WHERE EventID = ? AND WebhookID = ?""",
            [(status, retries, details, event, batch.hook.id) for event, _ in batch.events],
        )
        if failure:
            books.update("SIM_WEBHOOKS", {"WebhookID": batch.hook.id}, {"State": "Exceptional"})
            sql = """UPDATE SIM_NOTIFICATIONS SET Status = 'Dropped'
                WHERE WebhookID = ? AND Status = 'Pending'"""
            books.db.execute(sql, (batch.hook.id,))

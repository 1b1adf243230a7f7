"""Keeps EventSubscriptions; what they may be is in sap-service-layer.md 6."""

import json
from urllib.parse import urlsplit

from b1sim.company.books import Books, Row
from b1sim.company.keeper import Keeper, Undeletable
from b1sim.company.outside import HandshakeNeeded, Hook
from b1sim.company.refusals import action_not_supported, duplicate_row, invalid_property, not_found
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet
from b1sim.company.webhooks.catalogue import transactions
from b1sim.company.webhooks.refusals import handshake_failed, immutable, invalid, missing, too_many

ALGORITHMS = ("HMACSha256", "HMACSha384", "HMACSha512")
_CREDENTIALS = {
    "None": (),
    "Basic": ("Username", "Password"),
    "HMAC": ("Key", "Algorithm"),
    "OAuth": ("token_endpoint", "client_id", "client_secret", "grant_type"),
}
_DEFAULTS: Row = {"AuthenticationType": "HMAC", "VerifyCertificate": "Y", "Handshake": "Y"}


class SubscriptionKeeper(Undeletable):
    """Keeps subscriptions, and greets their receivers before it lets them be active."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002 - the one set
        """Subscribe; the receiver must return the token first, unless Handshake is off."""
        sent = {c: v for c, v in intake.columns.items() if v is not None}
        row = _DEFAULTS | sent | {"Secret": intake.extra.get("AuthenticationCred")}
        _check(books, row)
        if books.row(
            "SELECT 1 FROM SIM_WEBHOOKS WHERE WebhookID = ? OR WebhookURL = ?",
            (row["WebhookID"], row["WebhookURL"]),
        ):
            raise duplicate_row()
        most = books.settings.webhook_most
        if books.figure("SELECT COUNT(*) FROM SIM_WEBHOOKS") >= most:
            raise too_many(most)
        events = _events(books, intake)
        if not events:
            name = "EventCollection"
            raise missing(name)
        _greet(books, row)
        books.insert("SIM_WEBHOOKS", [row | {"State": "Active", "WorkMode": "Standard"}])
        _subscribe(books, row["WebhookID"], events)
        return {"WebhookID": row["WebhookID"]}

    def patch(
        self,
        books: Books,
        kind: EntitySet,  # noqa: ARG002
        key: Row,
        intake: Intake,
        *,
        replace: bool,  # noqa: ARG002 - a list of events is always sent whole (guess)
    ) -> None:
        """Change how and what is sent; events that are sent replace those of before (guess)."""
        before = _hook_row(books, key)
        for name in ("WebhookID", "WebhookURL"):
            if intake.columns.get(name, before[name]) != before[name]:
                raise immutable(name)
        changes = {c: v for c, v in intake.columns.items() if v is not None}
        if intake.extra.get("AuthenticationCred") is not None:
            changes["Secret"] = intake.extra["AuthenticationCred"]
        _check(books, before | changes)
        books.update("SIM_WEBHOOKS", key, changes)
        if events := _events(books, intake):
            books.db.execute(
                "DELETE FROM SIM_WEBHOOK_EVENTS WHERE WebhookID = ?", (key["WebhookID"],)
            )
            _subscribe(books, key["WebhookID"], events)

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:  # noqa: ARG002
        """End a subscription with all its notifications (guess)."""
        for table in ("SIM_WEBHOOKS", "SIM_WEBHOOK_EVENTS", "SIM_NOTIFICATIONS"):
            books.db.execute(f"DELETE FROM {table} WHERE WebhookID = ?", (key["WebhookID"],))  # noqa: S608 - own names

    def act(self, books: Books, kind: EntitySet, key: Row, action: str) -> Row | None:
        """Greet, pause, resume or replay."""
        row = _hook_row(books, key)
        match action:
            case "Handshake":
                _greet(books, row | {"Handshake": "Y"})
            case "Pause":
                books.update("SIM_WEBHOOKS", key, {"State": "Inactive"})
            case "Resume":
                _greet(books, row)
                books.update("SIM_WEBHOOKS", key, {"State": "Active", "WorkMode": "Standard"})
            case "Replay":
                _replay(books, key)
            case _:
                return super().act(books, kind, key, action)
        return None


class NotificationKeeper(Undeletable):
    """Keeps EventNotifications, which only the company writes."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:  # noqa: ARG002
        """Refuse with -5006 (guess)."""
        raise action_not_supported()

    def patch(
        self,
        books: Books,  # noqa: ARG002
        kind: EntitySet,  # noqa: ARG002
        key: Row,  # noqa: ARG002
        intake: Intake,  # noqa: ARG002
        *,
        replace: bool,  # noqa: ARG002
    ) -> None:
        """Refuse with -5006 (guess)."""
        raise action_not_supported()


def hook_of(row: Row) -> Hook:
    """Read where a subscription sends to."""
    authentication, secret = row["AuthenticationType"], row["Secret"] or "{}"
    verify = row["VerifyCertificate"] == "Y"
    return Hook(row["WebhookID"], row["WebhookURL"], authentication, secret, verify)


def _hook_row(books: Books, key: Row) -> Row:
    found = books.row("SELECT * FROM SIM_WEBHOOKS WHERE WebhookID = ?", (key["WebhookID"],))
    if found is None:
        raise not_found()
    return found


def _check(books: Books, row: Row) -> None:
    for name in ("WebhookID", "WebhookURL"):
        if not row.get(name):
            raise missing(name)
    schemes = ("https", "http") if books.settings.webhook_plain_http else ("https",)
    try:
        address = urlsplit(row["WebhookURL"])
    except ValueError:
        name = "WebhookURL"
        raise invalid(name, row["WebhookURL"]) from None
    if address.scheme not in schemes or not address.hostname:
        name = "WebhookURL"
        raise invalid(name, row["WebhookURL"])
    _check_credentials(row)


def _check_credentials(row: Row) -> None:
    wanted = _CREDENTIALS.get(row["AuthenticationType"])
    if wanted is None:
        name = "AuthenticationType"
        raise invalid(name, row["AuthenticationType"])
    name = "AuthenticationCred"
    try:
        found = json.loads(row["Secret"] or "{}")
    except ValueError:
        raise invalid(name, "***") from None
    texts = isinstance(found, dict) and all(isinstance(found.get(n), str) for n in wanted)
    if not texts or ("Algorithm" in wanted and found["Algorithm"] not in ALGORITHMS):
        raise invalid(name, "***")


def _events(books: Books, intake: Intake) -> list[Row]:
    known = transactions(books)
    rows = [row.columns for row in intake.rows.get("EventCollection", ())]
    for row in rows:
        name, event = row.get("BusinessObject"), row.get("TransactionType")
        if name not in known:
            field = "BusinessObject"
            raise invalid(field, name)
        if event not in known[name]:
            field = "TransactionType"
            raise invalid(field, event)
        kind = books.sets[name]
        for wanted in (row.get("BizObjProps") or "").split(","):
            if wanted.strip():
                _check_property(kind, wanted.strip())
        if row.get("FilterExpr"):
            books.outside.condition(kind, row["FilterExpr"])
    return rows


def _check_property(kind: EntitySet, name: str) -> None:
    """Refuse with -1000 what is no simple property, in the names of version 1 (guess)."""
    if name not in kind.properties:
        raise invalid_property(name, kind.type_name)


def _subscribe(books: Books, hook: str, events: list[Row]) -> None:
    rows = [row | {"WebhookID": hook, "Number": n} for n, row in enumerate(events)]
    books.insert("SIM_WEBHOOK_EVENTS", rows)


def _greet(books: Books, row: Row) -> None:
    if row["Handshake"] != "Y":
        return
    if books.outside.greeted is None:
        raise HandshakeNeeded(hook_of(row))
    if books.outside.greeted:
        raise handshake_failed(books.outside.greeted)


def _replay(books: Books, key: Row) -> None:
    """Send again what was missed; every other webhook is paused (6) until it is resumed (guess)."""
    books.db.execute("UPDATE SIM_WEBHOOKS SET State = 'Inactive' WHERE State = 'Active'")
    books.update("SIM_WEBHOOKS", key, {"State": "Active", "WorkMode": "Replay"})
    sql = """UPDATE SIM_NOTIFICATIONS SET Status = 'Pending'
        WHERE WebhookID = ? AND Status <> 'Delivered'"""
    books.db.execute(sql, (key["WebhookID"],))


KEEPERS: dict[str, Keeper] = {
    "EventSubscriptions": SubscriptionKeeper(),
    "EventNotifications": NotificationKeeper(),
}

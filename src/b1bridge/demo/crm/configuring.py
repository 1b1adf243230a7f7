"""Sets a hub up as an operator would: two connections, one crosswalk, seven syncs."""

from __future__ import annotations

from typing import Any

from b1bridge.bootstrap import Hub
from b1bridge.demo.crm.books import BASE_LIST, DOLLAR_LIST, NO_RATE, TIME_ZONE
from b1bridge.demo.crm.settings import (
    API_TOKEN,
    CRM,
    PLAN,
    SEATS,
    WEBHOOK_PASSWORD,
    WEBHOOK_USER,
)
from b1bridge.demo.sap import COMPANY, PASSWORD, USER, fingerprint_of
from b1bridge.demo.settings import BOOKS, Places
from b1bridge.engine.records import Schedule

POLL_SECONDS = 10.0
TAX_CODES = {"20": "A20", "7": "A7", "0": "A0"}
TO_CRM = {
    "customers": "partner-to-organization",
    "products": "item-to-product",
    "invoices": "invoice-to-note",
    "deliveries": "delivery-to-deal",
    "orders": "sales-order-to-deal",
}
FROM_CRM = {"deals": "deal-to-sales-order", "mergers": "merge-to-link"}
_OPTIONS: dict[str, dict[str, Any]] = {
    "products": {"price_lists": [BASE_LIST, DOLLAR_LIST]},
    "deals": {"currencies": ["USD", NO_RATE]},
}


async def connect(hub: Hub, places: Places) -> None:
    """Enter both connections and the tax rates; entering them twice changes nothing."""
    await hub.add_connection(CRM, "pipedrive", _crm(places))
    await hub.add_connection(BOOKS, "sap-b1", _books(places))
    for rate, code in TAX_CODES.items():
        await hub.set_crosswalk("tax", rate, code, actor="demo")


async def switch_on(hub: Hub, *names: str) -> None:
    """Switch syncs on; customers come first, for whatever else is shown hangs on them."""
    for name in names:
        to_crm = name in TO_CRM
        source, target = (BOOKS, CRM) if to_crm else (CRM, BOOKS)
        await hub.add_sync(
            name,
            flow=(TO_CRM | FROM_CRM)[name],
            source=source,
            target=target,
            options=_OPTIONS.get(name),
            schedule=Schedule(every=POLL_SECONDS),
        )


def inbound_door(places: Places) -> str:
    """Return where the hub takes the CRM's notices."""
    return f"{places.hub_url}/notices/{CRM}"


def _crm(places: Places) -> dict[str, Any]:
    return {
        "api_url": places.front_url,
        "api_token": API_TOKEN,
        "plan": PLAN,
        "seats": SEATS,
        "webhook_user": WEBHOOK_USER,
        "webhook_password": WEBHOOK_PASSWORD,
        "webhook_url": inbound_door(places),
    }


def _books(places: Places) -> dict[str, Any]:
    return {
        "url": places.sap_url,
        "company_db": COMPANY,
        "user": USER,
        "password": PASSWORD,
        "certificate_sha256": fingerprint_of(places),
        "time_zone": TIME_ZONE,
        "local_currency": "EUR",
        "document_timeout": 20.0,
        "tax_by_row": True,
    }

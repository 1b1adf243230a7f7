"""Sets a hub up as an operator would: two connections, the crosswalks, four syncs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from b1bridge.bootstrap import Hub
from b1bridge.demo.sap import COMPANY, PASSWORD, USER
from b1bridge.demo.settings import BOOKS, Places
from b1bridge.demo.shop.books import Chart
from b1bridge.demo.shop.settings import SHOP, WAREHOUSE, ShopDemo
from b1bridge.engine.records import Schedule

POLL_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens both sides; the simulators' own, good for nothing else."""

    fingerprint: str
    company: str = COMPANY
    user: str = USER
    password: str = PASSWORD
    store_hash: str = "simstore"
    access_token: str = "sim-token"  # noqa: S105 - opens nothing but the simulator
    client_secret: str = "sim-secret"  # noqa: S105 - opens nothing but the simulator


async def configure(hub: Hub, settings: ShopDemo, places: Places, keys: Keys, chart: Chart) -> None:
    """Enter everything; entering it twice changes nothing."""
    await hub.add_connection(SHOP, "bigcommerce", _shop(places, keys))
    await hub.add_connection(BOOKS, "sap-b1", _books(settings, places, keys))
    for name, codes in _crosswalks(chart).items():
        for code, other in codes.items():
            await hub.set_crosswalk(name, code, other, actor="demo")
    for sync in _syncs(settings, chart):
        await hub.add_sync(**sync)


def _shop(places: Places, keys: Keys) -> dict[str, Any]:
    return {
        "store_hash": keys.store_hash,
        "access_token": keys.access_token,
        "client_secret": keys.client_secret,
        "api_url": places.front_url,
    }


def _books(settings: ShopDemo, places: Places, keys: Keys) -> dict[str, Any]:
    return {
        "url": places.sap_url,
        "company_db": keys.company,
        "user": keys.user,
        "password": keys.password,
        "certificate_sha256": keys.fingerprint,
        "time_zone": "Europe/London" if settings.retail else "Europe/Berlin",
        "local_currency": settings.currency,
        "document_timeout": 20.0,
        "tax_by_row": settings.retail is not None,
    }


def _crosswalks(chart: Chart) -> Mapping[str, Mapping[str, str]]:
    return {
        "tax": chart.tax_codes,
        "freight": chart.freight,
        "payment_method": chart.payment_methods,
        "refund_account": chart.refund_accounts,
    }


def _syncs(settings: ShopDemo, chart: Chart) -> Iterator[dict[str, Any]]:
    partners = {"partners": "per_email", "collective_partner": chart.collective_partner}
    poll = Schedule(every=POLL_SECONDS)
    into_books = {"source": SHOP, "target": BOOKS}
    invoice = {
        "options": {**partners, "warehouse": WAREHOUSE, "annotate": settings.annotate},
        "schedule": poll,
    }
    yield {"name": "orders", "flow": "order-to-invoice", **into_books, **invoice}
    yield {"name": "payments", "flow": "payment-to-incoming-payment", **into_books}
    yield {"name": "refunds", "flow": "refund-to-credit-memo", **into_books}
    yield {
        "name": "customers",
        "flow": "customer-to-business-partner",
        **into_books,
        "options": partners,
    }
    yield {
        "name": "stock",
        "flow": "stock-to-shop",
        "source": BOOKS,
        "target": SHOP,
        "options": {"warehouses": [WAREHOUSE]},
    }

"""A whole hub on a real port, in a thread of its own, for clients that nobody here wrote."""

import contextlib
from dataclasses import dataclass

from anyio.from_thread import start_blocking_portal

from b1bridge.bootstrap import Hub, Parts
from b1bridge.web.app import create_app
from b1bridge.web.server import listen, serving

from .conftest import CROSSWALKS, QUICK, SCOPES, SETTINGS


@dataclass
class Served:
    """Where the hub answers, and the tokens that its clients have."""

    url: str
    tokens: dict[str, str]


@contextlib.contextmanager
def served(folder, sap, **settings):
    """Serve a hub over this company until the block ends; its worker works."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_serving(folder, sap, settings)) as found,
    ):
        yield found


@contextlib.asynccontextmanager
async def _serving(folder, sap, settings):
    lines = {"books": sap.transport()}
    async with await Hub.open(folder, transports=lines, parts=Parts(patience=QUICK)) as hub:
        await _set_up(hub, sap, settings)
        await hub.start_worker(schedule=False)
        with listen("127.0.0.1", 0) as sock:
            async with serving(create_app(hub), sock) as web:
                yield Served(web.url, await _tokens(hub))


async def _set_up(hub, sap, settings):
    books = sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
    await hub.add_connection("books", "sap-b1", books)
    await hub.add_connection("api", "rest", SETTINGS | settings)
    for name, codes in CROSSWALKS.items():
        for code, other in codes.items():
            await hub.set_crosswalk(name, code, other)
    await hub.add_sync("orders", flow="order-to-sales-order", source="api", target="books")
    await hub.add_sync("contacts", flow="contact-to-contact-employee", source="api", target="books")


async def _tokens(hub):
    """Return a token that may do everything, one that may do nothing here, one that is over."""
    found = {}
    for name, scopes in (("all", SCOPES), ("none", ["codes:read"]), ("revoked", SCOPES)):
        _, found[name] = await hub.tokens.create(
            name, connection="api", scopes=scopes, actor="test"
        )
    await hub.tokens.revoke("revoked", actor="test")
    return found

"""The desks of a hub: each is asked for one kind of thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from b1bridge.bootstrap.bell import Bell
from b1bridge.bootstrap.contact_desk import ContactDesk
from b1bridge.bootstrap.crm_desk import CrmDesk
from b1bridge.bootstrap.customer_desk import CustomerDesk
from b1bridge.bootstrap.lines import Lines
from b1bridge.bootstrap.lookup_desk import LookupDesk
from b1bridge.bootstrap.order_desk import OrderDesk
from b1bridge.bootstrap.rebuilding import Rebuilding
from b1bridge.bootstrap.reporting import Reporting
from b1bridge.bootstrap.stock_reporting import StockReporting
from b1bridge.bootstrap.token_desk import TokenDesk
from b1bridge.engine.flow import Flow
from b1bridge.storage.opening import Storage
from b1bridge.storage.submission_views import SubmissionViews


class Desks:
    """All of them, over one database and the same lines."""

    def __init__(
        self,
        storage: Storage,
        lines: Lines,
        flows: Mapping[str, Flow],
        clock: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._lines = lines
        self._flows = flows
        self._clock = clock
        bell = Bell()
        storage.runs.listeners.append(bell.ring)
        self._orders = _order_desk(storage, flows, bell, clock)
        self._contacts = _contact_desk(storage, flows, bell, clock)
        self._tokens = TokenDesk(storage.tokens, lines, clock)

    @property
    def reports(self) -> Reporting:
        """Compare shops with their books."""
        return Reporting(self._storage, self._lines, self._flows, self._clock)

    @property
    def rebuilding(self) -> Rebuilding:
        """Restore what a lost database knew."""
        return Rebuilding(self._storage, self._lines, self._flows, self._clock)

    @property
    def customers(self) -> CustomerDesk:
        """Find duplicate accounts, and move shoppers to the right one."""
        return CustomerDesk(self._storage, self._lines, self._clock)

    @property
    def orders(self) -> OrderDesk:
        """Take the orders of clients that have no system of their own, and tell how they stand."""
        return self._orders

    @property
    def contacts(self) -> ContactDesk:
        """Take the contacts of such clients, and tell what became of them."""
        return self._contacts

    @property
    def tokens(self) -> TokenDesk:
        """Give out, list, revoke and look at the tokens of the API's clients."""
        return self._tokens

    @property
    def lookups(self) -> LookupDesk:
        """Answer what clients ask about the books behind their connection."""
        return LookupDesk(self._lines, self._storage.memory.in_flight, self._clock)

    @property
    def crm(self) -> CrmDesk:
        """Make a CRM's custom fields, and tell what its day has cost."""
        return CrmDesk(self._lines, self._storage.usage)

    @property
    def stock_reports(self) -> StockReporting:
        """Compare what shops show with what the books promise."""
        return StockReporting(self._storage, self._lines, self._flows, self._clock)


def _order_desk(
    storage: Storage, flows: Mapping[str, Flow], bell: Bell, clock: Callable[[], datetime]
) -> OrderDesk:
    return OrderDesk(
        submissions=storage.submissions,
        views=SubmissionViews(storage.database),
        then={flow.name: flow.then for flow in flows.values()},
        bell=bell,
        clock=clock,
    )


def _contact_desk(
    storage: Storage, flows: Mapping[str, Flow], bell: Bell, clock: Callable[[], datetime]
) -> ContactDesk:
    return ContactDesk(
        submissions=storage.submissions,
        views=SubmissionViews(storage.database),
        links=storage.memory.links,
        then={flow.name: flow.then for flow in flows.values()},
        bell=bell,
        clock=clock,
    )

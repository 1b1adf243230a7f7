"""The clerk's verbs of one company, bound to it: for the world and for the control API."""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from b1sim.company import clerk
from b1sim.company.company import Company
from b1sim.company.rules import numbering, periods


class ClerkDesk:
    """Every verb of `b1sim.company.clerk`, without the company that it works in."""

    def __init__(self, company: Company) -> None:
        self.add_item = partial(clerk.add_item, company)
        self.add_partner = partial(clerk.add_partner, company)
        self.add_user = partial(clerk.add_user, company)
        self.freeze = partial(clerk.freeze, company)
        self.receive_stock = partial(clerk.receive_stock, company)
        self.set_stock = partial(clerk.set_stock, company)
        self.deliver = partial(clerk.deliver, company)
        self.add_tree = partial(clerk.add_tree, company)
        self.add_bin = partial(clerk.add_bin, company)
        self.set_price = partial(clerk.set_price, company)
        self.set_rate = partial(clerk.set_rate, company)
        self.lock_period = partial(clerk.lock_period, company)
        self.unlock_period = partial(clerk.unlock_period, company)
        self.add_period = partial(periods.add, company.books)
        self.add_series = partial(numbering.add_series, company.books)
        self.lock_series = partial(numbering.lock_series, company.books)
        self.require_approval = partial(clerk.require_approval, company)
        self.reject_when = partial(clerk.reject_when, company)
        self.drop_rejections = partial(clerk.drop_rejections, company)
        self.drop_approvals = partial(clerk.drop_approvals, company)
        self.approve_draft = partial(clerk.approve_draft, company)
        self.reject_draft = partial(clerk.reject_draft, company)
        self.add_user_field = partial(clerk.add_user_field, company)
        self.add_view = partial(clerk.add_view, company)
        self.change_settings = partial(clerk.change_settings, company)

    def verbs(self) -> dict[str, str]:
        """Name every verb with what it takes."""
        return {name: str(inspect.signature(verb)) for name, verb in self._all().items()}

    def run(self, verb: str, arguments: Mapping[str, Any]) -> Any:
        """Run a verb by its name; LookupError or TypeError name what does not fit."""
        found = self._all().get(verb)
        if found is None:
            msg = f"the clerk has no verb {verb}; known are {', '.join(self._all())}"
            raise LookupError(msg)
        inspect.signature(found).bind(**arguments)
        return found(**arguments)

    def _all(self) -> dict[str, Callable[..., Any]]:
        return vars(self)

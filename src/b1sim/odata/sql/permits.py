"""Who may run which stored query, remembered for about a minute (4.3)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from b1sim.company.company import Company
from b1sim.company.rules import rights

_MINUTE = timedelta(minutes=1)


@dataclass
class Permits:
    """What was found out lately; a right that is given or taken counts when that is forgotten."""

    _known: dict[tuple[str, str], tuple[datetime, bool]] = field(default_factory=dict)

    def check(self, company: Company, query: str) -> None:
        """Refuse with -6006 whoever may not run a query."""
        books = company.books
        key, now = (books.user, query), books.now()
        since, granted = self._known.get(key, (None, False))
        if since is None or now - since >= _MINUTE:
            granted = rights.may_run(books, query)
            self._known[key] = (now, granted)
        if not granted:
            raise rights.not_permitted()

"""Who watches the company's writes, in the order of being told."""

from collections.abc import Callable

from b1sim.company.books import Books
from b1sim.company.changes import Change
from b1sim.company.rules import procedure
from b1sim.company.webhooks import journal

Watcher = Callable[[Books, Change], None]
WATCHERS: tuple[Watcher, ...] = (procedure.check, journal.write_down)


def tell(books: Books) -> None:
    """Tell every watcher what was noted since the last time; one that refuses raises."""
    noted, books.noted = books.noted, []
    for change in noted:
        for watch in WATCHERS:
            watch(books, change)

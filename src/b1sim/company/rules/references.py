"""Records that others point at must be there: -2028 with HTTP 400 (sap-service-layer.md 3.2)."""

from b1sim.company.books import Books
from b1sim.company.refusals import unknown_code
from b1sim.company.shape.areas import REFERS
from b1sim.company.shape.intake import Intake


def check(books: Books, table: str, intake: Intake) -> None:
    """Refuse a record or a row that names one which is not there; nothing and "" name none."""
    for column, other in REFERS.get(table, ()):
        code = intake.columns.get(column)
        if code not in (None, "") and books.master(other, code) is None:
            raise unknown_code()

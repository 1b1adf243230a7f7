"""Branches: a company that has several wants one on every document (sap-service-layer.md 9.1).

Rules: the branch is active, the partner trades with it, its warehouses are its own, and a payment
belongs to the branch of what it pays. A partner without assignments trades with every branch and
a warehouse without a branch serves all (a guess each). The switch is `branches` of the settings.
"""

from collections.abc import Sequence

from b1sim.company.books import Books, Row
from b1sim.company.rules.refusals import (
    no_branch,
    other_branch,
    partner_not_in_branch,
    warehouse_not_in_branch,
)


def fill(books: Books, table: str, header: Row) -> None:
    """Check the branch of a header and name it; a company without branches takes any."""
    if not books.settings.branches:
        return
    branch = books.master("OBPL", header.get("BPLId"))
    if branch is None or branch["Disabled"] == "Y":
        raise no_branch(table)
    header["BPLName"] = branch["BPLName"]
    _check_partner(books, table, header)


def _check_partner(books: Books, table: str, header: Row) -> None:
    sql = "SELECT BPLId, DisabledBP FROM CRD8 WHERE CardCode = ?"
    assigned = books.rows(sql, (header.get("CardCode"),))
    allowed = [row["BPLId"] for row in assigned if row["DisabledBP"] != "Y"]
    if assigned and header["BPLId"] not in allowed:
        raise partner_not_in_branch(table)


def check_warehouses(books: Books, table: str, header: Row, lines: Sequence[Row]) -> None:
    """Refuse the first row whose warehouse belongs to another branch."""
    if not books.settings.branches:
        return
    for line in lines:
        warehouse = books.master("OWHS", line.get("WhsCode")) or {}
        if warehouse.get("BPLid") not in (None, header["BPLId"]):
            raise warehouse_not_in_branch(table, line["LineNum"] + 1, line["WhsCode"])


def check_same(books: Books, table: str, header: Row, other: int | None) -> None:
    """Refuse to pay what another branch is owed."""
    if books.settings.branches and other is not None and other != header.get("BPLId"):
        raise other_branch(table)

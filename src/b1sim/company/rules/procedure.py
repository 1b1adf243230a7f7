"""The company's own stored procedure, which SAP asks before it commits any write.

SBO_SP_TransactionNotification is written by customers; its refusals show as a number in
parentheses and free text, with code -5002 or -1 (sap-service-layer.md 3.1).
"""

import sqlite3

from b1sim.company.books import Books
from b1sim.company.changes import Change, Event
from b1sim.company.refusals import refused
from b1sim.company.settings import ProcedureRule

# The letters that SAP hands to the procedure; that reopening counts as an update is a guess.
_LETTERS: dict[Event, str] = {
    "Created": "A",
    "Updated": "U",
    "Deleted": "D",
    "Cancelled": "C",
    "Closed": "L",
    "Reopened": "U",
}


def check(books: Books, change: Change) -> None:
    """Refuse what one of the company's rules does not allow."""
    for rule in books.settings.procedure:
        if _concerns(rule, change) and _holds(books, change, rule):
            message = f"({rule.number}) {rule.text}"
            raise refused(rule.code, message)


def _concerns(rule: ProcedureRule, change: Change) -> bool:
    is_its_set = rule.entity_set == change.entity_set
    return is_its_set and _LETTERS[change.event] in rule.transactions


def _holds(books: Books, change: Change, rule: ProcedureRule) -> bool:
    """Tell whether the rule's condition is true of the record as it now stands.

    A deleted record is gone: a rule about deleting can only say "always".
    """
    if change.event == "Deleted":
        return True
    kind = books.sets[change.entity_set]
    where = " AND ".join(f'"{column}" = ?' for column in kind.key_columns)
    sql = f'SELECT 1 FROM "{kind.table}" WHERE {where} AND ({rule.condition})'  # noqa: S608 - the company's own rule
    return books.row(sql, [change.key[name] for name in kind.key]) is not None


def check_rule(books: Books, rule: ProcedureRule) -> None:
    """Raise ValueError when the condition of a rule cannot be read."""
    table = books.sets[rule.entity_set].table
    try:
        books.db.execute(f'SELECT 1 FROM "{table}" WHERE {rule.condition} LIMIT 0')  # noqa: S608 - the company's own rule
    except sqlite3.Error as error:
        message = f"{rule.condition} is no condition on {table}: {error}"
        raise ValueError(message) from error

"""Which documents have to wait: templates (OWTM) and the simpler rules of the settings.

A template asks about the documents of its kinds that its users enter, where its terms hold
(sap-service-layer.md 9.9 names the effect, sap-entities.json the properties). A rule of the
settings stands for a template whose query SAP would run; all superusers are its approvers.
"""

from dataclasses import dataclass
from decimal import Decimal

from b1sim.company.approvals import terms
from b1sim.company.books import Books
from b1sim.company.document import Document
from b1sim.company.rules import users


@dataclass(frozen=True)
class Stage:
    """Some people, of whom enough must agree."""

    code: int | None
    approvers: tuple[int, ...]
    needed: int = 1


@dataclass(frozen=True)
class Procedure:
    """What a document waits for: its stages, one after the other."""

    template: int | None
    stages: tuple[Stage, ...]


def find(books: Books, document: Document) -> Procedure | None:
    """Return the first procedure that a new document has to wait for."""
    if not books.settings.approvals_in_services:
        return None
    code = None if books.is_empty("OWTM") else _matching(books, document)
    if code is not None:
        return of_template(books, code)
    return Procedure(None, _superusers(books)) if _rule_applies(books, document) else None


def _matching(books: Books, document: Document) -> int | None:
    """Find the first template that asks about a document of this user."""
    sql = """SELECT t.WtmCode, t.Conds FROM OWTM t JOIN WTM3 d ON d.WtmCode = t.WtmCode
        JOIN WTM1 u ON u.WtmCode = t.WtmCode JOIN OUSR o ON o.USERID = u.UserID
        WHERE t.Active = 'Y' AND d.TransType = ? AND o.USER_CODE = ? ORDER BY t.WtmCode"""
    for template in books.rows(sql, (str(document.kind.type), books.user)):
        code = int(template["WtmCode"])
        if template["Conds"] != "Y" or _terms_hold(books, code, document):
            return code
    return None


def of_template(books: Books, code: int | None) -> Procedure:
    """Read the stages of a template in their order."""
    if code is None:
        return Procedure(None, _superusers(books))
    sql = """SELECT s.WstCode, s.MaxReqr FROM WTM2 t JOIN OWST s ON s.WstCode = t.WstCode
        WHERE t.WtmCode = ? ORDER BY t.SortId"""
    stages = [_stage(books, row["WstCode"], row["MaxReqr"]) for row in books.rows(sql, (code,))]
    return Procedure(code, tuple(stages))


def _stage(books: Books, code: int, needed: int) -> Stage:
    found = books.rows("SELECT UserID FROM WST1 WHERE WstCode = ? ORDER BY UserID", (code,))
    return Stage(code, tuple(row["UserID"] for row in found), needed)


def _superusers(books: Books) -> tuple[Stage, ...]:
    return (Stage(None, tuple(users.superusers(books))),)


def _terms_hold(books: Books, code: int, document: Document) -> bool:
    rows = books.rows("SELECT * FROM WTM4 WHERE WtmCode = ?", (code,))
    return bool(rows) and all(terms.holds(row, document) for row in rows)


def _rule_applies(books: Books, document: Document) -> bool:
    header = document.header
    return any(
        rule.entity_set == document.kind.entity_set
        and header["DocTotal"] >= Decimal(rule.from_total)
        and rule.card_code in (None, header["CardCode"])
        for rule in books.settings.approvals
    )

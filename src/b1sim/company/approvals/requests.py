"""Approval requests (OWDD): asked with a draft, decided stage by stage, closed by the document.

One rejection rejects the request (guess: SAP counts rejections per stage). Until the document is
there, the request points at the draft (IsDraft Y); which object type stands where is a guess.
"""

from b1sim.company.approvals.procedures import Procedure, Stage, of_template
from b1sim.company.approvals.refusals import decided_already, not_approved, not_approver
from b1sim.company.books import Books, Row
from b1sim.company.document import Document, touch
from b1sim.company.kinds import DRAFT
from b1sim.company.refusals import not_found
from b1sim.company.rules import users
from b1sim.company.shape.values import hhmmss

NONE, PENDING, APPROVED, REJECTED = "-", "W", "Y", "N"
GENERATED, GENERATED_BY_AUTHORIZER, CANCELLED = "P", "A", "C"


def ask(books: Books, draft: Document, procedure: Procedure) -> None:
    """Ask for the approval of a draft; the first stage gets its lines."""
    code = books.next_number("OWDD")
    now = books.now()
    request = {
        "WddCode": code,
        "WtmCode": procedure.template,
        "ObjType": str(draft.header["ObjType"]),
        "IsDraft": "Y",
        "DocEntry": draft.entry,
        "Status": PENDING,
        "OwnerID": users.id_of(books, books.user),
        "CreateDate": now.date().isoformat(),
        "CreateTime": hhmmss(now),
        "DraftEntry": draft.entry,
        "DraftType": str(DRAFT.type),
    }
    books.insert("OWDD", [request])
    _enter(books, code, procedure.stages[0])
    books.note("ApprovalRequests", "Created", Code=code)


def _enter(books: Books, code: int, stage: Stage) -> None:
    books.update("OWDD", {"WddCode": code}, {"CurrStep": stage.code})
    (count,) = books.db.execute("SELECT COUNT(*) FROM WDD1 WHERE WddCode = ?", (code,)).fetchone()
    now = books.now()
    stamp = {"CreateDate": now.date().isoformat(), "CreateTime": hhmmss(now)}
    rows = [
        {"WddCode": code, "LineNum": count + n, "StepCode": stage.code, "UserID": user}
        | {"Status": PENDING, **stamp}
        for n, user in enumerate(stage.approvers)
    ]
    books.insert("WDD1", rows)


def decide(books: Books, code: int, user: str, *, approve: bool, remarks: str | None) -> None:
    """Write down what an approver of the current stage says, and what follows from it."""
    request = books.row("SELECT * FROM OWDD WHERE WddCode = ?", (code,))
    if request is None:
        raise not_found()
    if request["Status"] != PENDING:
        raise decided_already(code)
    where = {"WddCode": code, "StepCode": request["CurrStep"], "UserID": users.id_of(books, user)}
    sql = """SELECT LineNum FROM WDD1
        WHERE WddCode = :WddCode AND StepCode IS :StepCode AND UserID = :UserID"""
    line = books.db.execute(sql, where).fetchone()
    if line is None:
        raise not_approver(user)
    now = books.now()
    said: Row = {"Status": APPROVED if approve else REJECTED, "Remarks": remarks}
    said |= {"UpdateDate": now.date().isoformat(), "UpdateTime": hhmmss(now)}
    books.update("WDD1", {"WddCode": code, "LineNum": line[0]}, said)
    if not approve:
        _end(books, request, REJECTED)
    else:
        _advance(books, request)


def _advance(books: Books, request: Row) -> None:
    """Go on to the next stage once enough approvers of this one agreed."""
    stages = of_template(books, request["WtmCode"]).stages
    here = next((n for n, s in enumerate(stages) if s.code == request["CurrStep"]), 0)
    sql = "SELECT COUNT(*) FROM WDD1 WHERE WddCode = ? AND StepCode IS ? AND Status = ?"
    params = (request["WddCode"], request["CurrStep"], APPROVED)
    (agreed,) = books.db.execute(sql, params).fetchone()
    if agreed < min(stages[here].needed, len(stages[here].approvers)):
        return
    if here + 1 < len(stages):
        _enter(books, request["WddCode"], stages[here + 1])
    else:
        _end(books, request, APPROVED)


def _end(books: Books, request: Row, status: str) -> None:
    books.update("OWDD", {"WddCode": request["WddCode"]}, {"Status": status})
    touch(books, DRAFT, request["DraftEntry"], WddStatus=status)
    books.note("ApprovalRequests", "Updated", Code=request["WddCode"])


def settle(books: Books, draft: int, *, approve: bool) -> None:
    """Decide about a draft in the place of all its approvers, as a clerk of a test does."""
    sql = "SELECT * FROM OWDD WHERE DraftEntry = ? ORDER BY WddCode DESC"
    request = books.row(sql, (draft,))
    if request is None:
        raise not_found()
    status = APPROVED if approve else REJECTED
    books.update("WDD1", {"WddCode": request["WddCode"], "Status": PENDING}, {"Status": status})
    _end(books, request, status)


def check_may_post(draft: Document) -> None:
    """Refuse to post a draft that still waits, was rejected or was posted."""
    if draft.header["WddStatus"] not in (NONE, APPROVED) or draft.header["DocStatus"] != "O":
        raise not_approved(draft.entry)


def close(books: Books, draft: Document, document: Document) -> None:
    """Note that a draft became a document, by its originator or by an approver."""
    request = books.row("SELECT * FROM OWDD WHERE DraftEntry = ?", (draft.entry,))
    own = request is None or request["OwnerID"] == users.id_of(books, books.user)
    status = GENERATED if own else GENERATED_BY_AUTHORIZER
    touch(books, DRAFT, draft.entry, DocStatus="C", WddStatus=status)
    changes = {"Status": status, "IsDraft": "N", "DocEntry": document.entry}
    books.update("OWDD", {"DraftEntry": draft.entry}, changes)


def cancel(books: Books, draft: int) -> None:
    """Give up what was asked about a draft that is thrown away."""
    books.update("OWDD", {"DraftEntry": draft, "Status": PENDING}, {"Status": CANCELLED})

"""Keeps activities, opportunities and agreements: what they fill in by themselves.

What SAP fills in is in no source but its screens: a guess each.
"""

from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.kinds import BY_TYPE
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.refusals import unknown_code
from b1sim.company.rules import users
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet
from b1sim.company.shape.values import hhmmss


class ActivityKeeper(MasterKeeper):
    """Dates activities, closes them, and ties them to the document they are about."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create an activity of now, for whoever enters it unless it names somebody."""
        columns, now = intake.columns, books.now()
        columns.setdefault("CntctDate", now.date().isoformat())
        columns.setdefault("CntctTime", hhmmss(now))
        columns.setdefault("Recontact", columns["CntctDate"])
        columns.setdefault("AttendUser", users.id_of(books, books.user))
        _close(books, columns)
        _link(books, columns)
        return super().create(books, kind, intake)

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change an activity; closing it dates the end, opening it again takes that away."""
        _close(books, intake.columns)
        _link(books, intake.columns)
        super().patch(books, kind, key, intake, replace=replace)


def _close(books: Books, columns: Row) -> None:
    if columns.get("Closed") == "Y":
        columns.setdefault("CloseDate", books.today())
    elif columns.get("Closed") == "N":
        columns["CloseDate"] = None


def _link(books: Books, columns: Row) -> None:
    """Complete a link to a document: DocType with DocEntry names its DocNum, or the other way."""
    kind = BY_TYPE.get(_whole(columns.get("DocType")))
    if kind is None:
        return
    for given, other in (("DocEntry", "DocNum"), ("DocNum", "DocEntry")):
        if columns.get(given):
            sql = f'SELECT "{other}" FROM {kind.header} WHERE "{given}" = ?'  # noqa: S608 - own names
            found = books.row(sql, (_whole(columns[given]),))
            if found is None:
                raise unknown_code()
            columns[other] = str(found[other])
            return


def _whole(text: object) -> int:
    return int(str(text)) if str(text).isascii() and str(text).isdecimal() else -1


class OpportunityKeeper(MasterKeeper):
    """Names the customer of an opportunity and follows its last stage."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create an opportunity that began today unless it says otherwise."""
        intake.columns.setdefault("OpenDate", books.today())
        intake.columns["CardName"] = _name_of(books, intake.columns.get("CardCode"))
        for row in intake.rows.get("SalesOpportunitiesLines", []):
            row.columns.setdefault("OpenDate", intake.columns["OpenDate"])
            row.columns.setdefault("Status", "O")
        _end(books, intake.columns)
        key = super().create(books, kind, intake)
        _follow_stages(books, key["SequentialNo"])
        return key

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change an opportunity; one that is won or lost has ended today."""
        if intake.has("CardCode"):
            intake.columns["CardName"] = _name_of(books, intake.columns["CardCode"])
        _end(books, intake.columns)
        super().patch(books, kind, key, intake, replace=replace)
        if "SalesOpportunitiesLines" in intake.rows:
            _follow_stages(books, key["OpprId"])


def _end(books: Books, columns: Row) -> None:
    if columns.get("Status") in ("W", "L"):
        columns.setdefault("CloseDate", books.today())


def _name_of(books: Books, code: Any) -> str:
    partner = books.master("OCRD", code)
    if partner is None:
        raise unknown_code()
    return str(partner["CardName"])


def _follow_stages(books: Books, number: int) -> None:
    sql = """UPDATE OOPR SET (StepLast, CloPrcnt) = (SELECT r.Step_Id,
            COALESCE(r.ClosePrcnt, s.CloPrcnt, 0) FROM OPR1 r LEFT JOIN OOST s ON s.Num = r.Step_Id
            WHERE r.OpprId = OOPR.OpprId ORDER BY r.Line DESC LIMIT 1)
        WHERE OpprId = ? AND EXISTS (SELECT 1 FROM OPR1 WHERE OpprId = OOPR.OpprId)"""
    books.db.execute(sql, (number,))


class AgreementKeeper(MasterKeeper):
    """Numbers agreements, names their partner and items, and cancels them."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create an agreement; its number is its key."""
        intake.columns["BpName"] = _name_of(books, intake.columns.get("BpCode"))
        _name_items(books, intake)
        key = super().create(books, kind, intake)
        books.update("OOAT", {"AbsID": key["AgreementNo"]}, {"Number": key["AgreementNo"]})
        return key

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change an agreement."""
        _name_items(books, intake)
        super().patch(books, kind, key, intake, replace=replace)

    def act(self, books: Books, kind: EntitySet, key: Row, action: str) -> Row | None:
        """Cancel an agreement; which status it then has is in the facts' enum alone."""
        if action != "CancelBlanketAgreement":
            return super().act(books, kind, key, action)
        self.patch(books, kind, key, Intake({"Status": "asCancelled"}), replace=False)
        return None


def _name_items(books: Books, intake: Intake) -> None:
    for row in intake.rows.get("BlanketAgreements_ItemsLines", []):
        item = books.master("OITM", row.columns.get("ItemCode")) or {}
        row.columns.setdefault("ItemName", item.get("ItemName"))

"""Keeps stages, templates and requests of approval procedures."""

from collections.abc import Mapping

from b1sim.company.approvals import requests, terms
from b1sim.company.approvals.refusals import incomplete_template, wrong_approver
from b1sim.company.books import Books, Row
from b1sim.company.keeper import Keeper
from b1sim.company.masters import master_data
from b1sim.company.masters.keeper import FixedKeeper, MasterKeeper
from b1sim.company.refusals import invalid_value, not_simulated
from b1sim.company.rules import users
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class _Removable(MasterKeeper):
    """Keeps what is also fetched and removed by actions, as the DI API's services do."""

    def act(self, books: Books, kind: EntitySet, key: Row, action: str) -> Row | None:
        """Answer with the record, or remove it."""
        if action.startswith("Remove"):
            self.delete(books, kind, key)
            return None
        return dict(zip(kind.key, key.values(), strict=True))


class TemplateKeeper(_Removable):
    """Keeps templates whose terms b1sim can judge."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create a template; it needs users, stages and documents (guess: SAP's screen does)."""
        for name in (
            "ApprovalTemplateUsers",
            "ApprovalTemplateStages",
            "ApprovalTemplateDocuments",
        ):
            if not intake.rows.get(name):
                raise incomplete_template(name)
        _check(intake)
        return super().create(books, kind, intake)

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change a template; requests that wait already keep their stages."""
        _check(intake)
        super().patch(books, kind, key, intake, replace=replace)


def _check(intake: Intake) -> None:
    if intake.columns.get("AppOnUpd") == "Y":
        what = "approval procedures for changed documents"
        raise not_simulated(what)
    for term in intake.rows.get("ApprovalTemplateTerms", []):
        terms.check(term)


class RequestKeeper(FixedKeeper):
    """Takes decisions; requests come and go with their drafts."""

    def patch(
        self,
        books: Books,
        kind: EntitySet,
        key: Row,
        intake: Intake,
        *,
        replace: bool,  # noqa: ARG002 - decisions only add up
    ) -> None:
        """Take the decisions that were sent, then the remarks."""
        decisions = intake.rows.pop("ApprovalRequestDecisions", [])
        master_data.patch(books, kind, key, Intake(intake.columns, intake.extra))
        for decision in decisions:
            _decide(books, int(key["WddCode"]), decision)


def _decide(books: Books, code: int, decision: Intake) -> None:
    """Take one decision, of the named approver or else of whoever is asking (guess)."""
    sent = decision.columns
    user = sent.get("ApproverUserName") or books.user
    named = sent.get("ApproverUserName") is not None
    if named and not users.knows(books, user, str(sent.get("ApproverPassword"))):
        raise wrong_approver(user)
    status = sent.get("Status")
    if status not in (requests.APPROVED, requests.REJECTED):
        name = "Status"
        raise invalid_value(name, "ApprovalRequestDecision", status)
    approve = status == requests.APPROVED
    requests.decide(books, code, user, approve=approve, remarks=sent.get("Remarks"))


KEEPERS: Mapping[str, Keeper] = {
    "ApprovalStages": _Removable(),
    "ApprovalTemplates": TemplateKeeper(),
    "ApprovalRequests": RequestKeeper(),
}

"""Keeps users: a code of its own for each, and a password that is never read back."""

from b1sim.company.books import Books, Row
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.refusals import duplicate_row, missing_code
from b1sim.company.rules import users
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet


class UserKeeper(MasterKeeper):
    """Creates and changes users; their rights are rows of theirs."""

    def create(self, books: Books, kind: EntitySet, intake: Intake) -> Row:
        """Create a user; a second one of the same code is refused (guess: with -2035)."""
        code = intake.columns.get("USER_CODE")
        if not code:
            field = "OUSR.USER_CODE"
            raise missing_code(field)
        if users.row_of(books, code) is not None:
            raise duplicate_row()
        _keep_password(books, str(code), intake)
        return super().create(books, kind, intake)

    def patch(
        self, books: Books, kind: EntitySet, key: Row, intake: Intake, *, replace: bool
    ) -> None:
        """Change a user; the code of a user stays (guess)."""
        intake.columns.pop("USER_CODE", None)
        _keep_password(books, _code(books, key), intake)
        super().patch(books, kind, key, intake, replace=replace)

    def delete(self, books: Books, kind: EntitySet, key: Row) -> None:
        """Delete a user nobody points at; it cannot log in any more."""
        code = _code(books, key)
        super().delete(books, kind, key)
        users.forget_password(books, code)


def _keep_password(books: Books, code: str, intake: Intake) -> None:
    password = intake.columns.pop("PASSWORD", None)
    if password:
        users.set_password(books, code, password)


def _code(books: Books, key: Row) -> str:
    found = books.master("OUSR", key["USERID"])
    return "" if found is None else str(found["USER_CODE"])

"""Users of the company: who is asking, and whether a password is theirs.

The user who set the company up stands in its settings too; whoever stands only there, as in a
company that a test made by hand, counts as a superuser (guess).
"""

from b1sim.company.books import Books, Row


def id_of(books: Books, code: str) -> int | None:
    """Return the number of a user; None for who stands in the settings alone."""
    found = row_of(books, code)
    return None if found is None else int(found["USERID"])


def row_of(books: Books, code: str) -> Row | None:
    """Return a user's record."""
    return books.recall("SELECT * FROM OUSR WHERE USER_CODE = ?", (code,))


def is_superuser(books: Books, code: str) -> bool:
    """Tell whether nothing is forbidden to a user."""
    found = row_of(books, code)
    return code in books.settings.users if found is None else found["SUPERUSER"] == "Y"


def knows(books: Books, code: str, password: str) -> bool:
    """Check a log-in; nobody who is locked gets in."""
    kept = books.row("SELECT Password FROM SIM_PASSWORDS WHERE UserCode = ?", (code,))
    right = kept["Password"] if kept else books.settings.users.get(code)
    user = row_of(books, code)
    return right == password and (user is None or user["Locked"] != "Y")


def set_password(books: Books, code: str, password: str) -> None:
    """Keep a password beside the users, where no reading finds it."""
    books.db.execute("INSERT OR REPLACE INTO SIM_PASSWORDS VALUES (?, ?)", (code, password))


def forget_password(books: Books, code: str) -> None:
    """Let nobody in under a code any more."""
    books.db.execute("DELETE FROM SIM_PASSWORDS WHERE UserCode = ?", (code,))


def superusers(books: Books) -> list[int]:
    """Name the users to whom nothing is forbidden."""
    found = books.rows("SELECT USERID FROM OUSR WHERE SUPERUSER = 'Y' ORDER BY USERID")
    return [row["USERID"] for row in found]

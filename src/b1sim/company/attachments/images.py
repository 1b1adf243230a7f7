"""The one picture of an item; the item names it in Picture (5.4)."""

from b1sim.company.attachments.attachments import File
from b1sim.company.attachments.refusals import unknown_file
from b1sim.company.books import Books, Row
from b1sim.company.refusals import not_found


def put(books: Books, item: str, file: File) -> None:
    """Give an item its picture, in place of any other."""
    _item(books, item)
    remove(books, item)
    books.db.execute("INSERT INTO SIM_IMAGES VALUES (?, ?)", (item, file.content or b""))
    _name(books, item, file.whole_name)


def remove(books: Books, item: str) -> None:
    """Take the picture of an item away."""
    _item(books, item)
    books.db.execute("DELETE FROM SIM_IMAGES WHERE ItemCode = ?", (item,))
    _name(books, item, None)


def content_of(books: Books, item: str) -> tuple[str, bytes]:
    """Return name and content of an item's picture; Refusal -2028 when it has none."""
    name = str(_item(books, item)["PicturName"] or "")
    found = books.row("SELECT Content FROM SIM_IMAGES WHERE ItemCode = ?", (item,))
    if found is None:
        raise unknown_file()
    return name, bytes(found["Content"])


def _item(books: Books, item: str) -> Row:
    found = books.master("OITM", item)
    if found is None:
        raise not_found()
    return found


def _name(books: Books, item: str, name: str | None) -> None:
    books.update("OITM", {"ItemCode": item}, {"PicturName": name})
    books.forget()

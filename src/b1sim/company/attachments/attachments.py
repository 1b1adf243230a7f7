"""Adding files to an entry: a file of a known name takes its place, no line goes (5.4)."""

from dataclasses import dataclass

from b1sim.company.attachments.refusals import no_file_name, no_folder, unknown_file
from b1sim.company.books import Books, Row
from b1sim.company.refusals import not_found
from b1sim.company.shape.intake import Intake

LINES = "Attachments2_Lines"


@dataclass(frozen=True)
class File:
    """One file as it came; without a content it lies where only the server could read it."""

    name: str
    extension: str
    content: bytes | None = None
    source: str = ""

    @property
    def whole_name(self) -> str:
        """Name it with its extension."""
        return f"{self.name}.{self.extension}" if self.extension else self.name


def named(whole_name: str, content: bytes) -> File:
    """Split a name at its last dot, as the lines show it; folders in it do not count."""
    bare = whole_name.replace("\\", "/").rpartition("/")[2]
    name, dot, extension = bare.rpartition(".")
    return File(name, extension, content) if dot else File(bare, "", content)


def add(books: Books, files: list[File], entry: int | None = None) -> int:
    """Keep files under an entry, or under a new one; return its number."""
    if not books.settings.attachments_folder:
        raise no_folder()
    if entry is None:
        entry = books.next_number("OATC")
        books.insert("OATC", [{"AbsEntry": entry}])
    for file in files:
        _put(books, entry, file)
    return entry


def change(books: Books, entry: int, rows: list[Intake]) -> None:
    """Change the texts of lines that a row numbers; other rows are files to add."""
    lines = {line["Line"]: line for line in lines_of(books, entry)}
    for row in rows:
        number = row.columns.get("Line")
        if number not in lines:
            add(books, [file_of(row)], entry)
            continue
        kept = {c: v for c, v in row.columns.items() if c in ("FreeText", "Override")}
        books.update("ATC1", {"AbsEntry": entry, "Line": number}, kept)


def file_of(row: Intake) -> File:
    """Read the path form: a name, and where the server would find the file."""
    columns = row.columns
    if not columns.get("FileName"):
        raise no_file_name()
    extension, source = columns.get("FileExt") or "", columns.get("srcPath") or ""
    return File(str(columns["FileName"]), str(extension), source=str(source))


def lines_of(books: Books, entry: int) -> list[Row]:
    """Return the lines of an entry; Refusal -2028 when there is no such entry."""
    if books.row("SELECT 1 FROM OATC WHERE AbsEntry = ?", (entry,)) is None:
        raise not_found()
    return books.rows("SELECT * FROM ATC1 WHERE AbsEntry = ? ORDER BY Line", (entry,))


def content_of(books: Books, entry: int, whole_name: str | None) -> tuple[str, bytes]:
    """Return name and content of one file, of the first one when none is named."""
    for line in lines_of(books, entry):
        file = File(line["FileName"], line["FileExt"] or "")
        if whole_name is None or file.whole_name == whole_name:
            sql = "SELECT Content FROM SIM_FILES WHERE Entry = ? AND Line = ?"
            found = books.row(sql, (entry, line["Line"]))
            if found is not None:
                return file.whole_name, bytes(found["Content"])
            break
    raise unknown_file()


def _put(books: Books, entry: int, file: File) -> None:
    lines = lines_of(books, entry)
    same = [line for line in lines if (line["FileName"], line["FileExt"]) == _name(file)]
    key = {"AbsEntry": entry, "Line": same[0]["Line"] if same else len(lines)}
    row = {
        "FileName": file.name,
        "FileExt": file.extension,
        "srcPath": file.source or books.settings.attachments_folder,
        "trgtPath": books.settings.attachments_folder,
        "Date": books.now().date().isoformat(),
    }
    if same:
        books.update("ATC1", key, row)
    else:
        books.insert("ATC1", [key | row])
    books.db.execute("DELETE FROM SIM_FILES WHERE Entry = ? AND Line = ?", tuple(key.values()))
    if file.content is not None:
        sql = "INSERT INTO SIM_FILES VALUES (?, ?, ?)"
        books.db.execute(sql, (*key.values(), file.content))


def _name(file: File) -> tuple[str, str]:
    return file.name, file.extension

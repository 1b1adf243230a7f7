"""Document numbers: DocEntry counts per table, DocNum comes from a numbering series."""

from b1sim.company.books import Books
from b1sim.company.refusals import refused, wrong_series


def add_series(books: Books, object_code: str, name: str, first: int) -> int:
    """Open a numbering series; the first one of an object is its default."""
    series = books.next_number("Series") + 10
    books.db.execute("INSERT INTO NNM1 VALUES (?, ?, ?, ?)", (series, object_code, name, first))
    return series


def draw(books: Books, table: str, object_code: str, series: int | None) -> tuple[int, int]:
    """Return (Series, next DocNum) and count the series up."""
    if series is None:
        series = _default_series(books, table, object_code)
    sql = """UPDATE NNM1 SET NextNumber = NextNumber + 1
        WHERE Series = ? AND ObjectCode = ? RETURNING NextNumber - 1"""
    found = books.db.execute(sql, (series, object_code)).fetchall()
    if not found:
        raise wrong_series(table, series)
    return series, int(found[0][0])


def _default_series(books: Books, table: str, object_code: str) -> int:
    sql = "SELECT MIN(Series) FROM NNM1 WHERE ObjectCode = ?"
    found = books.db.execute(sql, (object_code,)).fetchone()[0]
    if found is None:
        message = f"To generate this document, first define the numbering series  [{table}.Series]"
        raise refused(-10, message)
    return int(found)

"""Document numbers: DocEntry counts per table, DocNum comes from a numbering series (NNM1).

An object has series per sub-type and one default among them (ONNM). A series that was sent must
be the object's and of the document's sub-type, else -4002; without any series -10
(sap-service-layer.md 9.1).
"""

from b1sim.company.books import Books, Row
from b1sim.company.refusals import wrong_series
from b1sim.company.rules.refusals import no_series, series_used_up

NO_SUB_TYPE = "--"


def add_series(
    books: Books,
    object_code: int | str,
    name: str,
    first: int = 1,
    *,
    last: int | None = None,
    sub_type: str = NO_SUB_TYPE,
    default: bool = False,
) -> int:
    """Open a numbering series; the first one of an object and sub-type is its default."""
    series = books.next_number("Series") + 10
    books.db.execute(
        """INSERT INTO NNM1 (Series, ObjectCode, SeriesName, DocSubType, InitialNum, NextNumber,
            LastNum, Locked, Indicator) VALUES (?, ?, ?, ?, ?, ?, ?, 'N', 'Default')""",
        (series, str(object_code), name, sub_type, first, first, last),
    )
    books.db.execute(
        "INSERT OR IGNORE INTO ONNM VALUES (?, ?, ?)", (str(object_code), sub_type, series)
    )
    if default:
        choose_default(books, series)
    return series


def choose_default(books: Books, series: int) -> None:
    """Make a series the default of its object and sub-type."""
    books.db.execute(
        """INSERT OR REPLACE INTO ONNM
            SELECT ObjectCode, DocSubType, Series FROM NNM1 WHERE Series = ?""",
        (series,),
    )


def lock_series(books: Books, series: int, *, locked: bool = True) -> None:
    """Lock a series, or open it again."""
    books.update("NNM1", {"Series": series}, {"Locked": "Y" if locked else "N"})


def draw(
    books: Books,
    table: str,
    object_code: str,
    series: int | None,
    sub_type: str | None = NO_SUB_TYPE,
) -> tuple[int, int]:
    """Return (Series, next DocNum) and count the series up."""
    sub_type = sub_type or NO_SUB_TYPE
    if series is None:
        series = default_series(books, table, object_code, sub_type)
    sql = """UPDATE NNM1 SET NextNumber = NextNumber + 1
        WHERE Series = ? AND ObjectCode = ? AND DocSubType = ?
        RETURNING NextNumber - 1, LastNum, Locked"""
    found = books.db.execute(sql, (series, object_code, sub_type)).fetchall()
    if not found:
        raise wrong_series(table, series)
    number, last, locked = found[0]
    if locked == "Y" or (last is not None and number > last):
        raise series_used_up(table, series)
    return series, int(number)


def default_series(books: Books, table: str, object_code: str, sub_type: str) -> int:
    """Return the default series of an object and sub-type; Refusal -10 when there is none."""
    sql = "SELECT DfltSeries FROM ONNM WHERE ObjectCode = ? AND DocSubType = ?"
    found = books.db.execute(sql, (object_code, sub_type)).fetchone()
    if found is None:
        raise no_series(table)
    return int(found[0])


def series_of(books: Books, object_code: str, sub_type: str | None = None) -> list[Row]:
    """List the series of an object, of one sub-type or of all."""
    sql = "SELECT * FROM NNM1 WHERE ObjectCode = ? AND DocSubType = COALESCE(?, DocSubType)"
    return books.rows(f"{sql} ORDER BY Series", (object_code, sub_type))

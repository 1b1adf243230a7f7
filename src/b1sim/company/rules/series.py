"""SeriesService: what numbering series a client may name (sap-service-layer.md 9.1).

The facts name the operations and the types of what they take (DocumentTypeParams, SeriesParams,
DocumentSeriesParams) but not the members of Series: those here are of the DI API's, a guess.
"""

from collections.abc import Mapping
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.refusals import not_found
from b1sim.company.rules import numbering
from b1sim.company.service import Complex, Listed, Result, Service

_SUB_TYPES = {"bod_None": numbering.NO_SUB_TYPE}


def document_series(books: Books, sent: Mapping[str, Any]) -> Result:
    """List the series of a kind of document."""
    asked = _part(sent, "DocumentTypeParams")
    found = numbering.series_of(books, str(asked.get("Document")), _sub_type(asked))
    return Listed("Series", [_shown(row) for row in found])


def default_series(books: Books, sent: Mapping[str, Any]) -> Result:
    """Tell which series numbers a kind of document when none is named."""
    asked = _part(sent, "DocumentTypeParams")
    sub_type = _sub_type(asked) or numbering.NO_SUB_TYPE
    series = numbering.default_series(books, "NNM1", str(asked.get("Document")), sub_type)
    return Complex("Series", _shown(_one(books, series)))


def one_series(books: Books, sent: Mapping[str, Any]) -> Result:
    """Tell about one series."""
    return Complex("Series", _shown(_one(books, _part(sent, "SeriesParams").get("Series"))))


def choose_default(books: Books, sent: Mapping[str, Any]) -> Result:
    """Make a series the default; all users of b1sim share it."""
    series = _one(books, _part(sent, "DocumentSeriesParams").get("Series"))
    numbering.choose_default(books, series["Series"])
    return None


def _part(sent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = sent.get(name)
    return part if isinstance(part, Mapping) else {}


def _sub_type(asked: Mapping[str, Any]) -> str | None:
    """Read a sub-type as letters or as the name of the enum member; empty means any."""
    sub_type = asked.get("DocumentSubType")
    return _SUB_TYPES.get(str(sub_type), str(sub_type)) if sub_type else None


def _one(books: Books, series: object) -> Row:
    number = int(str(series)) if str(series).isdecimal() else -1
    found = books.row("SELECT * FROM NNM1 WHERE Series = ?", (number,))
    if found is None:
        raise not_found()
    return found


def _shown(row: Row) -> Row:
    return {
        "Document": row["ObjectCode"],
        "DocumentSubType": row["DocSubType"],
        "InitialNumber": row["InitialNum"],
        "LastNumber": row["LastNum"],
        "NextNumber": row["NextNumber"],
        "Prefix": row["BeginStr"],
        "Suffix": row["EndStr"],
        "Remarks": row["Remark"],
        "Locked": "tYES" if row["Locked"] == "Y" else "tNO",
        "PeriodIndicator": row["Indicator"],
        "Name": row["SeriesName"],
        "Series": row["Series"],
        "BPLID": row["BPLId"],
    }


SERVICES: Mapping[str, Service] = {
    "SeriesService_GetDocumentSeries": document_series,
    "SeriesService_GetDefaultSeries": default_series,
    "SeriesService_GetSeries": one_series,
    "SeriesService_SetDefaultSeriesForAllUsers": choose_default,
    "SeriesService_SetDefaultSeriesForCurrentUser": choose_default,
}

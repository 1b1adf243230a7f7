"""Which SQL a stored query may hold."""

import pytest

from b1sim.company.refusals import Refusal
from b1sim.odata.sql.grammar import judge


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ItemCode, WhsCode, OnHand FROM OITW WHERE ItemCode > :after ORDER BY ItemCode",
        "SELECT T0.[ItemCode], ISNULL(T0.OnHand, 0) AS q FROM [OITW] T0",
        'SELECT TOP 3 "CardCode" FROM "OCRD" WHERE "CardName" LIKE \'%x\'',
        (
            "SELECT LEFT(CardCode, 2) AS area, COUNT(DISTINCT CardName) AS n FROM OCRD "
            "GROUP BY LEFT(CardCode, 2) HAVING COUNT(*) > 1"
        ),
        "SELECT CardCode FROM OCRD UNION ALL SELECT ItemCode FROM OITM",
        "SELECT CardCode FROM OCRD WHERE EXISTS (SELECT 1 FROM ORDR WHERE DocEntry < 9)",
        (
            "SELECT A.DocEntry, SUM(B.Quantity) AS q FROM ORDR A INNER JOIN RDR1 B "
            "ON A.DocEntry = B.DocEntry WHERE B.ItemCode IN ('a', 'b') AND NOT A.NumAtCard IS NULL "
            "GROUP BY A.DocEntry"
        ),
    ],
)
def test_a_single_select_over_allowed_tables_passes(text):
    assert judge(text).sql.startswith("SELECT")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DELETE FROM OCRD", 701),
        ("SELECT CardCode FROM OCRD; DROP TABLE OCRD", 701),
        ("SELECT * FROM OITM", 701),
        ("SELECT OnHand * 2 FROM OITM", 701),
        ("SELECT ItemCode, ItemCode FROM OITM", 701),
        ("SELECT load_extension('x') AS a FROM OCRD", 701),
        ("SELECT randomblob(100) AS a FROM OCRD", 701),
        ("WITH x AS (SELECT 1 AS a) SELECT a FROM x", 701),
        ("SELECT CASE WHEN 1 = 1 THEN 2 END AS x FROM OITM", 701),
        ("SELECT ItemCode INTO X FROM OITM", 701),
        ("PRAGMA query_only = OFF", 701),
        ("ATTACH DATABASE 'x' AS y", 701),
        ("this is no query", 701),
        ("", 701),
        ("SELECT name FROM sqlite_master", 702),
        ("SELECT ItemCode FROM OINM", 702),
        ("SELECT ItemCode FROM main.OITM", 702),
        ("SELECT ItemCode FROM OITM WHERE ItemCode IN (SELECT sql FROM sqlite_master)", 702),
        ("SELECT ItemCode FROM OITM WHERE ItemCode = ?", 704),
    ],
)
def test_everything_else_is_refused_with_saps_code(text, code):
    with pytest.raises(Refusal) as refusal:
        judge(text)

    assert refusal.value.code == code


def test_the_text_comes_back_as_hana_echoes_it_and_with_its_parameters():
    judged = judge("select A.DocEntry from ORDR A, RDR1 where A.CardCode = :who and 1 < :least")

    assert judged.text == (
        'select A.DocEntry from "ORDR" A, "RDR1" where A.CardCode = :who and 1 < :least'
    )
    assert judged.parameters == ("who", "least")
    assert judge(judged.text).text == judged.text

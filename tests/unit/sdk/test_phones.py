"""Telephone numbers written in many ways are one number."""

import csv
import gzip
from collections import defaultdict

import pytest

from b1bridge.sdk.phones import e164

SPELLINGS = ("e164", "international", "rfc3966")


@pytest.mark.parametrize(
    ("country", "spellings"),
    [
        ("SE", ["070-123 45 67", "+46 70 123 45 67", "0046701234567", "tel:+46-70-123-45-67"]),
        ("BR", ["(11) 8765-4321", "+55 11 98765-4321", "011 98765 4321"]),
        ("MX", ["+52 1 55 1234 5678", "55 1234 5678", "+525512345678"]),
        ("AR", ["+54 9 11 2345-6789", "011 15-2345-6789", "+54 11 2345 6789"]),
    ],
)
def test_one_number_is_one_however_it_is_written(country, spellings):
    assert len({e164(text, country) for text in spellings} - {""}) == 1
    assert all(e164(text, country) for text in spellings)


@pytest.mark.parametrize(
    ("text", "country"), [("", "SE"), ("n/a", "SE"), ("12", "SE"), ("070-123 45 67", "")]
)
def test_what_is_no_number_matches_nobody(text, country):
    assert e164(text, country) == ""


def test_the_numbers_of_every_country_are_known_again(shared):
    examples = shared / "data/phones/libphonenumber_examples.csv.gz"
    with gzip.open(examples, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    spelled = defaultdict(set)
    for row in rows:
        found = {e164(row[name]) for name in SPELLINGS} | {e164(row["national"], row["region"])}
        spelled[row["valid"]].add(len(found - {""}))

    assert len({row["region"] for row in rows}) > 200
    assert spelled == {"True": {1}, "False": {0}}

"""Text as a shopper typed it, made fit for one line of a document."""

from __future__ import annotations

import unicodedata

# Cc: control characters, Cs: halves of a character that no encoding can carry,
# Zl and Zp: line breaks of Unicode. An ERP's one-line fields take none of them.
_NOT_PRINTED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def single_line(text: str) -> str:
    """Replace control characters by spaces and runs of spaces by one (correctness-rules 3.12)."""
    printed = (" " if unicodedata.category(char) in _NOT_PRINTED else char for char in text)
    return " ".join("".join(printed).split())

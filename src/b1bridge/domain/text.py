"""Text as a shopper typed it, made fit for one line of a document."""

from __future__ import annotations

import re
import unicodedata

# Cc: control characters, Cs: halves of a character that no encoding can carry,
# Zl and Zp: line breaks of Unicode. An ERP's one-line fields take none of them.
_NOT_PRINTED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def single_line(text: str) -> str:
    """Replace control characters by spaces and runs of spaces by one (correctness-rules 3.12)."""
    printed = (" " if unicodedata.category(char) in _NOT_PRINTED else char for char in text)
    return " ".join("".join(printed).split())


# Letters that no accent explains, and the German way to write umlauts without them.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_DIGRAPHS = re.compile(r"([aou])e")
_SIGNS = re.compile(r"[\W_]+")


def letters_of(text: str) -> str:
    """Return letters and digits alone, to compare: Müller, MUELLER and "muller" are the same."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return _DIGRAPHS.sub(r"\1", _SIGNS.sub("", bare))

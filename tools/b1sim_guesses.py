"""Makes docs/reference/b1sim-guesses.md: where b1sim guesses, in the words of its source.

Run: .venv/bin/python tools/b1sim_guesses.py
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path("src/b1sim")
PAGE = Path("docs/reference/b1sim-guesses.md")
HEAD = """# What b1sim guesses

b1sim is written from SAP's own documents, from captured traffic and from what operators of live
systems wrote down. Where none of them says how the Service Layer behaves, b1sim does what seems
likeliest, and says so in its source. This page lists those places; a test keeps it true. To settle
a guess, [record a real Service Layer](../how-to/record-a-service-layer.md) and compare.

"""
_GUESS = re.compile(r"\bguess(es|ed)?\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.;])\s+(?=[A-Z])|\n\s*\n")


def page(source: Path) -> str:
    """Write the page for all modules below a folder."""
    parts = [_part(path, source) for path in sorted(source.rglob("*.py"))]
    return HEAD + "\n".join(part for part in parts if part)


def _part(path: Path, source: Path) -> str:
    found = sorted(guesses(path.read_text(encoding="utf-8")))
    if not found:
        return ""
    rows = "".join(f"- `{where}`: {text}\n" for _, where, text in found)
    return f"## {path.relative_to(source).with_suffix('')}\n\n{rows}"


def guesses(text: str) -> Iterator[tuple[int, str, str]]:
    """Find every guess of one module as (line, where it stands, sentence)."""
    tree = ast.parse(text)
    places = list(_places(tree))
    for line, words in [*_strings(tree), *_comments(text)]:
        for sentence in _SENTENCE_END.split(words):
            if _GUESS.search(sentence):
                yield line, _place_of(places, line), " ".join(sentence.split())


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Find docstrings, those of attributes included."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(words))):
                yield node.lineno, words


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Find comments; lines below each other are one."""
    start, last, words = 0, -1, ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or "noqa" in token.string:
            continue
        line, comment = token.start[0], token.string.lstrip("# ")
        if line == last + 1:
            words, last = f"{words} {comment}", line
            continue
        if words:
            yield start, words
        start, last, words = line, line, comment
    if words:
        yield start, words


def _places(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in ast.walk(tree):
        if isinstance(node, kinds):
            yield node.lineno, node.end_lineno or node.lineno, node.name
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            # The line below an assignment is where its docstring stands.
            yield node.lineno, (node.end_lineno or node.lineno) + 1, ast.unparse(target)


def _place_of(places: list[tuple[int, int, str]], line: int) -> str:
    """Name the innermost thing around a line, or the one that begins just below a comment."""
    around = [place for place in places if place[0] <= line <= place[1]]
    if around:
        return min(around, key=lambda place: place[1] - place[0])[2]
    below = [place for place in places if place[0] > line]
    return min(below)[2] if below and line > 1 else "the module"


if __name__ == "__main__":
    PAGE.write_text(page(SOURCE), encoding="utf-8")

"""The sources as these tests read them: text and syntax tree, never imported."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
CODE = ("src", "tests", "tools", "bench")

# A rule looks at one file and yields the line and the words of each offence.
Rule = Callable[[ast.Module], Iterator[tuple[int, str]]]


@dataclass(frozen=True)
class Source:
    """One Python file, named as a person would name it."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)


def _offences(rule: Rule, sources: list[Source]) -> list[str]:
    return [
        f"{source.name}:{line}: {words}" for source in sources for line, words in rule(source.tree)
    ]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def code():
    """Every Python file of the repository."""
    return [Source(path) for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.fixture(scope="session")
def product(code):
    """What is shipped: the sources without the tests that live beside them."""
    shipped = [s for s in code if s.path.is_relative_to(SRC)]
    return [s for s in shipped if "tests" not in s.path.relative_to(SRC).parts]


@pytest.fixture(scope="session")
def offences():
    """Return a function that lists where the sources break a rule."""
    return _offences


@pytest.fixture(scope="session")
def nobody_breaks():
    """Return a function that fails with every place where the sources break a rule."""

    def check(rule: Rule, sources: list[Source]) -> None:
        found = _offences(rule, sources)
        assert not found, "\n".join(["", *found])

    return check


@pytest.fixture(scope="session")
def notices():
    """Return a function that tells whether a rule notices a piece of code."""
    return lambda rule, text: any(rule(ast.parse(text)))

"""The words of docs/glossary.md are the words of the code."""

import ast
from importlib import import_module

import pytest

# Remote systems have words of their own; inside a connector they are used as the vendor does.
SPEAK_OTHERWISE = ("src/b1bridge/connectors/", "src/b1sim/")


def rows_of(text):
    """Yield each table row as {column: cell}; a table begins with a header and a rule."""
    header = None
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            header = None
        elif header is None:
            header = [cell.lower() for cell in cells]
        elif not set(line) <= set("|-: "):
            yield dict(zip(header, cells, strict=True))


def exists(dotted):
    """Tell whether b1bridge has this class: domain.identity.Ref."""
    module, _, name = dotted.rpartition(".")
    try:
        return isinstance(getattr(import_module(f"b1bridge.{module}"), name, None), type)
    except ModuleNotFoundError:
        return False


def classes_of(tree):
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def words_not_to_use(rows):
    return {word.strip().lower() for row in rows for word in row.get("not", "").split(",")} - {""}


@pytest.fixture(scope="module")
def rows(root):
    return list(rows_of((root / "docs/glossary.md").read_text()))


def test_every_class_that_a_word_names_exists(rows):
    named = [row["class"].strip("`") for row in rows if row.get("class")]

    assert named
    assert [name for name in named if not exists(name)] == []


def test_every_word_says_what_it_means(rows):
    assert [row for row in rows if "word" in row and not row["means"]] == []


def test_no_class_is_called_by_a_word_that_we_do_not_use(rows, product):
    ours = [source for source in product if not source.name.startswith(SPEAK_OTHERWISE)]
    used = {name.lower(): source.name for source in ours for name in classes_of(source.tree)}
    avoided = words_not_to_use(rows)

    assert avoided
    assert {word: used[word] for word in avoided if word in used} == {}


def test_a_word_without_its_class_is_noticed():
    row = next(rows_of("| Word | Means | Class |\n|---|---|---|\n| run | it | `engine.run.Walk` |"))

    assert not exists(row["class"].strip("`"))
    assert not exists("engine.nowhere.Run")
    assert exists("engine.run.Run")


def test_a_synonym_is_noticed():
    rows = rows_of("| Word | Means | Not |\n|---|---|---|\n| run | it | job, task |")

    assert words_not_to_use(rows) & {"job"}

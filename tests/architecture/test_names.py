"""Names say what a thing is for; words that fit everything say nothing."""

import ast
import re

import pytest

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "misc"}
EMPTY_VERBS = ("process_", "handle_", "do_")
CHOSEN_BY_LIBRARIES = {"handle_async_request", "process_bind_param", "process_result_value"}


def words_of(name):
    """Split snake_case and CamelCase: OrderManager is order, manager."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_").split("_")


def says_nothing(name):
    verb = name.lstrip("_").startswith(EMPTY_VERBS)
    return verb or bool(EMPTY_WORDS & set(words_of(name)))


def empty_names(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    ours = (n for n in ast.walk(tree) if isinstance(n, kinds) and n.name not in CHOSEN_BY_LIBRARIES)
    for node in ours:
        if says_nothing(node.name):
            yield node.lineno, node.name


def empty_file_names(paths):
    return [path for path in paths if any(map(says_nothing, path.removesuffix(".py").split("/")))]


def test_no_file_or_folder_is_a_drawer(code):
    assert empty_file_names([source.name for source in code]) == []


def test_no_function_or_class_has_an_empty_name(code, nobody_breaks):
    nobody_breaks(empty_names, code)


@pytest.mark.parametrize(
    "bad",
    [
        "def process_order(): ...",
        "async def _handle_notice(): ...",
        "def do_it(): ...",
        "class SessionManager: ...",
        "class OrderHelper: ...",
        "class A:\n    def url_utils(self): ...",
    ],
)
def test_an_empty_name_is_noticed(bad, notices):
    assert notices(empty_names, bad)


@pytest.mark.parametrize("bad", ["src/b1bridge/utils/text.py", "src/b1bridge/order_helpers.py"])
def test_a_drawer_is_noticed(bad):
    assert empty_file_names([bad, "src/b1bridge/domain/money.py"]) == [bad]


@pytest.mark.parametrize(
    "good", ["def processed_at(): ...", "class Domain: ...", "def done(): ..."]
)
def test_a_name_that_says_something_passes(good, notices):
    assert not notices(empty_names, good)

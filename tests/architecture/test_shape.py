"""Files and functions stay small enough to be read in one go, and say what they are for."""

import ast
from statistics import quantiles

import pytest

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60
LINES_OF_NINE_IN_TEN = 30


def without_a_docstring(tree):
    if not ast.get_docstring(tree):
        yield 1, "does not say in one sentence what it is for"


def first_line_that_is_no_sentence(tree):
    words = (ast.get_docstring(tree) or "").partition("\n")[0]
    if words and words[-1] not in ".:!?":
        yield 1, f"begins with half a sentence: {words}"


def functions(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (node.lineno, node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    ]


def long_functions(tree):
    for line, name, length in functions(tree):
        if length > LINES_OF_A_FUNCTION:
            yield line, f"{name} has {length} lines"


def ninth_decile(lengths):
    return quantiles(lengths, n=10, method="inclusive")[8]


def long_files(texts):
    return [name for name, text in texts.items() if len(text.splitlines()) > LINES_OF_A_FILE]


def test_every_module_says_what_it_is_for(code, nobody_breaks):
    nobody_breaks(without_a_docstring, code)


def test_what_a_module_says_begins_with_a_whole_sentence(product, nobody_breaks):
    nobody_breaks(first_line_that_is_no_sentence, product)


def test_no_file_holds_two_ideas(code):
    assert long_files({source.name: source.text for source in code}) == []


def test_no_function_is_longer_than_a_page(product, nobody_breaks):
    nobody_breaks(long_functions, product)


def test_nine_functions_in_ten_are_short(product):
    found = [(length, f"{s.name} {name}") for s in product for _, name, length in functions(s.tree)]
    longest = sorted(found, reverse=True)[:10]

    assert ninth_decile([length for length, _ in found]) <= LINES_OF_NINE_IN_TEN, longest


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (without_a_docstring, "x = 1\n"),
        (without_a_docstring, '""\n'),
        (first_line_that_is_no_sentence, '"""Some words"""\n'),
        (long_functions, "def f():\n" + "    x = 1\n" * LINES_OF_A_FUNCTION),
        (long_functions, "class A:\n async def f(self):\n" + "    x = 1\n" * LINES_OF_A_FUNCTION),
    ],
)
def test_the_rules_notice(rule, bad, notices):
    assert notices(rule, bad)


def test_the_rules_let_good_code_pass(notices):
    good = '"""Say it."""\ndef f():\n' + "    x = 1\n" * (LINES_OF_A_FUNCTION - 1)

    assert not any(
        notices(rule, good)
        for rule in (without_a_docstring, first_line_that_is_no_sentence, long_functions)
    )


def test_too_many_middling_functions_are_noticed():
    assert ninth_decile([5] * 8 + [31] * 2) > LINES_OF_NINE_IN_TEN
    assert ninth_decile([5] * 9 + [60]) <= LINES_OF_NINE_IN_TEN


def test_a_long_file_is_noticed():
    texts = {"long": "x = 1\n" * (LINES_OF_A_FILE + 1), "short": "x = 1\n" * LINES_OF_A_FILE}

    assert long_files(texts) == ["long"]

"""Amounts are Decimal from the wire to the books; a float has lost the cent already."""

import ast

import pytest

MONEY_PATHS = tuple(
    f"src/b1bridge/{folder}/" for folder in ("domain", "procedures", "flows", "connectors")
)


def calls(tree, name):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def floats_made(tree):
    for call in calls(tree, "float"):
        yield call.lineno, "calls float()"


def decimals_of_floats(tree):
    """Decimal(0.1) is 0.1000000000000000055…; Decimal("0.1") is a tenth."""
    for call in calls(tree, "Decimal"):
        for argument in call.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, float):
                yield call.lineno, f"makes a Decimal of the float {argument.value}"


def test_no_float_is_made_where_money_passes(product, nobody_breaks):
    paths = [source for source in product if source.name.startswith(MONEY_PATHS)]
    # A simulator answers as its vendor does, and some vendors send amounts as JSON numbers.
    ours = [source for source in paths if "/simulator" not in source.name]

    assert ours
    nobody_breaks(floats_made, ours)


def test_no_decimal_is_made_of_a_float(code, nobody_breaks):
    nobody_breaks(decimals_of_floats, code)


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (floats_made, "total = float(payload['total'])"),
        (floats_made, "totals = [float(t) for t in texts]"),
        (decimals_of_floats, "tenth = Decimal(0.1)"),
    ],
)
def test_the_rules_notice(rule, bad, notices):
    assert notices(rule, bad)


@pytest.mark.parametrize("good", ["seconds: float = 0.5", "Decimal('0.1')", "Decimal(1)"])
def test_the_rules_let_good_code_pass(good, notices):
    assert not notices(floats_made, good)
    assert not notices(decimals_of_floats, good)

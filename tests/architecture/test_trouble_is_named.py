"""Trouble is caught by its name, a line is always verified, nothing half-built is offered."""

import ast

import pytest

BROAD = {"Exception", "BaseException"}

# Where catching everything is right, and how often: the one place that turns a bug into a dead run,
# and the edge of the process.
CATCHES_EVERYTHING = {"src/b1bridge/engine/runner.py": 1, "src/b1bridge/cli/edge.py": 1}

# Where a certificate is fetched to be compared with a pin; nothing is sent over that line.
LOOKS_BEFORE_TRUSTING = {"src/b1bridge/sdk/doctor.py"}
# Whoever uses the Service Layer client alone may ask for it in so many words; the hub's settings
# refuse to.
ASKED_TO_TRUST_ANYONE = {"src/b1bridge/connectors/sap_b1/client/tls.py"}


def named(node):
    """Yield the last part of each name in an expression: ssl.CERT_NONE is CERT_NONE."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def lets_it_go_on(handler):
    """Tell whether a handler only tidies up: its last word is a bare raise."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def everything_caught(node):
    if isinstance(node, ast.ExceptHandler):
        broad = node.type is None or BROAD & set(named(node.type))
        return broad and not lets_it_go_on(node)
    suppresses = isinstance(node, ast.Call) and "suppress" in named(node.func)
    return suppresses and any(BROAD & set(named(argument)) for argument in node.args)


def catches_everything(tree):
    for node in ast.walk(tree):
        if everything_caught(node):
            yield node.lineno, "catches everything"


def skips_verification(tree):
    switches = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    for switch in switches:
        off = isinstance(switch.value, ast.Constant) and switch.value.value is False
        if off and switch.arg in {"verify", "check_hostname"}:
            yield switch.value.lineno, f"{switch.arg}=False"


def trusts_anyone(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {
            "CERT_NONE",
            "_create_unverified_context",
        }:
            yield node.lineno, node.attr


def half_built(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in named(node.exc):
            yield node.lineno, "offers what is not there"


def test_nobody_catches_everything(product, nobody_breaks):
    strict = [source for source in product if source.name not in CATCHES_EVERYTHING]

    nobody_breaks(catches_everything, strict)


def test_a_place_that_may_catch_everything_does_so_as_often_as_agreed(product, offences):
    found = {
        source.name: len(offences(catches_everything, [source]))
        for source in product
        if source.name in CATCHES_EVERYTHING
    }

    assert found == CATCHES_EVERYTHING


def test_verification_is_never_switched_off(product, nobody_breaks):
    nobody_breaks(skips_verification, product)


def test_nobody_unasked_trusts_a_certificate_that_nobody_vouches_for(product, nobody_breaks):
    known = LOOKS_BEFORE_TRUSTING | ASKED_TO_TRUST_ANYONE
    others = [source for source in product if source.name not in known]

    nobody_breaks(trusts_anyone, others)


def test_nothing_half_built_is_offered(product, nobody_breaks):
    nobody_breaks(half_built, product)


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (catches_everything, "try: f()\nexcept Exception: pass"),
        (catches_everything, "try: f()\nexcept: pass"),
        (catches_everything, "try: f()\nexcept (ValueError, Exception): pass"),
        (catches_everything, "try: f()\nexcept builtins.BaseException: pass"),
        (catches_everything, "try: f()\nexcept Exception:\n    if x: raise"),
        (catches_everything, "with contextlib.suppress(Exception): f()"),
        (skips_verification, "httpx.AsyncClient(verify=False)"),
        (trusts_anyone, "context.verify_mode = ssl.CERT_NONE"),
        (half_built, "def f():\n    raise NotImplementedError"),
        (half_built, "def f():\n    raise NotImplementedError('later')"),
    ],
)
def test_the_rules_notice(rule, bad, notices):
    assert notices(rule, bad)


@pytest.mark.parametrize(
    ("rule", "good"),
    [
        (catches_everything, "try: f()\nexcept (ValueError, OSError): pass"),
        (catches_everything, "with suppress(FileNotFoundError): f()"),
        (catches_everything, "try: f()\nexcept BaseException:\n    undo()\n    raise"),
        (skips_verification, "httpx.AsyncClient(verify=context)"),
        (half_built, "def f():\n    raise ValueError('no')"),
    ],
)
def test_the_rules_let_good_code_pass(rule, good, notices):
    assert not notices(rule, good)

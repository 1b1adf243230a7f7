"""What can be switched on is told, so that nobody has to guess."""

import json
from dataclasses import fields

from b1bridge.flows import discover


def test_every_flow_and_option_is_listed_without_a_home(b1bridge):
    shown = b1bridge("flows")

    assert shown.exit_code == 0
    for name, flow in discover().items():
        assert name in shown.output
        assert [one.name for one in fields(flow.options) if one.name not in shown.output] == []


def test_an_option_is_shown_with_its_default_and_what_it_may_be(b1bridge):
    lines = b1bridge("flows", "order-to-invoice").output.splitlines()

    told = {words[0]: words[1:] for words in map(str.split, lines) if words}
    assert told["partners"][:2] == ["per_email", "per_email,"]
    assert told["partners"][-1] == "collective_guests"
    assert told["partner_prefix"] == ["W"]
    assert told["reserve"] == ["no", "true,", "false"]
    assert told["warehouse"] == ["none"]
    assert told["locked_period"] == ["case", "case,", "first_open_day"]


def test_programs_read_the_same(b1bridge):
    (flow,) = json.loads(b1bridge("flows", "stock-to-shop", "--json").stdout)

    assert (flow["on"], flow["options"]["warehouses"]) == ("schedule", [])


def test_a_flow_that_does_not_exist_is_answered_with_those_that_do(b1bridge):
    shown = b1bridge("flows", "order-to-nothing")

    assert shown.exit_code == 2
    assert "customer-to-business-partner" in shown.stderr

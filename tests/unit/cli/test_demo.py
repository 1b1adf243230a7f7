"""The demo's words: which stories there are, and which option belongs to which."""

import pytest

from b1bridge.demo.crm import story
from b1bridge.demo.crm.proof import Check
from b1bridge.demo.crm.report import CrmReport


def test_a_story_that_nobody_tells_is_refused_with_those_there_are(b1bridge):
    shown = b1bridge("demo", "--connector", "fax")

    assert shown.exit_code == 2
    assert "bigcommerce" in shown.output
    assert "pipedrive" in shown.output


def test_an_option_of_the_shop_is_refused_where_it_means_nothing(b1bridge):
    shown = b1bridge("demo", "--connector", "pipedrive", "--replay", "5")

    assert shown.exit_code == 2
    assert "--replay" in shown.output
    assert "shop" in shown.output


@pytest.mark.parametrize(
    ("apart", "code", "said"),
    [((), 0, "All of it is proved."), (("deal 1: 24.00 and 24.01",), 1, "deal 1: 24.00 and 24.01")],
)
def test_the_exit_code_says_whether_all_is_proved(b1bridge, monkeypatch, apart, code, said):
    async def tell(settings, progress):
        del settings, progress
        return CrmReport(checks=(Check("totals", "24", "24", apart),), seconds=1, cpu_seconds={})

    monkeypatch.setattr(story, "tell", tell)

    shown = b1bridge("demo", "--connector", "pipedrive")

    assert shown.exit_code == code
    assert said in shown.output

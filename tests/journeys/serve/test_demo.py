"""The demos as a newcomer runs them: the whole platform in processes, and a proof at the end."""

import json
import subprocess

import pytest

from .conftest import B1BRIDGE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
AWKWARD = {"NO_ORGANIZATION", "MISSING_ITEM", "RATE_MISSING", "ORGANIZATION_UNLINKED"}


def told(tmp_path, *words):
    """Run a demo; return how it ended, what it told, and its figures."""
    report = tmp_path / "figures.json"
    command = [str(B1BRIDGE), "demo", *words, "--report", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done, json.loads(report.read_text(encoding="utf-8"))


def test_the_crm_demo_proves_every_deal(tmp_path):
    done, figures = told(tmp_path, "--connector", "pipedrive", "--count", "4", "--away", "2")

    assert [one for one in figures["checks"] if one["apart"]] == []
    assert (done.returncode, figures["holds"]) == (0, True)
    assert figures["figures"]["cases answered"] == len(AWKWARD) + 1
    assert all(reason in done.stderr for reason in AWKWARD | {"DEAL_DISCOUNT"})
    assert "All of it is proved." in done.stdout


def test_the_shop_demo_proves_the_books(tmp_path):
    done, figures = told(tmp_path, "--count", "10", "--away", "2", "--replay", "3")

    assert (done.returncode, figures["lost"], figures["duplicates"]) == (0, 0, 0)
    assert (figures["difference"], figures["writes_by_replay"]) == ("0.00", 0)

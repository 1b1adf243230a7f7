"""What a process logs is one JSON object a line, on the error stream."""

import json
import logging

import pytest

from b1bridge.cli.logs import Level, logged_from

LOG = logging.getLogger("b1bridge.somewhere")


def written(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_has_its_facts_by_name(capsys):
    with logged_from(Level.INFO):
        LOG.info("run settled", extra={"facts": {"ref": "shop/order/812", "attempt": 2}})

    [line] = written(capsys)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "message": "run settled",
        "ref": "shop/order/812",
        "attempt": 2,
    }


def test_what_weighs_less_than_was_asked_for_is_not_written(capsys):
    with logged_from(Level.WARNING):
        LOG.info("run settled")
        LOG.warning("case opened")

    assert [line["message"] for line in written(capsys)] == ["case opened"]


def test_a_traceback_stays_in_its_line(capsys):
    with logged_from(Level.ERROR):
        try:
            pytest.fail("the timekeeper fell")
        except pytest.fail.Exception:
            LOG.exception("a part stopped")

    [line] = written(capsys)
    assert "the timekeeper fell" in line["traceback"]


def test_nothing_is_written_any_more_when_the_process_has_stopped(capsys):
    with logged_from(Level.INFO):
        pass
    LOG.info("too late")

    assert written(capsys) == []

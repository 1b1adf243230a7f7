"""A day at the command line: look, see what is missing, mend it, try again, ask for the story."""

import json
import signal
import sqlite3

import pytest

pytestmark = pytest.mark.slow

SEEDED = True
ITEM, BOARD = "BAG-AUE1", "BRD-AUE1"  # of the simulated company's demo stock


@pytest.fixture
def hub(typed, home, shop, sap):
    """Set a hub up between both simulators and return the command line to work with it."""
    _, settings = sap
    (home.parent / "sap.json").write_text(json.dumps(settings))
    (home.parent / "shop.json").write_text(json.dumps(shop.settings()))

    def run(*words, code=0):
        done = typed(*words)
        assert done.exit_code == code, done.output
        return done.output

    run("init")
    run("connect", "sap-b1", "sap", "--settings", home.parent / "sap.json", "--no-check")
    run("connect", "bigcommerce", "shop", "--settings", home.parent / "shop.json", "--no-check")
    options = ("--option", "partners=collective", "--option", "collective_partner=WEB")
    run(
        "sync", "add", "eu", "--flow", "order-to-invoice", "--from", "shop", "--to", "sap", *options
    )
    return run


def invoices(sap, number):
    world, _ = sap
    found = world.company.query("Invoices", limit=1000)
    return [one for one in found if one["NumAtCard"] == f"shop/order/{number}"]


@pytest.fixture
def look(b1bridge):
    """Return a function that brings everything over; a process of its own, as DBOS is one each."""

    def look():
        done = b1bridge("sync", "order-to-invoice", "--since", "2020-01-01")
        assert done.returncode == 0, done.stderr
        return done.stdout

    return look


def test_a_missing_code_is_entered_and_its_cases_are_tried_again(hub, look, shop, sap):
    orders = [shop.shopper_orders([(ITEM, n, "12.00", "20")]) for n in (1, 2)]
    odd = shop.shopper_orders([("NO-SUCH", 1, "5.00", "20")])
    for order in (*orders, odd):
        shop.pays(order)

    look()
    listed = hub("cases", "list")
    assert "TAX_MAP: 2 records" in listed
    assert "MISSING_ITEM: 1 record" in listed
    assert "Way out: enter a code for '20' in the tax crosswalk" in listed

    hub("crosswalk", "set", "tax", "20", "A20")
    assert "2 cases queued again" in hub("cases", "retry", "--reason", "TAX_MAP")
    look()

    assert [len(invoices(sap, order)) for order in orders] == [1, 1]
    assert "TAX_MAP" not in hub("cases", "list")
    story = hub("trail", f"shop/order/{orders[0]}")
    assert "post invoice" in story
    assert str(invoices(sap, orders[0])[0]["DocNum"]) in story


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(hub, shop, sap):
    hub("crosswalk", "set", "tax", "20", "A20")
    order = shop.shopper_orders([(ITEM, 1, "12.00", "20")])
    shop.pays(order)

    told = hub("sync", "order-to-invoice", "--since", "2020-01-01", "--dry-run")

    assert f"shop/order/{order}" in told
    assert "would post" in told
    assert "1 record looked at; nothing was written" in told
    assert invoices(sap, order) == []
    assert "No run yet" in hub("runs", "list")


def test_looking_twice_posts_once(hub, look, shop, sap):
    hub("crosswalk", "set", "tax", "20", "A20")
    order = shop.shopper_orders([(BOARD, 1, "30.00", "20")])
    shop.pays(order)

    look()
    look()

    assert len(invoices(sap, order)) == 1
    assert "already there" in hub("runs", "list")


def test_a_case_is_shown_and_closed_with_a_reason_that_is_kept(hub, look, shop):
    shop.pays(shop.shopper_orders([("NO-SUCH", 1, "5.00", "20")]))
    look()
    (case,) = json.loads(hub("cases", "list", "--json"))
    assert "the books have no item 'NO-SUCH'" in hub("cases", "show", case["id"])

    hub("cases", "ignore", case["id"], "--because", "a test order")

    assert hub("cases", "list") == "No case is open.\n"
    assert "a test order" in hub("cases", "list", "--state", "ignored", "--json")
    assert "a test order" in hub("trail", case["ref"])


def test_a_changed_row_of_the_trail_is_named(hub, home):
    hub("crosswalk", "set", "tax", "20", "A20")
    hub("crosswalk", "set", "tax", "7", "A7")
    assert "each fits the one before" in hub("audit", "verify")
    rows = [json.loads(line) for line in hub("audit", "export").splitlines()]
    assert [row["prev_hash"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]

    with sqlite3.connect(home / "b1bridge.db") as database:
        changed = "update audit set detail = 'tax: 20 = A7' where detail = 'tax: 20 = A20'"
        assert database.execute(changed).rowcount == 1
    database.close()

    (row,) = [row["seq"] for row in rows if row["detail"] == "tax: 20 = A20"]
    assert f"✗ row {row} does not fit" in hub("audit", "verify", code=1)


def test_ctrl_c_in_the_middle_loses_and_doubles_nothing(hub, look, shop, sap, staying):
    hub("crosswalk", "set", "tax", "20", "A20")
    orders = [shop.shopper_orders([(ITEM, 1, "12.00", "20")]) for _ in range(40)]
    for order in orders:
        shop.pays(order)

    process = staying("sync", "order-to-invoice", "--since", "2020-01-01")
    assert process.stdout.readline() == "40 runs queued\n"
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped by Ctrl-C" in told
    assert "Traceback" not in told
    look()

    assert [len(invoices(sap, order)) for order in orders] == [1] * 40


def test_pausing_holds_runs_and_resuming_lets_them_go(hub, look, shop, sap):
    hub("crosswalk", "set", "tax", "20", "A20")
    order = shop.shopper_orders([(ITEM, 1, "12.00", "20")])
    shop.pays(order)
    hub("connections", "pause", "sap", "--because", "month end")

    look()
    assert invoices(sap, order) == []
    assert "sap is paused: month end" in hub("status")

    hub("connections", "resume", "sap")
    look()
    assert len(invoices(sap, order)) == 1
    assert "✓ sap" in hub("status")

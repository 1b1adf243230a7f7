"""Nightly reconciliation at the command line: table, page, CSV, JSON, the month-end pack."""

import csv
import json
from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.slow

SEEDED = True
ITEM = "BAG-AUE1"  # of the simulated company's demo stock


@pytest.fixture
def today():
    return datetime.now(UTC).date().isoformat()


@pytest.fixture
def hub(typed, home, shop, sap):
    """Set a hub up between both simulators; return the command line to work with it."""
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
    ends = ("--from", "shop", "--to", "sap")
    run("sync", "add", "orders", "--flow", "order-to-invoice", *ends)
    run("sync", "add", "payments", "--flow", "payment-to-incoming-payment", *ends)
    run("crosswalk", "set", "tax", "20", "A20")
    run("crosswalk", "set", "payment_method", "stripe/credit_card", "transfer:_SYS00000000203")
    return run


@pytest.fixture
def orders(hub, b1bridge, shop):  # noqa: ARG001 - the home must be there
    """Two orders, paid and posted."""
    made = [shop.shopper_orders([(ITEM, n, "12.00", "20")]) for n in (1, 2)]
    for order in made:
        shop.pays(order)
    done = b1bridge("sync", "order-to-invoice", "--since", "2020-01-01")
    assert done.returncode == 0, done.stderr
    return made


def cancel_payment(sap, order):
    world, _ = sap
    found = world.company.query("IncomingPayments", limit=1000)
    first = next(one for one in found if str(one["Remarks"]).startswith(f"shop/payment/{order}/"))
    world.company.act("IncomingPayments", {"DocEntry": first["DocEntry"]}, "Cancel")


@pytest.mark.usefixtures("orders")
def test_a_good_day_is_told_in_every_format(hub, home, today):
    page = home.parent / "day.html"

    told = hub("report", "reconciliation", "--day", today)
    hub("report", "reconciliation", "--day", today, "--format", "html", "--out", page)
    plain = json.loads(hub("report", "reconciliation", "--day", today, "--format", "json"))
    rows = list(
        csv.reader(hub("report", "reconciliation", "--day", today, "--format", "csv").splitlines())
    )

    assert "✓ 2 orders compared: no difference to look at" in told
    assert "Reconciliation of shop" in page.read_text()
    assert "http" not in page.read_text()
    assert (plain["orders"], plain["unexplained"], plain["hub"]) == (2, 0, "known")
    (paid,) = [one for one in plain["figures"] if one["what"] == "payments"]
    assert (paid["shop_amount"], paid["books_amount"], paid["agrees"]) == ("36.00", "36.00", "yes")
    assert rows[0][:3] == ["kind", "record", "what"]


def test_a_difference_is_named_and_ends_with_code_1(hub, orders, sap, today):
    cancel_payment(sap, orders[0])

    told = hub("report", "reconciliation", "--day", today, code=1)

    assert f"✗ shop/order/{orders[0]}: payment missing" in told
    assert f"b1bridge runs start payments shop/order/{orders[0]}" in told
    plain = json.loads(hub("report", "reconciliation", "--day", today, "--format=json", code=1))
    (found,) = plain["differences"]
    assert (found["kind"], found["owner"], found["off"]) == ("payment missing", "finance", "-12.00")


@pytest.mark.usefixtures("orders")
def test_the_month_end_pack_is_a_folder(hub, home, today):
    told = hub("report", "month-end", "--month", today[:7], "--out", home.parent / "pack")

    folder = home.parent / "pack" / "shop"
    assert "no difference to look at" in told
    assert {one.name for one in folder.iterdir()} == {
        "month-end.html", "reconciliation.html", "reconciliation.csv", "reconciliation.json",
        "figures.csv", "sales.csv", "tax.csv", "payments.csv", "clearing.csv", "cases.csv",
        "cut-off.csv",
    }  # fmt: skip
    tax = list(csv.DictReader((folder / "tax.csv").read_text().splitlines()))
    assert [(row["code"], row["net"], row["tax"]) for row in tax] == [("A20", "30.00", "6.00")]
    clearing = list(csv.DictReader((folder / "clearing.csv").read_text().splitlines()))
    assert [row["open"] for row in clearing] == ["12.00", "24.00"]


@pytest.mark.usefixtures("orders")
def test_a_rebuilt_home_agrees_again(hub, home, today):
    (home / "b1bridge.db").unlink()
    for rest in home.glob("b1bridge.db-*"):
        rest.unlink()
    for key, name in (("sap-b1", "sap"), ("bigcommerce", "shop")):
        file = home.parent / ("sap.json" if name == "sap" else "shop.json")
        hub("connect", key, name, "--settings", file, "--no-check")

    blind = json.loads(hub("report", "reconciliation", "--day", today, "--format", "json"))
    told = hub("rebuild", "--since", today)
    seeing = json.loads(hub("report", "reconciliation", "--day", today, "--format", "json"))

    assert (blind["hub"], blind["unexplained"]) == ("unknown", 0)
    assert "shop: 4 links restored" in told
    assert (seeing["hub"], seeing["unexplained"]) == ("known", 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "a reconciliation is of one day or of one month"),
        (("--day", "2026-11-21", "--month", "2026-11"), "of one day or of one month"),
        (("--day", "yesterday"), "'yesterday' is no date"),
        (("--month", "2026-13"), "'2026-13' is no date"),
    ],
)
@pytest.mark.usefixtures("hub")
def test_days_that_are_none_are_refused(b1bridge, words, said):
    done = b1bridge("report", "reconciliation", *words)

    assert done.returncode == 2
    assert said in done.stderr

"""`b1bridge serve` and `worker` as real processes: notices taken, signals obeyed, nothing lost."""

import json
import re
import signal

import httpx
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prepared")]


@pytest.fixture
def prepared(typed, home, shop, sap):
    """Set a hub up between both simulators by typing, as an operator does."""
    _, settings = sap
    (home.parent / "sap.json").write_text(json.dumps(settings))
    (home.parent / "shop.json").write_text(json.dumps(shop.settings()))
    for words in (
        ("init",),
        ("connect", "sap-b1", "sap", "--settings", home.parent / "sap.json"),
        ("connect", "bigcommerce", "shop", "--settings", home.parent / "shop.json", "--no-check"),
        ("sync", "add", "eu", "--flow", "order-to-invoice", "--from", "shop", "--to", "sap"),
    ):
        done = typed(*words)
        assert done.exit_code == 0, done.output


@pytest.fixture
def serving(staying):
    """Return a running `serve` and its address."""
    process = staying("serve", "--port", "0")
    url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert url, process.communicate()
    return process, url[0]


def send_notice(shop, url):
    """Let a shopper order and the shop tell the hub; return the order's number."""
    order = shop.shopper_orders([("NO-SUCH-ITEM", 1, "10.00", "20")])
    headers, body = shop.notice(order)
    answer = httpx.post(f"{url}/notices/shop", headers=headers, content=body)
    assert (answer.status_code, answer.json()["new"]) == (200, 1)
    return order


def test_serve_takes_a_notice_and_tells_of_its_health(serving, shop):
    _, url = serving

    send_notice(shop, url)

    assert httpx.get(f"{url}/health").json()["database"] == "reachable"
    assert [one["name"] for one in httpx.get(f"{url}/status").json()["connections"]] == [
        "sap",
        "shop",
    ]


def test_the_log_is_json_with_the_record_and_the_step(staying, shop):
    process = staying("serve", "--port", "0", "--log-level", "info")
    url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    order = send_notice(shop, url[0])

    lines = (json.loads(line) for line in process.stdout if line.startswith("{"))
    opened = next(line for line in lines if line["message"] == "case opened")

    assert opened["ref"] == f"shop/order/{order}"
    assert {"at", "level", "run", "step", "reason"} <= set(opened)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"]
)
def test_serve_stops_in_words_and_keeps_what_it_accepted(number, code, serving, shop, b1bridge):
    process, url = serving
    order = send_notice(shop, url)

    process.send_signal(number)
    told, _ = process.communicate(timeout=60)

    assert process.returncode == code
    assert f"stopped by {number.name}; nothing is lost" in told
    assert "Traceback" not in told
    records = json.loads(b1bridge("runs", "list", "--json").stdout)
    assert f"shop/order/{order}" in {"/".join(run["ref"].values()) for run in records}


def test_what_a_killed_serve_accepted_is_still_there(serving, shop, b1bridge):
    process, url = serving
    order = send_notice(shop, url)

    process.kill()
    process.wait()

    records = json.loads(b1bridge("runs", "list", "--json").stdout)
    assert f"shop/order/{order}" in {"/".join(run["ref"].values()) for run in records}


def test_a_port_that_is_taken_is_told_before_any_work(serving, b1bridge):
    _, url = serving

    second = b1bridge("serve", "--port", url.rpartition(":")[2])

    assert second.returncode == 2
    assert "cannot listen on 127.0.0.1" in second.stderr
    assert "--port" in second.stderr


@pytest.mark.usefixtures("prepared", "serving")
def test_a_second_worker_of_the_same_home_is_refused(b1bridge):
    second = b1bridge("worker")

    assert second.returncode == 2
    assert "another process" in second.stderr


def test_a_worker_stops_on_sigterm(staying):
    process = staying("worker")
    assert "works runs off" in process.stdout.readline()

    process.terminate()
    told, _ = process.communicate(timeout=60)

    assert (process.returncode, "stopped by SIGTERM" in told) == (0, True)

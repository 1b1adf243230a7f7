"""Real deaths: a worker is killed with SIGKILL, another takes over, the books count."""

import asyncio
import importlib.util
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from b1bridge.bootstrap import work

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
WORLD = Path(__file__).with_name("engine_world.py")


def world():
    spec = importlib.util.spec_from_file_location("engine_world", WORLD)
    module = importlib.util.module_from_spec(spec)
    sys.modules["engine_world"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request):
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgres_url")


def worker(home, url, executor="hub", **environment):
    return started([sys.executable, str(WORLD), str(home), url or "", executor], **environment)


def started(command, **environment):
    return subprocess.Popen(  # noqa: S603  # our own interpreter and our own code
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE
    )


def ended(process, seconds=60):
    with process:
        return process.wait(seconds)


def killed(process):
    process.send_signal(signal.SIGKILL)
    ended(process)


def posted(home):
    with sqlite3.connect(home / "books.db") as db:
        found = [row[0] for row in db.execute("SELECT reference FROM posted")]
    db.close()
    return sorted(found)


async def told(home, url, ids):
    async with await world().open_hub(home, url) as hub:
        for id_ in ids:
            await hub.accept("shop", {}, id_.encode(), datetime.now(UTC))


@pytest.mark.parametrize("place", ["read", "before post", "after post", "annotate"])
async def test_a_death_at_any_step_posts_once(place, tmp_path, url):
    await told(tmp_path, url, ["1", "2", "3"])

    died = ended(worker(tmp_path, url, DIE_AT=f"2 {place}"))
    lived = ended(worker(tmp_path, url))

    assert (died, lived) == (-signal.SIGKILL, 0)
    assert posted(tmp_path) == ["shop/thing/1", "shop/thing/2", "shop/thing/3"]
    async with await world().open_hub(tmp_path, url) as hub:
        assert (await hub.counts())["finished"] == 3
        assert (await hub.verify_audit()).broken_at is None


async def test_deaths_at_random_moments_lose_and_double_nothing(tmp_path, url):
    ids = [f"{number:03d}" for number in range(120)]
    await told(tmp_path, url, ids)
    chance = random.Random(20261121)  # noqa: S311  # the same deaths in every test run

    for _ in range(5):
        process = worker(tmp_path, url)
        process.stdout.readline()
        time.sleep(chance.uniform(0.05, 0.5))  # noqa: ASYNC251  # nothing else runs here
        killed(process)
    lived = ended(worker(tmp_path, url), 120)

    assert lived == 0
    assert posted(tmp_path) == [f"shop/thing/{id_}" for id_ in ids]


async def test_an_acknowledged_notice_survives_the_death_of_the_door(tmp_path):
    code = (
        "import asyncio, sys; sys.path.insert(0, sys.argv[1]); import engine_world as w\n"
        "from datetime import UTC, datetime\n"
        "from b1bridge.testing.crashes import die\n"
        "async def main():\n"
        "    hub = await w.open_hub(sys.argv[2])\n"
        "    await hub.accept('shop', {}, b'7', datetime.now(UTC))\n"
        "    die()\n"
        "asyncio.run(main())\n"
    )
    door = started([sys.executable, "-c", code, str(WORLD.parent), str(tmp_path)])
    assert ended(door) == -signal.SIGKILL

    assert ended(worker(tmp_path, None)) == 0

    assert posted(tmp_path) == ["shop/thing/7"]


async def test_two_processes_cannot_work_under_one_name(tmp_path):
    async with await world().open_hub(tmp_path) as hub:
        await hub.start_worker()
        await hub.accept("shop", {}, b"1", datetime.now(UTC))

        second = ended(worker(tmp_path, None))

    assert second == 1


@pytest.mark.postgres
async def test_a_peer_takes_over_what_a_dead_worker_had_begun(tmp_path, postgres_url, monkeypatch):
    monkeypatch.setattr(work, "BEAT", timedelta(seconds=0.5))
    monkeypatch.setattr(work, "SILENCE", timedelta(seconds=2))
    await told(tmp_path, postgres_url, ["1"])
    assert ended(worker(tmp_path, postgres_url, "first", DIE_AT="1 after post")) < 0

    async with await world().open_hub(tmp_path, postgres_url, "second") as hub:
        await hub.start_worker()
        async with asyncio.timeout(40):
            while not await hub.idle():  # noqa: ASYNC110  # the hub tells by its database
                await asyncio.sleep(0.1)
        [run] = await hub.runs()

    assert (run.outcome, posted(tmp_path)) == ("already there", ["shop/thing/1"])


@pytest.mark.postgres
async def test_two_workers_share_the_work_and_double_nothing(tmp_path, postgres_url):
    ids = [f"{number:03d}" for number in range(60)]
    await told(tmp_path, postgres_url, ids)

    workers = [worker(tmp_path, postgres_url, name) for name in ("first", "second")]

    assert [ended(one) for one in workers] == [0, 0]
    assert posted(tmp_path) == [f"shop/thing/{id_}" for id_ in ids]

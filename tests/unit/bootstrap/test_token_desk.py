"""Who may speak to the API: tokens given out, looked at, ended."""

import asyncio
import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from b1bridge.bootstrap import token_desk
from b1bridge.bootstrap.token_desk import Bearer, Denied, Login, Why
from b1bridge.errors import NeedsOperator
from b1bridge.sdk.tokens import mint
from b1bridge.storage.tables import connections

pytestmark = pytest.mark.anyio
SCOPES = ("orders:write", "orders:read")


async def token(hub, name="erp", **facts):
    made, text = await hub.tokens.create(
        name, connection="api", scopes=SCOPES, actor="cli:ann", **facts
    )
    return made, text


async def why(hub, text):
    answer = await hub.tokens.bearer(text)
    assert isinstance(answer, Denied), answer
    assert text not in answer.message
    return answer.why


async def test_a_token_speaks_for_its_connection_within_its_scopes(hub):
    _, text = await token(hub)

    bearer = await hub.tokens.bearer(text)

    assert isinstance(bearer, Bearer)
    assert (bearer.token_name, bearer.connection) == ("erp", "api")
    assert bearer.scopes == frozenset(SCOPES)
    assert bearer.settings.requests_per_minute == 600


async def test_two_tokens_of_one_connection_stand_apart(hub):
    _, erp = await token(hub)
    _, shop = await token(hub, "shop")

    await hub.tokens.revoke("erp", actor="cli:ann")

    assert await why(hub, erp) is Why.REVOKED
    assert (await hub.tokens.bearer(shop)).token_name == "shop"


async def test_an_ended_token_is_told_so(hub, clock):
    _, text = await token(hub, expires_at=clock() + timedelta(days=1))
    assert isinstance(await hub.tokens.bearer(text), Bearer)

    clock.forward(days=1)

    assert await why(hub, text) is Why.EXPIRED


async def test_a_revoked_token_is_turned_away_at_once(hub):
    _, text = await token(hub)
    assert isinstance(await hub.tokens.bearer(text), Bearer)

    await hub.tokens.revoke("erp", actor="cli:ann")

    assert await why(hub, text) is Why.REVOKED


async def test_a_token_that_another_process_revoked_is_turned_away_within_seconds(
    hub, open_hub, monkeypatch
):
    assert token_desk._FRESH_SECONDS <= 2  # noqa: SLF001  # what the page on tokens promises
    monkeypatch.setattr(token_desk, "_FRESH_SECONDS", 0.1)
    _, text = await token(hub)
    assert isinstance(await hub.tokens.bearer(text), Bearer)

    async with await open_hub() as other:
        await other.tokens.revoke("erp", actor="cli:ann")
    await asyncio.sleep(0.15)

    assert await why(hub, text) is Why.REVOKED


async def test_only_who_knows_the_secret_learns_that_a_token_was_revoked(hub):
    made, _ = await token(hub)
    await hub.tokens.revoke("erp", actor="cli:ann")

    assert await why(hub, f"b1b_{made.id}_{'A' * 43}") is Why.UNKNOWN


async def test_a_token_of_another_hub_is_unknown(hub):
    assert await why(hub, mint().text) is Why.UNKNOWN


@pytest.mark.parametrize(
    "text", ["", "b1b_", "Bearer", "b1b_0123456789ab_short", "a.b.c", "é", "\x00", "x" * 100_000]
)
async def test_what_is_no_token_is_told_so(hub, text):
    answer = await hub.tokens.bearer(text)

    assert isinstance(answer, Denied)
    assert answer.why is Why.MALFORMED
    assert "token" in answer.message


async def test_a_token_whose_connection_became_something_else_speaks_for_nobody(hub):
    _, text = await token(hub)

    await hub.add_connection("api", "shop", {})

    assert await why(hub, text) is Why.NO_CONNECTION


async def test_a_token_of_a_removed_connection_speaks_for_nobody(hub, open_hub):
    _, text = await token(hub)

    async with await open_hub() as other:
        database = other._storage.database  # noqa: SLF001  # no command removes a connection
        await database.write(lambda db: db.execute(sa.delete(connections)))

        assert await why(other, text) is Why.NO_CONNECTION


async def test_a_caller_who_asks_too_often_learns_when_to_come_again(hub):
    await hub.add_connection("api", "facade", {"requests_per_minute": 2})
    _, loud = await token(hub)
    _, quiet = await token(hub, "quiet")
    for _ in range(2):
        assert isinstance(await hub.tokens.bearer(loud), Bearer)

    refused = await hub.tokens.bearer(loud)

    assert isinstance(refused, Denied)
    assert refused.why is Why.TOO_MANY
    assert 0 < refused.retry_after <= 30
    assert isinstance(await hub.tokens.bearer(quiet), Bearer)


async def test_a_login_stands_for_the_token_where_the_older_paths_are_on(hub, clock):
    await hub.add_connection("api", "facade", {"compatibility": True})
    _, text = await token(hub)

    login = await hub.tokens.login("erp", text)

    assert isinstance(login, Login)
    assert login.expires_in == 300
    assert (await hub.tokens.bearer(login.jwt)).token_name == "erp"
    clock.forward(minutes=6)
    assert await why(hub, login.jwt) is Why.EXPIRED


async def test_a_login_ends_with_its_token(hub):
    await hub.add_connection("api", "facade", {"compatibility": True})
    _, text = await token(hub)
    login = await hub.tokens.login("erp", text)

    await hub.tokens.revoke("erp", actor="cli:ann")

    assert await why(hub, login.jwt) is Why.REVOKED


async def test_nobody_logs_in_where_the_older_paths_are_off(hub):
    await hub.add_connection("api", "facade", {"compatibility": True})
    _, text = await token(hub)
    login = await hub.tokens.login("erp", text)
    await hub.add_connection("api", "facade", {"compatibility": False})

    refused = await hub.tokens.login("erp", text)

    assert isinstance(refused, Denied)
    assert refused.why is Why.NO_LOGIN
    assert await why(hub, login.jwt) is Why.NO_LOGIN
    assert isinstance(await hub.tokens.bearer(text), Bearer)


async def test_a_login_wants_name_and_text_of_one_token(hub):
    await hub.add_connection("api", "facade", {"compatibility": True})
    _, text = await token(hub)
    _, other = await token(hub, "other")
    good = await hub.tokens.login("erp", text)

    for username, password in [("erp", other), ("nobody", text), ("", text), ("erp", good.jwt)]:
        refused = await hub.tokens.login(username, password)
        assert isinstance(refused, Denied), (username, password)
        assert refused.why in (Why.UNKNOWN, Why.MALFORMED)


async def test_a_login_of_another_hub_is_nothing_here(hub, open_hub, tmp_path):
    await hub.add_connection("api", "facade", {"compatibility": True})
    async with await open_hub(tmp_path / "elsewhere") as other:
        await other.add_connection("api", "facade", {"compatibility": True})
        _, text = await token(other)
        foreign = await other.tokens.login("erp", text)

    assert isinstance(foreign, Login)
    assert await why(hub, foreign.jwt) is Why.MALFORMED


@pytest.mark.parametrize("name", ["", "a b", "-x", "é", "x" * 65, "a/b", "a\n"])
async def test_a_name_that_the_trail_could_not_show_is_refused(hub, name):
    with pytest.raises(NeedsOperator, match="cannot name a token"):
        await token(hub, name)


async def test_a_scope_that_nobody_knows_is_refused_with_those_there_are(hub):
    with pytest.raises(NeedsOperator, match="orders:eat") as refused:
        await hub.tokens.create("x", connection="api", scopes=["orders:eat"], actor="cli:ann")

    assert "orders:write, orders:read, shipments:read" in refused.value.fix


async def test_a_token_without_scopes_is_refused(hub):
    with pytest.raises(NeedsOperator, match="no scope"):
        await hub.tokens.create("x", connection="api", scopes=[], actor="cli:ann")


@pytest.mark.parametrize("connection", ["shop", "nowhere"])
async def test_a_token_for_a_connection_without_clients_is_refused(hub, connection):
    with pytest.raises(NeedsOperator, match=connection):
        await hub.tokens.create("x", connection=connection, scopes=SCOPES, actor="cli:ann")


async def test_two_tokens_in_force_never_share_a_name(hub):
    await token(hub)

    with pytest.raises(NeedsOperator, match="in force already"):
        await token(hub)
    assert len(await hub.tokens.list()) == 1

    await hub.tokens.revoke("erp", actor="cli:ann")
    await token(hub)
    assert [one.revoked_at is None for one in await hub.tokens.list()] == [False, True]


async def test_what_is_not_there_cannot_be_revoked(hub):
    made, _ = await token(hub)
    await hub.tokens.revoke(made.id, actor="cli:ann")

    for gone in ("erp", made.id, "nobody", ""):
        with pytest.raises(NeedsOperator, match="no token in force"):
            await hub.tokens.revoke(gone, actor="cli:ann")


async def test_the_list_tells_coarsely_when_a_token_was_used(hub, clock):
    _, text = await token(hub)
    began = clock()

    for _ in range(3):
        await hub.tokens.bearer(text)
        clock.forward(minutes=2)

    (one,) = await hub.tokens.list()
    assert one.last_used_at == began
    await hub.tokens.bearer(text)
    (one,) = await hub.tokens.list()
    assert one.last_used_at == began + timedelta(minutes=6)


async def test_the_text_of_a_token_stands_nowhere(hub, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    _, text = await token(hub)
    await hub.tokens.bearer(text)
    await hub.tokens.bearer(text[:-1])
    await hub.tokens.revoke("erp", actor="cli:ann")
    await hub.tokens.bearer(text)
    secret = text.split("_", 2)[2]

    told = [str(entry) for entry in await hub.audit_entries()]
    kept = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]

    assert any("erp" in line and "made for api" in line for line in told)
    assert any("erp" in line and "revoked" in line for line in told)
    assert secret[:20] not in "".join(told) + caplog.text + str(await hub.tokens.list())
    assert not any(secret[:20].encode() in content for content in kept)

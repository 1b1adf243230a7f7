"""Tokens in the database: names of those in force are taken once, digests come back whole."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.errors import NeedsOperator
from b1bridge.sdk.tokens import Token
from b1bridge.storage.opening import open_database
from b1bridge.storage.tokens import StoredTokens
from b1bridge.storage.vault import Vault

pytestmark = pytest.mark.anyio
T0 = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tokens(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(tmp_path, url)
    yield StoredTokens(database, Vault.in_folder(tmp_path))
    database.close()


def token(id_="0123456789ab", name="erp"):
    return Token(
        id=id_,
        name=name,
        connection="api",
        scopes=frozenset({"orders:read", "orders:fly"}),  # the second, of a later version
        created_at=T0,
        expires_at=T0 + timedelta(days=1),
    )


async def test_a_token_comes_back_as_it_was_kept(tokens):
    await tokens.add(token(), "d1gest", "cli:ann")

    kept = await tokens.find("0123456789ab")

    assert (kept.token, kept.digest) == (token(), "d1gest")
    assert await tokens.all() == [token()]
    assert await tokens.find("ba9876543210") is None


async def test_of_many_who_take_a_name_at_once_one_gets_it(tokens):
    results = await asyncio.gather(
        *(tokens.add(token(f"{number:012}"), "d", "cli:ann") for number in range(8)),
        return_exceptions=True,
    )

    assert results.count(None) == 1
    assert sum(isinstance(result, NeedsOperator) for result in results) == 7
    assert len(await tokens.all()) == 1


async def test_a_name_is_free_again_once_its_token_is_revoked(tokens):
    await tokens.add(token(), "d", "cli:ann")
    ended = await tokens.revoke("erp", "cli:ann", T0)
    await tokens.add(token("ba9876543210"), "d", "cli:ann")

    assert ended.revoked_at == T0
    assert (await tokens.revoke("ba9876543210", "cli:ann", T0)).name == "erp"
    with pytest.raises(NeedsOperator, match="no token in force"):
        await tokens.revoke("erp", "cli:ann", T0)


async def test_a_name_that_is_another_tokens_id_ends_neither(tokens):
    await tokens.add(token(), "d", "cli:ann")
    await tokens.add(token("ba9876543210", name="0123456789ab"), "d", "cli:ann")

    with pytest.raises(NeedsOperator, match="no token in force"):
        await tokens.revoke("0123456789ab", "cli:ann", T0)

    assert [one.revoked_at for one in await tokens.all()] == [None, None]


async def test_its_last_use_is_remembered(tokens):
    await tokens.add(token(), "d", "cli:ann")

    await tokens.used("0123456789ab", T0 + timedelta(hours=1))

    (one,) = await tokens.all()
    assert one.last_used_at == T0 + timedelta(hours=1)


def test_a_new_key_signs_while_the_older_ones_still_check(tmp_path, monkeypatch):
    older, newer = (Vault.in_folder(tmp_path / name) for name in ("a", "b"))
    keys = [(tmp_path / name / "secret.key").read_text() for name in ("a", "b")]
    monkeypatch.setenv("B1BRIDGE_SECRET_KEY", f"{keys[1]},{keys[0]}")

    both = Vault.in_folder(tmp_path)

    assert both.derived("x") == [*newer.derived("x"), *older.derived("x")]
    assert both.derived("x") != both.derived("y")
    assert {len(key) for key in both.derived("x")} == {32}

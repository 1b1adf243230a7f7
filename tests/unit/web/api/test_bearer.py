"""A token is asked for before anything else, and may do what its scopes say."""

import pytest

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("sent", "slug"),
    [
        (None, "token-missing"),
        ("", "token-missing"),
        ("Bearer", "token-missing"),
        ("Bearer ", "token-missing"),
        ("Basic Z29vZA==", "token-missing"),
        ("good", "token-missing"),
        ("Bearer nobody", "token-invalid"),
        ("Bearer good x", "token-invalid"),
        ("Bearer old", "token-expired"),
        ("Bearer gone", "token-revoked"),
    ],
)
async def test_without_a_sound_token_nothing_is_read(sent, slug, client):
    del client.headers["authorization"]
    headers = {} if sent is None else {"Authorization": sent}

    answer = await client.post("/v1/baskets", content=b"{", headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (401, f"urn:b1bridge:problem:{slug}")
    assert answer.headers["www-authenticate"].startswith('Bearer realm="b1bridge"')


async def test_bytes_that_are_no_text_are_no_token(client):
    answer = await client.get("/v1/baskets", headers={"Authorization": b"Bearer \xff\xfe"})

    assert answer.status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_is_written_in_any_case(scheme, client):
    answer = await client.get("/v1/baskets", headers={"Authorization": f"{scheme} good"})

    assert answer.status_code == 200


async def test_a_token_without_the_scope_is_told_which(client):
    headers = {"Authorization": "Bearer reads"}

    answer = await client.post("/v1/baskets", json={"reference": "1"}, headers=headers)

    problem = answer.json()
    assert (answer.status_code, problem["scope"]) == (403, "orders:write")
    assert "orders:write" in problem["detail"]
    assert 'error="insufficient_scope", scope="orders:write"' in answer.headers["www-authenticate"]


async def test_a_token_that_asks_too_often_is_told_how_long_to_wait(client):
    answer = await client.get("/v1/baskets", headers={"Authorization": "Bearer many"})

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert answer.json()["type"] == "urn:b1bridge:problem:rate-limited"

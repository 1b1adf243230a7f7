"""How many sessions a user may hold, how many users may come, and in which language."""

import pytest

pytestmark = pytest.mark.anyio
LOGIN = "/b1s/v2/Login"


async def test_a_user_may_hold_any_number_of_sessions_until_a_limit_is_set(
    world, stranger, credentials
):
    for _ in range(3):
        assert (await stranger.post(LOGIN, json=credentials)).status_code == 200
    world.quirks.sessions_per_user = 3

    refused = await stranger.post(LOGIN, json=credentials)

    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "-1"
    assert "maximum number of sessions" in refused.json()["error"]["message"]


async def test_a_session_that_ended_makes_room(world, stranger, credentials, clock):
    world.quirks.sessions_per_user = 1
    await stranger.post(LOGIN, json=credentials)
    logged_out = await stranger.post("/b1s/v2/Logout")
    second = await stranger.post(LOGIN, json=credentials)
    clock.pass_minutes(31)
    third = await stranger.post(LOGIN, json=credentials)

    assert (logged_out.status_code, second.status_code, third.status_code) == (204, 200, 200)


async def test_licences_count_users_not_sessions(world, stranger, credentials):
    world.company.settings.users["clerk"] = "secret"
    world.quirks.licences = 1
    first = [await stranger.post(LOGIN, json=credentials) for _ in range(2)]

    other = await stranger.post(
        LOGIN, json=credentials | {"UserName": "clerk", "Password": "secret"}
    )

    assert [reply.status_code for reply in first] == [200, 200]
    assert other.status_code == 401
    assert "license" in other.json()["error"]["message"]


async def test_the_timeout_may_be_another(world, stranger, credentials):
    world.quirks.session_minutes = 1500

    reply = await stranger.post(LOGIN, json=credentials)

    assert reply.json()["SessionTimeout"] == 1500


@pytest.mark.parametrize("language", [23, "23", None, ""])
async def test_a_login_may_name_a_language(stranger, credentials, language):
    reply = await stranger.post(LOGIN, json=credentials | {"Language": language})

    assert reply.status_code == 200


async def test_every_language_of_the_company_may_be_named(stranger, credentials, v2):
    listed = await v2.get("UserLanguages?$select=Code", headers={"B1S-PageSize": "0"})
    codes = [row["Code"] for row in listed.json()["value"]]

    replies = [await stranger.post(LOGIN, json=credentials | {"Language": c}) for c in codes]

    assert len(codes) > 30
    assert {reply.status_code for reply in replies} == {200}


@pytest.mark.parametrize("language", ["9" * 40, 4711, "en", True, [], 2.5, "²"])
async def test_a_language_that_sap_does_not_have_is_refused(stranger, credentials, language):
    reply = await stranger.post(LOGIN, json=credentials | {"Language": language})

    assert reply.status_code == 400
    assert "Invalid language" in reply.json()["error"]["message"]


async def test_a_storm_of_401_passes_without_a_new_login(world, v2):
    world.storm_of_401(3)

    seen = [(await v2.get("Orders/$count")).status_code for _ in range(4)]

    assert seen == [401, 401, 401, 200]

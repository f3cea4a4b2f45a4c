"""Tokens of every wrong kind, in every place where a token goes."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from tests.http.people import Shop, bearer, open_shop, refused
from tests.support.authority import change
from tests.support.identity import START

from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import SessionId, UserId


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


async def tokens_of(shop: Shop, email: str) -> dict[str, str]:
    await shop.person(Role.ADMIN, email)
    answer: dict[str, str] = (await shop.login(email)).json()
    return answer


async def test_a_token_is_good_for_its_own_purpose_alone(shop: Shop) -> None:
    tokens = await tokens_of(shop, "ada@example.com")
    access, refresh = tokens["access_token"], tokens["refresh_token"]
    body = {"name": "x", "permissions": ["catalog:read"], "expires_in_days": 1}
    made = await shop.client.post("/v1/api-keys", json=body, headers=bearer(access))
    key = made.json()["key"]

    refused(await shop.client.get("/v1/me", headers=bearer(refresh)), 401, "invalid_token")
    for wrong in (access, key, f"{refresh}x", refresh[:-1], refresh.swapcase()):
        answer = await shop.client.post("/v1/auth/refresh", json={"refresh_token": wrong})
        refused(answer, 401, "invalid_token")
        out = await shop.client.post("/v1/auth/logout", json={"refresh_token": wrong})
        assert out.status_code == 204
    for wrong in (access[:512], key, refresh):
        step = {"challenge_token": wrong, "code": "123456"}
        answer = await shop.client.post("/v1/auth/login/second-factor", json=step)
        refused(answer, 401, "challenge_ended")
    assert (await shop.client.get("/v1/me", headers=bearer(access))).status_code == 200


async def test_somebody_elses_session(shop: Shop) -> None:
    await tokens_of(shop, "ada@example.com")
    await tokens_of(shop, "eve@example.com")
    ada, eve = shop.store.committed.sessions.values()
    issue = shop.identity.access_tokens.issue
    for user_id, session_id in ((eve.user_id, ada.id), (ada.user_id, eve.id)):
        token = issue(user_id, session_id, START).token
        refused(await shop.client.get("/v1/me", headers=bearer(token)), 401, "invalid_token")
    # An account's id is no session's.
    token = issue(ada.user_id, SessionId(ada.user_id), START).token
    refused(await shop.client.get("/v1/me", headers=bearer(token)), 401, "session_ended")


async def test_another_shops_tokens_and_other_times(shop: Shop) -> None:
    await tokens_of(shop, "ada@example.com")
    (session,) = shop.store.committed.sessions.values()
    keys = shop.identity.keys
    strangers = {
        "issuer": JwtTokens(keys, issuer="other", audience="shop"),
        "audience": JwtTokens(keys, issuer="shop", audience="other"),
        "keys": JwtTokens(KeyRing.generate(START), issuer="shop", audience="shop"),
    }
    for name, stranger in strangers.items():
        token = stranger.issue(session.user_id, session.id, START).token
        answer = await shop.client.get("/v1/me", headers=bearer(token))
        refused(answer, 401, "invalid_token")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"], name
    issue = shop.identity.access_tokens.issue
    for at in (START + timedelta(seconds=31), START - timedelta(minutes=10, seconds=30)):
        token = issue(session.user_id, session.id, at).token
        refused(await shop.client.get("/v1/me", headers=bearer(token)), 401, "invalid_token")
    old = issue(session.user_id, session.id, START - timedelta(minutes=10, seconds=29)).token
    assert (await shop.client.get("/v1/me", headers=bearer(old))).status_code == 200


@pytest.mark.parametrize("length", [2_049, 4_096, 4_097, 100_000])
async def test_oversized_tokens(shop: Shop, length: int) -> None:
    for token in ("a" * length, "ek_live_" + "0" * length, "e30.e30." + "A" * length):
        answer = await shop.client.get("/v1/me", headers=bearer(token))
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_other_schemes_and_shapes(shop: Shop) -> None:
    access = (await tokens_of(shop, "ada@example.com"))["access_token"]
    for value in (
        *(f"Basic {access}", f"Token {access}", access, "Bearer", "Bearer ", f"Bearer {access} x"),
        *(f"Bearer {access},{access}", f"DPoP {access}", f"Bearer\t{access}"),
    ):
        answer = await shop.client.get("/v1/me", headers={"Authorization": value})
        assert answer.status_code == 401, value
    twice = [("Authorization", f"Bearer {access}")] * 2
    assert (await shop.client.get("/v1/me", headers=twice)).status_code == 401
    assert (await shop.client.get("/v1/me", params={"access_token": access})).status_code == 400


async def test_what_changes_an_account_works_at_its_next_request(shop: Shop) -> None:
    tokens = await tokens_of(shop, "ada@example.com")
    headers = bearer(tokens["access_token"])
    user_id = UserId(next(iter(shop.store.committed.users)))
    assert (await shop.client.get("/v1/roles", headers=headers)).status_code == 200
    await change(shop.identity, user_id, role=Role.STAFF)
    refused(await shop.client.get("/v1/roles", headers=headers), 403, "permission_denied")
    await change(shop.identity, user_id, disabled=True)
    refused(await shop.client.get("/v1/me", headers=headers), 401, "session_ended")
    refresh = {"refresh_token": tokens["refresh_token"]}
    refused(await shop.client.post("/v1/auth/refresh", json=refresh), 401, "session_ended")
    await change(shop.identity, user_id, disabled=False)
    assert (await shop.client.get("/v1/me", headers=headers)).status_code == 200
    await shop.client.post("/v1/auth/logout", json=refresh)
    refused(await shop.client.get("/v1/me", headers=headers), 401, "session_ended")

"""What somebody else's sign-ins can do to a second factor, and to its owner, over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio
from tests.http.people import Shop, bearer, open_shop, refused
from tests.support.authority import Authenticator
from tests.support.identity import PASSWORD
from tests.support.letters import forget, token_in, written

from ecommerce.domain.identity.session import PROOF_ATTEMPTS
from ecommerce.domain.identity.user import Role

ADA = "ada@example.com"
MINE = "/v1/me/second-factor"
STEP = timedelta(seconds=30)
ANOTHER = "the engine weaves patterns"


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


async def set_up(shop: Shop, headers: dict[str, str]) -> Authenticator:
    begun = await shop.client.post(MINE, headers=headers)
    authenticator = Authenticator(begun.json()["secret"])
    body = {"code": authenticator.code(shop.clock.now())}
    done = await shop.client.post(f"{MINE}/confirm", json=body, headers=headers)
    assert done.status_code == 200, done.text
    shop.clock.move(STEP)
    return authenticator


async def open_link(shop: Shop) -> None:
    body = {"token": token_in(written(shop.store, "verify_email")[-1])}
    assert (await shop.client.post("/v1/auth/verify-email", json=body)).status_code == 204


async def reset(shop: Shop) -> httpx.Response:
    """Set another password by mail, and sign in with it."""
    await forget(shop.identity)
    body = {"token": token_in(written(shop.store, "reset_password")[-1]), "password": ANOTHER}
    assert (await shop.client.post("/v1/auth/password/reset", json=body)).status_code == 204
    return await shop.client.post("/v1/auth/login", json={"email": ADA, "password": ANOTHER})


async def test_who_opens_the_link_of_an_account_that_another_opened_is_not_locked_out(
    shop: Shop,
) -> None:
    await set_up(shop, await shop.newcomer(Role.CUSTOMER, ADA))
    await open_link(shop)
    signed_in = await reset(shop)
    assert signed_in.status_code == 200, signed_in.text
    headers = bearer(signed_in.json()["access_token"])
    refused(await shop.client.get(MINE, headers=headers), 404, "second_factor_not_found")


async def test_what_the_owner_set_up_after_that_keeps_a_thief_of_the_mailbox_out(
    shop: Shop,
) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, ADA)
    await open_link(shop)
    shop.clock.move(STEP)
    await set_up(shop, headers)
    refused(await reset(shop), 401, "second_factor_required")


@pytest.mark.parametrize(("method", "path"), [("DELETE", MINE), ("POST", f"{MINE}/recovery-codes")])
async def test_a_sign_in_from_before_touches_no_second_factor_without_a_code(
    shop: Shop, method: str, path: str
) -> None:
    thief = await shop.newcomer(Role.CUSTOMER, ADA)
    owner = await shop.signed_in()
    authenticator = await set_up(shop, owner)
    refused(await shop.client.request(method, path, headers=thief), 403, "step_up_required")
    by_password = await shop.client.post(
        "/v1/auth/step-up", json={"password": PASSWORD}, headers=thief
    )
    refused(by_password, 403, "step_up_refused")
    refused(await shop.client.request(method, path, headers=thief), 403, "step_up_required")
    code = {"code": authenticator.code(shop.clock.now())}
    stepped = await shop.client.post("/v1/auth/step-up", json=code, headers=thief)
    assert stepped.status_code == 204
    assert (await shop.client.request(method, path, headers=owner)).status_code < 300


async def test_wrong_codes_of_stolen_sessions_pause_no_sign_in(shop: Shop) -> None:
    stolen = [await shop.newcomer(Role.CUSTOMER, ADA), *[await shop.signed_in() for _ in range(3)]]
    owner = await shop.signed_in()
    authenticator = await set_up(shop, owner)
    answers = [
        await shop.client.post("/v1/auth/step-up", json={"code": "000000"}, headers=headers)
        for headers in stolen
        for _ in range(PROOF_ATTEMPTS)
    ]
    codes = [answer.json()["code"] for answer in answers]
    assert codes == ["step_up_refused"] * 10 + ["second_factor_paused"] * 10
    asked = refused(await shop.login(), 401, "second_factor_required")
    body = {
        "challenge_token": asked["challenge_token"],
        "code": authenticator.code(shop.clock.now()),
    }
    done = await shop.client.post("/v1/auth/login/second-factor", json=body)
    assert done.status_code == 200, done.text

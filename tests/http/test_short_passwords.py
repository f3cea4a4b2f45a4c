"""Who works here with a password alone has a long one, however they came to work here."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from tests.http.people import Shop, bearer, open_shop, refused
from tests.http.test_second_factor import MINE, answer, set_up
from tests.support.authority import challenged

from ecommerce.application.identity.access.create_api_key import CreateApiKey
from ecommerce.application.identity.login import Login
from ecommerce.application.identity.register import Register
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import UserId

SHORT, LONG = "shortpw7", "fifteen letters"
EMAIL = "ada@example.com"
WORKS_HERE = [Role.STAFF, Role.ADMIN]
DETAIL = "Who works here needs a password of 15 characters, or a second factor."


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


async def customer(shop: Shop, password: str = SHORT) -> tuple[UserId, dict[str, str]]:
    """Somebody who registered with a password, and signed in with it."""
    chosen = await shop.identity.choose_password(password)
    user_id = await shop.identity.register(Register(email=EMAIL, password=chosen))
    return user_id, await signed_in(shop, password)


async def signed_in(shop: Shop, password: str) -> dict[str, str]:
    made = await shop.identity.login(Login(email=EMAIL, password=password))
    return bearer(made.access_token)


async def be(shop: Shop, user_id: UserId, role: Role) -> None:
    boss = await shop.newcomer(Role.ADMIN, "boss@example.com")
    path = f"/v1/users/{user_id}"
    made = await shop.client.patch(path, json={"role": role.value}, headers=boss)
    assert made.status_code == 200, made.text


async def new_password(
    shop: Shop, headers: dict[str, str], current: str, new: str
) -> httpx.Response:
    body = {"current_password": current, "new_password": new}
    return await shop.client.put("/v1/me/password", json=body, headers=headers)


async def shut_out(shop: Shop, headers: dict[str, str]) -> None:
    """Nothing is open but what sets a password or a second factor."""
    for method, path in (("GET", "/v1/me"), ("GET", "/v1/inventory"), ("POST", "/v1/categories")):
        asked = await shop.client.request(method, path, headers=headers)
        problem = refused(asked, 403, "second_factor_needed")
        assert problem["detail"] == DETAIL


async def at_work(shop: Shop, headers: dict[str, str]) -> bool:
    return (await shop.client.get("/v1/inventory", headers=headers)).status_code == 200


@pytest.mark.parametrize("role", WORKS_HERE)
async def test_a_customer_with_a_short_password_works_here_once_it_is_longer(
    shop: Shop, role: Role
) -> None:
    user_id, headers = await customer(shop)
    await be(shop, user_id, role)
    await shut_out(shop, headers)
    await shut_out(shop, await signed_in(shop, SHORT))
    refused(await new_password(shop, headers, SHORT, "fourteen chars"), 422, "weak_password")
    await shut_out(shop, headers)
    assert (await new_password(shop, headers, SHORT, LONG)).status_code == 204
    assert await at_work(shop, headers)
    assert await at_work(shop, await signed_in(shop, LONG))


@pytest.mark.parametrize("role", WORKS_HERE)
async def test_or_once_they_have_a_second_factor_and_as_long_as_they_have_it(
    shop: Shop, role: Role
) -> None:
    user_id, headers = await customer(shop)
    await be(shop, user_id, role)
    authenticator, _ = await set_up(shop, headers)
    assert await at_work(shop, headers)
    shorter = await new_password(shop, headers, SHORT, "shortpw8")
    assert shorter.status_code == 204, shorter.text
    code = authenticator.code(shop.clock.now())
    made = await answer(shop, await challenged(shop.identity, password="shortpw8"), code)
    headers = bearer(made.json()["access_token"])
    assert await at_work(shop, headers)
    assert (await shop.client.delete(MINE, headers=headers)).status_code == 204
    await shut_out(shop, headers)
    await shut_out(shop, await signed_in(shop, "shortpw8"))


async def test_a_customer_with_a_short_password_is_served_again(shop: Shop) -> None:
    user_id, headers = await customer(shop)
    assert (await shop.client.get("/v1/me", headers=headers)).status_code == 200
    await be(shop, user_id, Role.STAFF)
    await shut_out(shop, headers)
    boss = await shop.signed_in("boss@example.com")
    body = {"role": "customer"}
    await shop.client.patch(f"/v1/users/{user_id}", json=body, headers=boss)
    assert (await shop.client.get("/v1/me", headers=headers)).status_code == 200


async def test_the_keys_of_somebody_with_a_short_password_rest(shop: Shop) -> None:
    user_id, headers = await customer(shop, LONG)
    await be(shop, user_id, Role.ADMIN)
    token = headers["Authorization"].removeprefix("Bearer ")
    key = await shop.identity.create_api_key(
        CreateApiKey(
            actor=await shop.identity.authenticate(token),
            name="Scanner",
            permissions=["inventory:read"],
            days=1,
        )
    )
    assert await at_work(shop, bearer(key.text))
    shop.store.committed.users[user_id].long_password = False
    asked = await shop.client.get("/v1/inventory", headers=bearer(key.text))
    assert refused(asked, 403, "second_factor_needed")["detail"] == DETAIL


@pytest.mark.parametrize(("password", "long"), [(SHORT, False), (LONG, True)])
async def test_what_an_earlier_release_did_not_keep_is_learned_by_signing_in(
    shop: Shop, password: str, *, long: bool
) -> None:
    """Whoever works here goes on until then; whoever comes to work here does not."""
    user_id, headers = await customer(shop, password)
    account = shop.store.committed.users[user_id]
    account.role, account.long_password = Role.STAFF, None
    version = account.version
    assert await at_work(shop, headers)
    again = await signed_in(shop, password)
    account = shop.store.committed.users[user_id]
    assert (account.long_password, account.version) == (long, version)
    assert await at_work(shop, headers) is long
    assert await at_work(shop, again) is long

    account.role, account.long_password = Role.CUSTOMER, None
    await be(shop, user_id, Role.STAFF)
    await shut_out(shop, headers)
    await signed_in(shop, password)
    assert await at_work(shop, headers) is long

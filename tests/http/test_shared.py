"""One application serves many shops in tests, and none of them sees another's."""

import asyncio

import httpx
from tests.http.conftest import a_product, client_of, create, services


async def names(client: httpx.AsyncClient) -> list[str]:
    return [item["name"] for item in (await client.get("/v1/products")).json()["items"]]


async def test_shops_that_are_asked_at_once_keep_to_themselves() -> None:
    async with client_of(services()) as one, client_of(services()) as other:
        await asyncio.gather(
            create(one, "/v1/products", a_product("A-1", name="One")),
            create(other, "/v1/products", a_product("A-1", name="Other")),
        )
        for _ in range(2):
            found = tuple(await asyncio.gather(names(one), names(other), names(one)))
            assert found == (["One"], ["Other"], ["One"])

"""The same request sent again has one effect and one answer."""

import asyncio
from typing import Any

import httpx
import pytest
from tests.http.conftest import STAFF, a_product, bearer, create

PRODUCTS = "/v1/products"


def _key(key: str, role: str = "staff") -> dict[str, str]:
    return {**bearer(role), "Idempotency-Key": key}


async def test_a_replay_is_the_first_answer_byte_for_byte(client: httpx.AsyncClient) -> None:
    first = await client.post(PRODUCTS, json=a_product(), headers=_key("k1"))
    assert first.status_code == 201
    assert "idempotent-replayed" not in first.headers
    await client.patch(first.headers["location"], json={"name": "Other"}, headers=STAFF)
    again = await client.post(PRODUCTS, json=a_product(), headers=_key("k1"))
    assert again.status_code == 201
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    for name in ("etag", "location", "content-type", "content-length"):
        assert again.headers[name] == first.headers[name]
    assert len((await client.get(PRODUCTS)).json()["items"]) == 1


async def test_another_request_with_the_same_key(client: httpx.AsyncClient) -> None:
    await client.post(PRODUCTS, json=a_product(), headers=_key("k1"))
    other = await client.post(PRODUCTS, json=a_product(name="Cup"), headers=_key("k1"))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_key_is_its_callers_and_its_routes(client: httpx.AsyncClient) -> None:
    await client.post(PRODUCTS, json=a_product(), headers=_key("k1"))
    theirs = await client.post(PRODUCTS, json=a_product("MUG-2"), headers=_key("k1", "admin"))
    assert theirs.status_code == 201
    category = await client.post("/v1/categories", json={"name": "Mugs"}, headers=_key("k1"))
    assert category.status_code == 201


async def test_a_failure_is_not_kept(client: httpx.AsyncClient) -> None:
    await create(client, PRODUCTS, a_product())
    taken = await client.post(PRODUCTS, json=a_product(), headers=_key("k1"))
    assert taken.status_code == 409
    better = await client.post(PRODUCTS, json=a_product("MUG-2"), headers=_key("k1"))
    assert better.status_code == 201


async def test_without_a_key_every_request_counts(client: httpx.AsyncClient) -> None:
    for expected in (201, 201):
        made = await client.post("/v1/categories", json={"name": "Mugs"}, headers=STAFF)
        assert made.status_code == expected
    slugs = [c["slug"] for c in (await client.get("/v1/categories")).json()["items"]]
    assert slugs == ["mugs", "mugs-2"]


@pytest.mark.parametrize("key", ["a", "~" * 255, "!", "0b8c2f0e-6f4e-4f2b-9d2a-3f6f8f1f9f10"])
async def test_keys_that_are_keys(client: httpx.AsyncClient, key: str) -> None:
    made = await client.post("/v1/categories", json={"name": "Mugs"}, headers=_key(key))
    assert made.status_code == 201


async def test_many_at_once_make_one(client: httpx.AsyncClient) -> None:
    made = await asyncio.gather(
        *(client.post(PRODUCTS, json=a_product(), headers=_key("k1")) for _ in range(20))
    )
    assert {answer.status_code for answer in made} == {201}
    assert len({answer.content for answer in made}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in made) == 1
    assert len((await client.get(PRODUCTS)).json()["items"]) == 1


async def test_adjustments_happen_once(client: httpx.AsyncClient) -> None:
    await create(client, PRODUCTS, a_product())
    body: dict[str, Any] = {"delta": -1, "reason": "sold"}
    for _ in range(3):
        adjusted = await client.post(
            "/v1/inventory/MUG-1/adjustments", json=body, headers=_key("k1")
        )
        assert adjusted.json()["on_hand"] == 4

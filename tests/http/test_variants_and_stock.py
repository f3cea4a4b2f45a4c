"""Variants and their stock over HTTP."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.http.conftest import STAFF, a_product, create


def _variant(sku: str, **fields: object) -> dict[str, Any]:
    return {"sku": sku, "price": {"amount": 900, "currency": "USD"}, **fields}


async def test_variants_come_change_and_go(client: httpx.AsyncClient) -> None:
    product = await create(client, "/v1/products", a_product())
    variants = f"{product.headers['location']}/variants"
    added = await create(client, variants, _variant("MUG-2", weight_grams=300))
    assert added.headers["location"] == f"{variants}/{added.json()['id']}"
    assert added.headers["etag"].startswith('"2-')
    read = await client.get(added.headers["location"])
    assert (read.json(), read.headers["etag"]) == (added.json(), added.headers["etag"])

    patch = {"price": {"amount": 800, "currency": "USD"}, "weight_grams": None}
    changed = await client.patch(
        added.headers["location"],
        json=patch,
        headers={**STAFF, "If-Match": added.headers["etag"]},
    )
    assert changed.json()["price"]["amount"] == 800
    assert changed.json()["weight_grams"] is None
    stale = await client.delete(
        added.headers["location"], headers={**STAFF, "If-Match": added.headers["etag"]}
    )
    assert stale.status_code == 412
    gone = await client.delete(added.headers["location"], headers=STAFF)
    assert gone.status_code == 204
    last = f"{variants}/{product.json()['variants'][0]['id']}"
    refused = await client.delete(last, headers=STAFF)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_variant")


async def test_a_sku_is_taken_without_regard_to_case(client: httpx.AsyncClient) -> None:
    await create(client, "/v1/products", a_product("MUG-1"))
    again = await client.post("/v1/products", json=a_product("mug-1"), headers=STAFF)
    assert (again.status_code, again.json()["code"]) == (409, "sku_taken")


async def test_the_stock_and_its_ledger(client: httpx.AsyncClient) -> None:
    await create(client, "/v1/products", a_product("Mug/ü 1"))
    address = "/v1/inventory/MUG%2F%C3%BC%201"
    before = await client.get(address, headers=STAFF)
    assert before.json()["on_hand"] == 5
    body = {"delta": -2, "reason": "broken", "reference": "R-1"}
    adjusted = await client.post(
        f"{address}/adjustments",
        json=body,
        headers={**STAFF, "If-Match": before.headers["etag"]},
    )
    assert adjusted.status_code == 201
    assert adjusted.json()["available"] == 3
    assert adjusted.headers["location"] == "/v1/inventory/Mug%2F%C3%BC%201"
    after = await client.get(adjusted.headers["location"], headers=STAFF)
    assert (after.json(), after.headers["etag"]) == (adjusted.json(), adjusted.headers["etag"])
    stale = await client.post(
        f"{address}/adjustments",
        json=body,
        headers={**STAFF, "If-Match": before.headers["etag"]},
    )
    assert stale.status_code == 412
    refused = await client.post(
        f"{address}/adjustments", json={"delta": -9, "reason": "x"}, headers=STAFF
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "stock_reserved")
    ledger = await client.get(f"{address}/movements?limit=1&include_total=true", headers=STAFF)
    assert ledger.json()["total"] == {"value": 2, "relation": "eq"}
    assert ledger.json()["items"][0]["delta"] == -2
    assert ledger.json()["items"][0]["actor_id"]
    following = ledger.links["next"]["url"]
    assert following.startswith("/v1/inventory/")
    rest = await client.get(following, headers=STAFF)
    assert [line["delta"] for line in rest.json()["items"]] == [5]
    listed = await client.get("/v1/inventory", headers=STAFF)
    assert listed.json()["items"] == [after.json()]


@pytest.mark.parametrize("sku", ["A?B", "A%B", "A%2FB", "A/B", "A#B", "A\\B", '<A>;"B",', "ü 1"])
async def test_the_links_of_a_ledger_lead_on_whatever_the_sku(
    client: httpx.AsyncClient, sku: str
) -> None:
    await create(client, "/v1/products", a_product(sku))
    address = f"/v1/inventory/{quote(sku, safe='')}"
    for delta in (1, 2):
        movement = {"delta": delta, "reason": "x"}
        await client.post(f"{address}/adjustments", json=movement, headers=STAFF)
    seen: list[int] = []
    page = await client.get(f"{address}/movements?limit=1", headers=STAFF)
    while True:
        seen += [line["delta"] for line in page.json()["items"]]
        first = await client.get(page.links["first"]["url"], headers=STAFF)
        assert [line["delta"] for line in first.json()["items"]] == [2]
        if "next" not in page.links:
            break
        page = await client.get(page.links["next"]["url"], headers=STAFF)
    assert seen == [2, 1, 5]


@pytest.mark.parametrize("delta", [0, 10**9 + 1])
async def test_movements_that_are_none(client: httpx.AsyncClient, delta: int) -> None:
    await create(client, "/v1/products", a_product())
    answer = await client.post(
        "/v1/inventory/MUG-1/adjustments", json={"delta": delta, "reason": "x"}, headers=STAFF
    )
    assert answer.status_code == (422 if delta == 0 else 400)

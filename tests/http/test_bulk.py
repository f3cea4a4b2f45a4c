"""Products written in bulk over HTTP."""

from typing import Any

import httpx
import msgspec
import pytest
from tests.http.conftest import STAFF, a_product, bearer, client_of, create, services, settings

from ecommerce.entrypoints.http.catalog.bulk_schemas import BODY_LIMIT

BULK = "/v1/products/bulk"


async def write(client: httpx.AsyncClient, *items: dict[str, Any], **more: Any) -> httpx.Response:  # noqa: ANN401
    return await client.post(BULK, json={"items": items, **more}, headers=STAFF)


async def test_one_result_for_each_item_in_order(client: httpx.AsyncClient) -> None:
    known = (await create(client, "/v1/products", a_product("KNOWN", slug="known"))).json()
    answer = await write(
        client,
        a_product("A", name="Cup"),
        {"slug": "known", "brand": "Acme"},
        {"slug": "none", "variants": [{"sku": "B"}]},
        {"variants": [{"sku": "known"}]},
        on_error="skip",
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    made, changed, failed, repeated = answer.json()["results"]
    assert made == {"index": 0, "status": "created", "id": made["id"], "slug": "cup"}
    assert changed == {"index": 1, "status": "updated", "id": known["id"], "slug": "known"}
    assert failed == {
        "index": 2,
        "status": "failed",
        "error": {
            "code": "invalid_details",
            "title": "Not details the catalogue can hold",
            "detail": "name: is needed: the product is new.",
            "errors": [{"pointer": "/items/2/name", "detail": "is needed: the product is new."}],
        },
    }
    assert repeated["error"]["code"] == "repeated_item"
    read = (await client.get(f"/v1/products/{made['id']}")).json()
    assert (read["slug"], read["in_stock"]) == ("cup", True)
    assert (await client.get("/v1/products/known")).json()["brand"] == "Acme"
    again = await write(client, {"slug": "known", "brand": "Acme"})
    assert again.json()["results"][0]["status"] == "unchanged"


async def test_a_merge_leaves_and_clears(client: httpx.AsyncClient) -> None:
    await create(
        client, "/v1/products", a_product(brand="Acme", description="Hot.", attributes={"a": 1})
    )
    answer = await write(
        client,
        {
            "slug": "mug",
            "brand": None,
            "attributes": {"a": None, "b": [1, "x"]},
            "variants": [
                {"sku": "mug-1", "weight_grams": 300, "on_hand": 0},
                {"sku": "MUG-2", "price": {"amount": 5, "currency": "USD"}},
            ],
        },
    )
    assert answer.json()["results"][0]["status"] == "updated"
    read = (await client.get("/v1/products/mug")).json()
    assert (read["brand"], read["description"]) == (None, "Hot.")
    assert read["attributes"] == {"b": [1, "x"]}
    assert [(v["sku"], v["weight_grams"]) for v in read["variants"]] == [
        ("mug-1", 300),
        ("MUG-2", None),
    ]
    assert (read["price"]["amount"], read["in_stock"]) == (5, False)
    ledger = (await client.get("/v1/inventory/MUG-1/movements", headers=STAFF)).json()["items"]
    assert sorted(movement["delta"] for movement in ledger) == [-5, 5]
    assert {movement["actor_id"] for movement in ledger} == {ledger[0]["actor_id"]} != {None}


async def test_abort_names_every_item_that_fails(client: httpx.AsyncClient) -> None:
    foreign = {"amount": 1, "currency": "EUR"}
    answer = await write(
        client,
        a_product("A", name="Cup"),
        {"name": "No variant"},
        {"name": "Foreign", "variants": [{"sku": "B"}, {"sku": "C", "price": foreign}]},
        a_product("a"),
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "bulk_aborted"
    assert problem["detail"] == "3 of 4 items cannot be written, so none was."
    assert [each["pointer"] for each in problem["errors"]] == [
        "/items/1",
        "/items/2/variants/0/price",
        "/items/3/variants/0/sku",
    ]
    assert (await client.get("/v1/products")).json()["items"] == []


@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_a_replay_is_the_first_answer_byte_for_byte(
    client: httpx.AsyncClient, on_error: str
) -> None:
    headers = {**STAFF, "Idempotency-Key": "k"}
    body = {"items": [a_product("A"), a_product("B")], "on_error": on_error}
    first = await client.post(BULK, json=body, headers=headers)
    again = await client.post(BULK, json=body, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    other = await client.post(BULK, json={**body, "items": [a_product("C")]}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len((await client.get("/v1/products")).json()["items"]) == 2


async def test_what_was_aborted_may_be_sent_again(client: httpx.AsyncClient) -> None:
    headers = {**STAFF, "Idempotency-Key": "k"}
    body = {"items": [{"slug": "mug", "brand": "Acme"}]}
    refused = await client.post(BULK, json=body, headers=headers)
    assert refused.json()["code"] == "bulk_aborted"
    await create(client, "/v1/products", a_product())
    assert (await client.post(BULK, json=body, headers=headers)).status_code == 200


async def test_a_thousand_items_and_no_more(client: httpx.AsyncClient) -> None:
    items = [{"slug": f"s-{n}", "name": "N"} for n in range(1_001)]
    answer = await write(client, *items, on_error="skip")
    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/items"]
    answer = await write(client, *items[:1_000], on_error="skip")
    assert answer.status_code == 200
    assert [each["index"] for each in answer.json()["results"]] == list(range(1_000))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"items": []}, "/items"),
        ({"items": [{}], "on_error": "stop"}, "/on_error"),
        ({"items": [{"name": "x", "more": 1}]}, "/items/0/more"),
        ({"items": [{}, {"slug": "No Slug"}]}, "/items/1/slug"),
        ({"items": [{"slug": None}]}, "/items/0/slug"),
        ({"items": [{"variants": [{}]}]}, "/items/0/variants/0/sku"),
        ({"items": [{"variants": [{"sku": "A", "on_hand": -1}]}]}, "/items/0/variants/0/on_hand"),
    ],
)
async def test_what_is_malformed_is_refused_whole(
    client: httpx.AsyncClient, body: dict[str, Any], pointer: str
) -> None:
    answer = await client.post(BULK, json=body, headers=STAFF)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_who_may(client: httpx.AsyncClient) -> None:
    body = {"items": [a_product()]}
    assert (await client.post(BULK, json=body)).status_code == 401
    for role in ("customer", "reader"):
        assert (await client.post(BULK, json=body, headers=bearer(role))).status_code == 403


async def test_it_takes_larger_bodies_than_others_do() -> None:
    def padded(size: int) -> bytes:
        return msgspec.json.encode({"items": [a_product()]}).ljust(size)

    headers = {**STAFF, "Content-Type": "application/json"}
    for limit, taken in ((2_000, BODY_LIMIT), (BODY_LIMIT + 1, BODY_LIMIT + 1)):
        async with client_of(services(settings=settings(body_limit_bytes=limit))) as client:
            answer = await client.post(BULK, content=padded(taken), headers=headers)
            assert answer.status_code == 200, answer.text
            answer = await client.post(BULK, content=padded(taken + 1), headers=headers)
            assert answer.status_code == 413
            answer = await client.post("/v1/products", content=padded(limit + 1), headers=headers)
            assert answer.status_code == 413


async def test_no_product_hides_behind_the_address(client: httpx.AsyncClient) -> None:
    made = await create(client, "/v1/products", a_product(name="Bulk"))
    assert made.json()["slug"] == "bulk-product"
    answer = await client.post("/v1/products", json=a_product("B", slug="bulk"), headers=STAFF)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_slug")
    answer = await client.patch(
        f"/v1/products/{made.json()['id']}", json={"slug": "bulk"}, headers=STAFF
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_slug")
    assert (await client.get(BULK)).status_code == 405

"""Synonyms and pins over HTTP."""

from typing import Any

import httpx
import pytest
from tests.http.conftest import STAFF, a_product, bearer, client_of, create, services, settings

SYNONYMS = "/v1/search/synonyms"
PINS = "/v1/search/pins"
ABSENT = "019a8f00-5a00-7000-8000-000000000001"


async def _product(client: httpx.AsyncClient, sku: str) -> str:
    made: str = (await create(client, "/v1/products", a_product(sku))).json()["id"]
    return made


async def _category(client: httpx.AsyncClient, name: str) -> str:
    made: str = (await create(client, "/v1/categories", {"name": name})).json()["id"]
    return made


async def test_a_group_comes_changes_and_goes(client: httpx.AsyncClient) -> None:
    made = await create(client, SYNONYMS, {"terms": [" Crème  brûlée", "custard"]})
    group = made.json()
    assert set(group) == {"id", "terms", "created_at", "updated_at", "version"}
    assert (group["terms"], group["version"]) == (["Crème brûlée", "custard"], 1)
    assert made.headers["location"] == f"{SYNONYMS}/{group['id']}"
    read = await client.get(made.headers["location"], headers=STAFF)
    assert (read.json(), read.headers["etag"]) == (group, made.headers["etag"])
    known = {**STAFF, "If-None-Match": made.headers["etag"]}
    assert (await client.get(made.headers["location"], headers=known)).status_code == 304

    seen = {**STAFF, "If-Match": made.headers["etag"]}
    body = {"terms": ["custard", "pudding", "flan"]}
    changed = await client.put(made.headers["location"], json=body, headers=seen)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.json()["terms"] == body["terms"]
    assert changed.json()["updated_at"] > group["updated_at"]
    same = await client.put(made.headers["location"], json=body, headers=STAFF)
    assert (same.content, same.headers["etag"]) == (changed.content, changed.headers["etag"])

    for stale in (
        await client.put(made.headers["location"], json=body, headers=seen),
        await client.delete(made.headers["location"], headers=seen),
    ):
        assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    fresh = {**STAFF, "If-Match": changed.headers["etag"]}
    assert (await client.delete(made.headers["location"], headers=fresh)).status_code == 204
    for gone in (
        await client.get(made.headers["location"], headers=STAFF),
        await client.put(made.headers["location"], json=body, headers=STAFF),
        await client.delete(made.headers["location"], headers=STAFF),
    ):
        assert (gone.status_code, gone.json()["code"]) == (404, "synonym_group_not_found")


async def test_a_term_stands_in_one_group(client: httpx.AsyncClient) -> None:
    await create(client, SYNONYMS, {"terms": ["mug", "cup"]})
    other = await create(client, SYNONYMS, {"terms": ["plate", "dish"]})
    body = {"terms": ["plate", "MÚG"]}
    for refused in (
        await client.post(SYNONYMS, json=body, headers=STAFF),
        await client.put(
            other.headers["location"], json={"terms": ["plate", "Cup"]}, headers=STAFF
        ),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "synonym_taken")
        assert refused.json()["errors"][-1]["pointer"] == "/terms/1"


@pytest.mark.parametrize(
    ("terms", "status", "pointer"),
    [
        (["mug", "Mug"], 422, "/terms/1"),
        (["mug", " "], 422, "/terms/1"),
        (["...", "mug"], 422, "/terms/0"),
        (["mug", "a b c d e f"], 422, "/terms/1"),
        (["mug"], 400, "/terms"),
        ([], 400, "/terms"),
        ([f"t{n}" for n in range(21)], 400, "/terms"),
        (["mug", "x" * 81], 400, "/terms"),
        (["mug", ""], 400, "/terms"),
        ("mug", 400, "/terms"),
    ],
)
async def test_what_is_no_group(
    client: httpx.AsyncClient, terms: object, status: int, pointer: str
) -> None:
    answer = await client.post(SYNONYMS, json={"terms": terms}, headers=STAFF)
    code = {400: "malformed_request", 422: "invalid_synonyms"}[status]
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)


async def test_groups_are_listed_and_found_by_a_term(client: httpx.AsyncClient) -> None:
    ids = [
        (await create(client, SYNONYMS, {"terms": [f"Wört {n}", f"t{n}"]})).json()["id"]
        for n in range(3)
    ]
    first = await client.get(f"{SYNONYMS}?limit=2&include_total=true", headers=STAFF)
    assert [each["id"] for each in first.json()["items"]] == ids[:2]
    assert first.json()["total"] == {"value": 3, "relation": "eq"}
    rest = await client.get(first.links["next"]["url"], headers=STAFF)
    assert [each["id"] for each in rest.json()["items"]] == ids[2:]
    back = await client.get(rest.links["prev"]["url"], headers=STAFF)
    assert back.json()["items"] == first.json()["items"]
    for term, found in (("wort+1", ids[1:2]), ("T0", ids[:1]), ("wort", [])):
        listed = await client.get(f"{SYNONYMS}?term={term}", headers=STAFF)
        assert [each["id"] for each in listed.json()["items"]] == found
    known = {**STAFF, "If-None-Match": listed.headers["etag"]}
    assert (await client.get(f"{SYNONYMS}?term=wort", headers=known)).status_code == 304
    cursor = first.json()["next_cursor"]
    for address in (f"{SYNONYMS}?term=t0&cursor={cursor}", f"{PINS}?cursor={cursor}"):
        refused = await client.get(address, headers=STAFF)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_cursor")


async def test_a_pin_comes_changes_and_goes(client: httpx.AsyncClient) -> None:
    one, two = await _product(client, "one"), await _product(client, "two")
    category = await _category(client, "Kitchen")
    made = await create(client, PINS, {"query": " Trail   shoes", "product_ids": [two, one]})
    pin = made.json()
    assert set(pin) == {
        "id", "query", "category_id", "product_ids", "created_at", "updated_at", "version",
    }  # fmt: skip
    assert (pin["query"], pin["category_id"]) == ("Trail shoes", None)
    assert (pin["product_ids"], pin["version"]) == ([two, one], 1)
    assert made.headers["location"] == f"{PINS}/{pin['id']}"
    read = await client.get(made.headers["location"], headers=STAFF)
    assert (read.json(), read.headers["etag"]) == (pin, made.headers["etag"])
    seen = {**STAFF, "If-Match": made.headers["etag"]}
    body = {"category_id": category, "product_ids": [one]}
    changed = await client.put(made.headers["location"], json=body, headers=seen)
    assert changed.status_code == 200
    assert (changed.json()["query"], changed.json()["category_id"]) == (None, category)
    assert (changed.json()["product_ids"], changed.json()["version"]) == ([one], 2)
    listed = await client.get(f"{PINS}?include_total=true", headers=STAFF)
    assert listed.json()["items"] == [changed.json()]
    assert listed.json()["total"] == {"value": 1, "relation": "eq"}
    for stale in (
        await client.put(made.headers["location"], json=body, headers=seen),
        await client.delete(made.headers["location"], headers=seen),
    ):
        assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert (await client.delete(made.headers["location"], headers=STAFF)).status_code == 204
    for gone in (
        await client.get(made.headers["location"], headers=STAFF),
        await client.put(made.headers["location"], json=body, headers=STAFF),
        await client.delete(made.headers["location"], headers=STAFF),
    ):
        assert (gone.status_code, gone.json()["code"]) == (404, "pin_not_found")


async def test_each_query_and_each_category_has_one_pin(client: httpx.AsyncClient) -> None:
    one, category = await _product(client, "one"), await _category(client, "Kitchen")
    await create(client, PINS, {"query": "crème", "product_ids": [one]})
    await create(client, PINS, {"category_id": category, "product_ids": [one]})
    for body, pointer in (
        ({"query": "CREME", "product_ids": [one]}, "/query"),
        ({"category_id": category, "product_ids": [one]}, "/category_id"),
    ):
        refused = await client.post(PINS, json=body, headers=STAFF)
        assert (refused.status_code, refused.json()["code"]) == (409, "pin_taken")
        assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]


async def test_what_is_no_pin(client: httpx.AsyncClient) -> None:
    one, category = await _product(client, "one"), await _category(client, "Kitchen")
    cases: list[tuple[dict[str, Any], str, list[str]]] = [
        ({"product_ids": [one]}, "invalid_pin", []),
        ({"query": "a", "category_id": category, "product_ids": [one]}, "invalid_pin", []),
        ({"query": None, "category_id": None, "product_ids": [one]}, "invalid_pin", []),
        ({"query": " ", "product_ids": [one]}, "invalid_pin", ["/query"]),
        ({"query": "a", "product_ids": [one, one]}, "invalid_pin", ["/product_ids/1"]),
        (
            {"category_id": ABSENT, "product_ids": [one]},
            "unknown_pinned_category",
            ["/category_id"],
        ),
        (
            {"query": "a", "product_ids": [ABSENT, one, category]},
            "unknown_pinned_products",
            ["/product_ids/0", "/product_ids/2"],
        ),
    ]
    pin = await create(client, PINS, {"query": "z", "product_ids": [one]})
    for body, code, pointers in cases:
        for answer in (
            await client.post(PINS, json=body, headers=STAFF),
            await client.put(pin.headers["location"], json=body, headers=STAFF),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, code), body
            assert [each["pointer"] for each in answer.json().get("errors", [])] == pointers
    assert len((await client.get(PINS, headers=STAFF)).json()["items"]) == 1


async def test_what_leaves_the_shop_leaves_its_pins(client: httpx.AsyncClient) -> None:
    one, two = await _product(client, "one"), await _product(client, "two")
    category = await _category(client, "Kitchen")
    of_query = await create(client, PINS, {"query": "mug", "product_ids": [one, two]})
    of_category = await create(client, PINS, {"category_id": category, "product_ids": [one]})
    assert (await client.delete(f"/v1/products/{one}", headers=STAFF)).status_code == 204
    left = await client.get(of_query.headers["location"], headers=STAFF)
    assert left.json() == {**of_query.json(), "product_ids": [two]}
    assert left.headers["etag"] != of_query.headers["etag"]
    bare = await client.get(of_category.headers["location"], headers=STAFF)
    assert bare.json()["product_ids"] == []
    assert (await client.delete(f"/v1/categories/{category}", headers=STAFF)).status_code == 204
    gone = await client.get(of_category.headers["location"], headers=STAFF)
    assert gone.status_code == 404


async def test_the_same_request_again_has_no_second_effect(client: httpx.AsyncClient) -> None:
    one = await _product(client, "one")
    headers = {**STAFF, "Idempotency-Key": "merchandising-1"}
    for address, body in (
        (SYNONYMS, {"terms": ["mug", "cup"]}),
        (PINS, {"query": "mug", "product_ids": [one]}),
    ):
        first = await client.post(address, json=body, headers=headers)
        again = await client.post(address, json=body, headers=headers)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"
        other = await client.post(address, json={**body, "query": "x"}, headers=headers)
        assert other.status_code in (400, 422)
        assert len((await client.get(address, headers=STAFF)).json()["items"]) == 1


async def test_a_reader_reads_and_a_customer_does_not(client: httpx.AsyncClient) -> None:
    for address in (SYNONYMS, PINS):
        assert (await client.get(address)).status_code == 401
        assert (await client.get(address, headers=bearer("customer"))).status_code == 403
        assert (await client.get(address, headers=bearer("reader"))).status_code == 200
        refused = await client.post(address, json={}, headers=bearer("reader"))
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


async def test_a_shop_can_demand_if_match() -> None:
    async with client_of(services(settings=settings(require_if_match=True))) as strict:
        made = await create(strict, SYNONYMS, {"terms": ["mug", "cup"]})
        address, body = made.headers["location"], {"terms": ["mug", "beaker"]}
        for refused in (
            await strict.put(address, json=body, headers=STAFF),
            await strict.delete(address, headers=STAFF),
            await strict.put(f"{PINS}/{ABSENT}", json=body, headers=STAFF),
            await strict.delete(f"{PINS}/{ABSENT}", headers=STAFF),
        ):
            assert (refused.status_code, refused.json()["code"]) == (428, "precondition_required")
        seen = {**STAFF, "If-Match": made.headers["etag"]}
        assert (await strict.put(address, json=body, headers=seen)).status_code == 200

"""Products over HTTP: what is answered, seen, changed and refused."""

from typing import Any

import httpx
import pytest
from tests.http.conftest import STAFF, a_product, bearer, client_of, create, services, settings

PRODUCTS = "/v1/products"


async def test_creating_shows_what_is_there_now(client: httpx.AsyncClient) -> None:
    made = await create(client, PRODUCTS, a_product(brand="Acme", tags=["new"]))
    assert made.headers["location"] == f"/v1/products/{made.json()['id']}"
    assert made.json()["slug"] == "mug"
    assert made.json()["in_stock"] is True
    read = await client.get(made.headers["location"])
    assert read.json() == made.json()
    assert read.headers["etag"] == made.headers["etag"]
    assert made.headers["etag"].startswith('"1-')
    assert (await client.get("/v1/products/mug")).json() == made.json()


async def test_a_patch_leaves_and_clears(client: httpx.AsyncClient) -> None:
    made = await create(
        client,
        PRODUCTS,
        a_product(brand="Acme", description="Hot.", attributes={"a": 1, "b": [True, "x"]}),
    )
    address = made.headers["location"]
    changed = await client.patch(
        address,
        json={"brand": None, "attributes": {"a": None, "c": 2.5}},
        headers={**STAFF, "Content-Type": "application/merge-patch+json"},
    )
    assert changed.status_code == 200
    assert changed.json()["brand"] is None
    assert changed.json()["description"] == "Hot."
    assert changed.json()["attributes"] == {"b": [True, "x"], "c": 2.5}
    assert changed.json()["version"] == 2
    read = await client.get(address)
    assert (read.json(), read.headers["etag"]) == (changed.json(), changed.headers["etag"])


async def test_an_old_slug_leads_to_the_new_one(client: httpx.AsyncClient) -> None:
    made = await create(client, PRODUCTS, a_product())
    address = made.headers["location"]
    await client.patch(address, json={"slug": "cup"}, headers=STAFF)
    moved = await client.get("/v1/products/mug")
    assert moved.status_code == 308
    assert moved.headers["location"] == "/v1/products/cup"
    variant = made.json()["variants"][0]["id"]
    moved = await client.get(f"/v1/products/mug/variants/{variant}")
    assert moved.headers["location"] == f"/v1/products/cup/variants/{variant}"
    assert (await client.get(moved.headers["location"])).json()["id"] == variant


async def test_writes_take_ids_only(client: httpx.AsyncClient) -> None:
    await create(client, PRODUCTS, a_product())
    for method in ("PATCH", "DELETE"):
        body: dict[str, str] | None = {} if method == "PATCH" else None
        answer = await client.request(method, "/v1/products/mug", json=body, headers=STAFF)
        assert answer.status_code == 404
    assert (await client.get("/v1/products/mug")).status_code == 200


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ("{etag}", 200),
        ("*", 200),
        ('"other", {etag}', 200),
        ('{etag}, "other"', 200),
        (', , {etag},, "other",', 200),
        ("\t,{etag}\t,", 200),
        ("", 412),
        (",", 412),
        ('"*"', 412),
        ('"1-0000000000000000"', 412),
        ('"1-0000000000000000-0000000000000000"', 412),
        ("W/{etag}", 412),
        ('"2-0000000000000000"', 412),
        ('"other"', 412),
        ('"1"', 412),
        ('"99999999999-0000000000000000"', 412),
    ],
)
async def test_if_match(client: httpx.AsyncClient, if_match: str, status: int) -> None:
    made = await create(client, PRODUCTS, a_product())
    given = if_match.format(etag=made.headers["etag"])
    changed = await client.patch(
        made.headers["location"], json={"name": "Cup"}, headers={**STAFF, "If-Match": given}
    )
    assert changed.status_code == status
    if status == 412:
        assert changed.json()["code"] == "precondition_failed"
        assert (await client.get(made.headers["location"])).json() == made.json()


@pytest.mark.parametrize("known", ["{etag}", "W/{etag}", '"x", {etag}', "*"])
async def test_if_none_match(client: httpx.AsyncClient, known: str) -> None:
    made = await create(client, PRODUCTS, a_product())
    for address in (made.headers["location"], PRODUCTS, "/v1/categories"):
        etag = (await client.get(address)).headers["etag"]
        headers = {"If-None-Match": known.format(etag=etag)}
        unchanged = await client.get(address, headers=headers)
        assert unchanged.status_code == 304
        assert unchanged.content == b""
        assert unchanged.headers["etag"] == etag
        assert (await client.head(address, headers=headers)).status_code == 304
    other = await client.get(PRODUCTS, headers={"If-None-Match": '"1-x"'})
    assert other.status_code == 200


async def test_head_is_get_without_its_body(client: httpx.AsyncClient) -> None:
    await create(client, PRODUCTS, a_product())
    for address in (PRODUCTS, "/v1/products/mug", "/v1/categories/tree", "/docs", "/openapi.json"):
        read, head = await client.get(address), await client.head(address)
        assert head.status_code == read.status_code == 200
        assert head.content == b""
        for name in ("content-length", "content-type", "etag"):
            assert head.headers[name] == read.headers[name]
    assert (await client.head("/v1/products/none")).status_code == 404


async def test_deleting_removes_it(client: httpx.AsyncClient) -> None:
    made = await create(client, PRODUCTS, a_product())
    gone = await client.delete(made.headers["location"], headers=STAFF)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.get(made.headers["location"])).status_code == 404
    again = await client.delete(made.headers["location"], headers=STAFF)
    assert again.json()["code"] == "product_not_found"


@pytest.mark.parametrize("status", ["draft", "archived"])
async def test_what_is_not_on_sale_is_seen_by_readers_only(
    client: httpx.AsyncClient, status: str
) -> None:
    made = await create(client, PRODUCTS, a_product(status=status))
    variant = f"{made.headers['location']}/variants/{made.json()['variants'][0]['id']}"
    absent = await client.get("/v1/products/none")
    for address in (made.headers["location"], "/v1/products/mug", variant):
        for headers in ({}, bearer("customer")):
            hidden = await client.get(address, headers=headers)
            assert hidden.status_code == 404
            assert {**hidden.json(), "request_id": ""} == {**absent.json(), "request_id": ""}
        assert (await client.get(address, headers=bearer("reader"))).status_code == 200
    assert (await client.get(PRODUCTS, headers=bearer("reader"))).json()["items"] == []
    found = await client.get(f"{PRODUCTS}?status={status}&status=active", headers=bearer("reader"))
    assert [item["status"] for item in found.json()["items"]] == [status]
    assert (await client.get(f"{PRODUCTS}?status=active")).status_code == 401
    denied = await client.get(f"{PRODUCTS}?status=active", headers=bearer("customer"))
    assert denied.json()["code"] == "permission_denied"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=-price", ["Élan", "apple", "Zebra"]),
        ("sort=name", ["apple", "Élan", "Zebra"]),
        ("sort=-name", ["Zebra", "Élan", "apple"]),
        ("sort=price", ["Zebra", "apple", "Élan"]),
        ("price_min=200&sort=name", ["apple", "Élan"]),
        ("price_max=200&sort=price", ["Zebra", "apple"]),
        ("brand=Acme&brand=Nord&sort=price", ["Zebra", "apple"]),
        ("attr.colour=red&attr.colour=blue&sort=price", ["apple", "Élan"]),
        ("attr.colour=red&attr.size=1", ["apple"]),
        ("in_stock=false", ["Élan"]),
        ("category=shoes", ["Élan"]),
        ("category=shoes&category=none", ["Élan"]),
        ("category=none", []),
        ("created_after=2020-01-01T00:00:00%2B01:00&brand=Nord", ["Zebra"]),
        ("created_after=2120-01-01T00:00:00Z", []),
    ],
)
async def test_listing(client: httpx.AsyncClient, query: str, names: list[str]) -> None:
    parent = await create(client, "/v1/categories", {"name": "Shoes"})
    child = await create(
        client, "/v1/categories", {"name": "Boots", "parent_id": parent.json()["id"]}
    )
    rows: list[tuple[str, int, int, dict[str, Any]]] = [
        ("apple", 200, 1, {"brand": "Acme", "attributes": {"colour": "red", "size": 1}}),
        ("Élan", 300, 0, {"category_id": child.json()["id"], "attributes": {"colour": "blue"}}),
        ("Zebra", 100, 1, {"brand": "Nord"}),
    ]
    for name, amount, on_hand, fields in rows:
        variant = {
            "sku": name,
            "price": {"amount": amount, "currency": "USD"},
            "on_hand": on_hand,
        }
        body = {"name": name, "status": "active", "variants": [variant], **fields}
        await create(client, PRODUCTS, body)
    found = await client.get(f"{PRODUCTS}?{query}")
    assert found.status_code == 200, found.text
    assert [item["name"] for item in found.json()["items"]] == names


@pytest.mark.parametrize("asked", ["Caf%C3%A9", "Cafe%CC%81"])
async def test_one_brand_is_found_by_either_way_of_writing_it(
    client: httpx.AsyncClient, asked: str
) -> None:
    for sku, word in (("A", "Caf\u00e9"), ("B", "Cafe\u0301")):
        fields = {"brand": word, "attributes": {word: word}}
        await create(client, PRODUCTS, a_product(sku, **fields))
    for query in (f"brand={asked}", f"attr.{asked}={asked}"):
        found = await client.get(f"{PRODUCTS}?{query}&facets=brand,attr.{asked}")
        assert len(found.json()["items"]) == 2, query
        facets = found.json()["facets"]
        assert [each["value"] for each in facets["brand"]] == ["Caf\u00e9"]
        assert [each["count"] for each in facets["attr.Caf\u00e9"]] == [2]
    twice = a_product("C", attributes={"Caf\u00e9": 1, "Cafe\u0301": 2})
    refused = await client.post(PRODUCTS, json=twice, headers=STAFF)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_details")


async def test_a_deployment_can_require_if_match() -> None:
    async with client_of(services(settings=settings(require_if_match=True))) as client:
        made = await create(client, PRODUCTS, a_product())
        address = made.headers["location"]
        refused = await client.patch(address, json={"name": "Cup"}, headers=STAFF)
        assert (refused.status_code, refused.json()["code"]) == (428, "precondition_required")
        anonymous = await client.patch(address, json={"name": "Cup"})
        assert anonymous.status_code == 401
        taken = await client.patch(
            address, json={"name": "Cup"}, headers={**STAFF, "If-Match": made.headers["etag"]}
        )
        assert taken.status_code == 200


@pytest.mark.parametrize(
    ("unwanted", "status"), [("*", 412), (" * ", 412), ('"1-0000000000000000"', 400), ("1", 400)]
)
async def test_a_change_only_where_there_is_nothing_is_none(
    client: httpx.AsyncClient, unwanted: str, status: int
) -> None:
    made = await create(client, PRODUCTS, a_product())
    place = made.headers["location"]
    asked = {**STAFF, "If-None-Match": unwanted}
    assert (await client.patch(place, json={"name": "Cup"}, headers=asked)).status_code == status
    assert (await client.delete(place, headers=asked)).status_code == status
    assert (await client.get(place)).json() == made.json()

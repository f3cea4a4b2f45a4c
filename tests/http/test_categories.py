"""The category tree over HTTP."""

import httpx
from tests.http.conftest import STAFF, a_product, create

CATEGORIES = "/v1/categories"


async def test_a_tree(client: httpx.AsyncClient) -> None:
    root = await create(client, CATEGORIES, {"name": "Shoes", "description": "All."})
    assert root.json()["product_count"] == {"value": 0, "relation": "eq"}
    child = await create(client, CATEGORIES, {"name": "Boots", "parent_id": root.json()["id"]})
    assert [ref["slug"] for ref in child.json()["ancestors"]] == ["shoes"]
    await create(client, "/v1/products", a_product(category_id=child.json()["id"]))

    read = await client.get("/v1/categories/shoes")
    assert read.json()["product_count"]["value"] == 1
    assert [ref["slug"] for ref in read.json()["children"]] == ["boots"]
    tree = (await client.get("/v1/categories/tree")).json()["items"]
    assert [(n["slug"], [c["slug"] for c in n["children"]]) for n in tree] == [("shoes", ["boots"])]
    shallow = (await client.get("/v1/categories/tree?depth=1&root=shoes")).json()["items"]
    assert shallow[0]["children"] == []

    for query, slugs in (
        ("", ["boots", "shoes"]),
        ("?parent=none", ["shoes"]),
        ("?parent=shoes", ["boots"]),
        (f"?parent={root.json()['id']}", ["boots"]),
        ("?parent=nothing", []),
    ):
        listed = (await client.get(CATEGORIES + query)).json()["items"]
        assert [item["slug"] for item in listed] == slugs


async def test_moves_and_removals(client: httpx.AsyncClient) -> None:
    root = await create(client, CATEGORIES, {"name": "Shoes"})
    child = await create(client, CATEGORIES, {"name": "Boots", "parent_id": root.json()["id"]})
    cycle = await client.patch(
        root.headers["location"], json={"parent_id": child.json()["id"]}, headers=STAFF
    )
    assert (cycle.status_code, cycle.json()["code"]) == (422, "category_cycle")
    full = await client.delete(root.headers["location"], headers=STAFF)
    assert (full.status_code, full.json()["code"]) == (409, "category_not_empty")
    moved = await client.patch(
        child.headers["location"],
        json={"parent_id": None, "slug": "wellies", "description": None, "position": None},
        headers={**STAFF, "If-Match": child.headers["etag"]},
    )
    assert moved.json()["ancestors"] == []
    assert (await client.get("/v1/categories/boots")).headers["location"].endswith("/wellies")
    assert (await client.delete(root.headers["location"], headers=STAFF)).status_code == 204
    assert (await client.get("/v1/categories/shoes")).status_code == 404


async def test_an_unknown_parent(client: httpx.AsyncClient) -> None:
    body = {"name": "Boots", "parent_id": "019a8f00-5a00-7000-8000-000000000001"}
    answer = await client.post(CATEGORIES, json=body, headers=STAFF)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_category")

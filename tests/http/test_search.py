"""Searching, counting and suggesting over HTTP."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.http.conftest import STAFF, a_product, bearer, client_of, create, services

from ecommerce.adapters.memory.store import MemoryStore

PRODUCTS = "/v1/products"
SUGGEST = "/v1/search/suggest"


async def _shop(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    shoes = await create(client, "/v1/categories", {"name": "Shoes"})
    made = {}
    for sku, name, brand, colour, amount, on_hand in (
        ("T-1", "Trail shoe", "Nord", "red", 9000, 0),
        ("T-2", "Road shoe", "Acme", "blue", 8000, 1),
        ("T-3", "Shoe laces", "Acme", "red", 500, 1),
        ("T-4", "Rain jacket", "Nord", "red", 12000, 1),
        ("T-5", "Wool hat", "Acme", "grey", 2000, 1),
    ):
        body = a_product(
            sku,
            name=name,
            brand=brand,
            attributes={"colour": colour},
            category_id=shoes.json()["id"] if "shoe" in name else None,
            variants=[
                {"sku": sku, "price": {"amount": amount, "currency": "USD"}, "on_hand": on_hand}
            ],
        )
        made[sku] = (await create(client, PRODUCTS, body)).json()
    return made


def _names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=shoes&sort=name", ["Road shoe", "Shoe laces", "Trail shoe"]),
        ("q=shoes&sort=-price", ["Trail shoe", "Road shoe", "Shoe laces"]),
        ("q=shoes&sort=price&in_stock_first=true", ["Shoe laces", "Road shoe", "Trail shoe"]),
        ("sort=price&in_stock_first=true&brand=Nord", ["Rain jacket", "Trail shoe"]),
        ("q=shoes&brand=Nord", ["Trail shoe"]),
        ("q=jakcet&sort=relevance", ["Rain jacket"]),
        ("q=%22trail+shoe%22", ["Trail shoe"]),
        ("q=shoe+-acme", ["Trail shoe"]),
        ("q=t-5", ["Wool hat"]),
        ("q=nothing+of+the+kind&facets=brand", []),
        ("q=%F0%9F%91%9F", []),
        ("q=+", []),
    ],
)
async def test_searching(client: httpx.AsyncClient, query: str, names: list[str]) -> None:
    await _shop(client)
    assert _names(await client.get(f"{PRODUCTS}?{query}")) == names


async def test_the_best_hits_come_first_unless_another_sort_is_asked_for(
    client: httpx.AsyncClient,
) -> None:
    await _shop(client)
    best = await client.get(f"{PRODUCTS}?q=red+jacket")
    assert _names(best)[0] == "Rain jacket"
    assert (await client.get(f"{PRODUCTS}?q=red+jacket&sort=relevance")).content == best.content
    newest = await client.get(PRODUCTS)
    assert _names(newest)[0] == "Wool hat"
    assert "facets" not in best.json()
    assert "explanations" not in best.json()


async def test_facets(client: httpx.AsyncClient) -> None:
    await _shop(client)
    category = (await client.get("/v1/categories/shoes")).json()
    answer = await client.get(
        f"{PRODUCTS}?q=shoe&brand=Nord&facets=price,brand,category,attr.colour,attr.none&limit=1"
    )
    assert _names(answer) == ["Trail shoe"]
    assert list(answer.json()["facets"]) == ["price", "brand", "category", "attr.colour"]
    assert answer.json()["facets"] == {
        "brand": [{"value": "Acme", "count": 2}, {"value": "Nord", "count": 1}],
        "category": [{"id": category["id"], "slug": "shoes", "name": "Shoes", "count": 1}],
        "attr.colour": [{"value": "red", "count": 1}],
        "price": {
            "min": 9000,
            "max": 9000,
            "buckets": [{"min": 9000, "max": 9000, "count": 1}],
        },
    }
    everything = (await client.get(f"{PRODUCTS}?facets=price,brand")).json()["facets"]
    assert everything["price"] == {
        "min": 500,
        "max": 12000,
        "buckets": [
            {"min": 0, "max": 1999, "count": 1},
            {"min": 2000, "max": 3999, "count": 1},
            {"min": 8000, "max": 9999, "count": 2},
            {"min": 12000, "max": 13999, "count": 1},
        ],
    }


@pytest.mark.parametrize(
    "facets",
    ["", "Brand", "colour", "brand,", ",brand", "attr.", "price%0A", "brand%20",
     ",".join(f"attr.a{n}" for n in range(21)), "attr." + "a" * 65],
)  # fmt: skip
async def test_a_facet_that_there_is_not(client: httpx.AsyncClient, facets: str) -> None:
    refused = await client.get(f"{PRODUCTS}?facets={facets}")
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed_request")
    assert refused.json()["errors"][0]["pointer"].startswith("/facets")


async def test_relevance_needs_a_text(client: httpx.AsyncClient) -> None:
    refused = await client.get(f"{PRODUCTS}?sort=relevance")
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed_request")
    assert refused.json()["errors"] == [
        {"pointer": "/sort", "detail": "'relevance' needs a text to search for: add 'q'."}
    ]


async def test_explanations_are_for_readers(client: httpx.AsyncClient) -> None:
    made = await _shop(client)
    address = f"{PRODUCTS}?q=jakcet&explain=true"
    anonymous = await client.get(address)
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "not_authenticated")
    assert "'explain'" in anonymous.json()["detail"]
    customer = await client.get(address, headers=bearer("customer"))
    assert (customer.status_code, customer.json()["code"]) == (403, "permission_denied")
    found = await client.get(address, headers=bearer("reader"))
    (explanation,) = found.json()["explanations"]
    (part,) = explanation.pop("parts")
    assert explanation == {
        "product_id": made["T-4"]["id"],
        "pinned": False,
        "exact_code": False,
        "score": part["rarity"] * part["impact"],
    }
    assert (part["word"], part["matched"], part["kind"]) == ("jakcet", "jacket", "correction")
    assert "explanations" not in (await client.get(f"{PRODUCTS}?q=jakcet&explain=false")).json()


async def test_pins_go_with_relevance_and_with_no_sort_at_all() -> None:
    async with client_of(services(MemoryStore())) as client:
        made = await _shop(client)
        pin = {"query": "shoe", "product_ids": [made["T-5"]["id"]]}
        await create(client, "/v1/search/pins", pin)
        category = (await client.get("/v1/categories/shoes")).json()
        pin = {"category_id": category["id"], "product_ids": [made["T-1"]["id"]]}
        await create(client, "/v1/search/pins", pin)
        for query in ("q=Shoe", "q=shoe&sort=relevance"):
            assert _names(await client.get(f"{PRODUCTS}?{query}"))[0] == "Wool hat"
        for query in ("q=shoe&sort=-created_at", "q=shoe&sort=price", "q=shoe&brand=Nord"):
            assert "Wool hat" not in _names(await client.get(f"{PRODUCTS}?{query}"))
        for query, first in (("", "Trail shoe"), ("&sort=-created_at", "Road shoe")):
            listed = await client.get(f"{PRODUCTS}?category=shoes{query}")
            assert _names(listed)[0] == first
        page = await client.get(f"{PRODUCTS}?q=Shoe&limit=1")
        rest = await client.get(page.links["next"]["url"])
        assert "Wool hat" not in _names(rest)
        assert _names(await client.get(rest.links["prev"]["url"])) == ["Wool hat"]


async def test_pages_of_a_search(client: httpx.AsyncClient) -> None:
    await _shop(client)
    address = f"{PRODUCTS}?q={quote('shoe red jakcet')}&limit=1&facets=brand&include_total=true"
    seen, facets = [], (await client.get(address)).json()["facets"]
    while address:
        page = await client.get(address)
        seen += _names(page)
        assert page.json()["facets"] == facets
        address = page.links["next"]["url"] if "next" in page.links else ""
    assert len(seen) == len(set(seen)) == page.json()["total"]["value"] > 2


@pytest.mark.parametrize(
    "other",
    ["q=shoes", "q=Shoe", "q=shoe&sort=relevance", "q=shoe&facets=brand", "include_total=true",
     "sort=price", "q=shoe&in_stock_first=true", "q=shoe&sort=price", "q=shoe&brand=Acme"],
)  # fmt: skip
async def test_a_cursor_of_another_search_is_refused(client: httpx.AsyncClient, other: str) -> None:
    await _shop(client)
    cursor = (await client.get(f"{PRODUCTS}?q=shoe&limit=1")).json()["next_cursor"]
    assert (await client.get(f"{PRODUCTS}?q=shoe&limit=1&cursor={cursor}")).status_code == 200
    refused = await client.get(f"{PRODUCTS}?{other}&limit=1&cursor={cursor}")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_cursor")


async def test_the_longest_search_has_a_second_page(client: httpx.AsyncClient) -> None:
    """Twelve long words, each with as many corrections as there can be, and as many exclusions."""
    words = [letter * 3 + "x" * 56 + letter for letter in "abcdefghijkl"]
    for number, last in enumerate("zyvwut"):
        near = [word[:-1] + last for word in words]
        await create(client, PRODUCTS, a_product(f"S-{number}", name="Thing", tags=near))
    for number in range(15):
        await create(client, PRODUCTS, a_product(f"F-{number}", name=f"Filler {number}"))
    excluded = [f"-{word[::-1]}q" for word in words]
    page = await client.get(PRODUCTS, params={"q": " ".join((*words, *excluded)), "limit": "1"})
    assert _names(page) == ["Thing"]
    assert _names(await client.get(page.links["next"]["url"])) == ["Thing"]


async def test_etags_and_caches(client: httpx.AsyncClient) -> None:
    await _shop(client)
    for address in (f"{PRODUCTS}?q=shoe&facets=brand,price", f"{SUGGEST}?q=sho"):
        first = await client.get(address)
        again = await client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = await client.head(address)
        assert head.headers["etag"] == first.headers["etag"]
    assert (await client.get(f"{PRODUCTS}?q=shoe")).headers["vary"] == "Authorization"


async def test_suggestions() -> None:
    async with client_of(services()) as client:
        made = await _shop(client)
        text = "shoe laces of the year"
        for _ in range(3):
            await client.get(PRODUCTS, params={"q": text})
        found = await client.get(f"{SUGGEST}?q=sho&limit=2")
        assert found.status_code == 200
        category = (await client.get("/v1/categories/shoes")).json()
        assert found.json() == {
            "products": [
                {"id": made[sku]["id"], "slug": made[sku]["slug"], "name": made[sku]["name"],
                 "image": None}
                for sku in ("T-2", "T-1")
            ],
            "categories": [{"id": category["id"], "slug": "shoes", "name": "Shoes"}],
            "queries": [text],
        }  # fmt: skip
        assert (await client.get(f"{SUGGEST}?q=zzz")).json() == {
            "products": [], "categories": [], "queries": [],
        }  # fmt: skip


async def test_what_is_not_suggested_to_others() -> None:
    async with client_of(services()) as client:
        made = await _shop(client)
        nothing = "jane's secret"
        twice = "jacket for jane"
        paged = "shoe for jane"
        for text, times in ((nothing, 5), (twice, 2), (paged, 2)):
            for _ in range(times):
                await client.get(PRODUCTS, params={"q": text})
        page = await client.get(PRODUCTS, params={"q": paged, "limit": "1"})
        assert page.status_code == 200
        another = {"q": twice, "status": "draft"}
        await client.patch(
            f"{PRODUCTS}/{made['T-4']['id']}", json={"status": "draft"}, headers=STAFF
        )
        for _ in range(3):
            assert _names(await client.get(PRODUCTS, params=another, headers=STAFF))
        for text in ("jane", "jacket"):
            assert (await client.get(SUGGEST, params={"q": text})).json()["queries"] == []
        assert (await client.get(SUGGEST, params={"q": "shoe"})).json()["queries"] == [paged]


async def test_a_further_page_is_not_another_question() -> None:
    async with client_of(services()) as client:
        await _shop(client)
        address = f"{PRODUCTS}?q=shoe&limit=1"
        while True:
            page = await client.get(address)
            if "next" not in page.links:
                break
            address = page.links["next"]["url"]
        assert (await client.get(f"{SUGGEST}?q=sh")).json()["queries"] == []

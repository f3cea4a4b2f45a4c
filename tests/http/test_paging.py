"""Pages: cursors, links, totals."""

import base64
from itertools import chain
from uuid import UUID

import httpx
import pytest
from tests.http.conftest import a_product, create

from ecommerce.application.shared.paging import Position
from ecommerce.entrypoints.http.paging import Cursors
from ecommerce.entrypoints.http.problem_types import HttpProblemError

PRODUCTS = "/v1/products"
ID = UUID("019a8f00-5a00-7000-8000-000000000001")


async def _shop_of(client: httpx.AsyncClient, count: int) -> list[str]:
    made = [
        await create(client, PRODUCTS, a_product(f"S-{n}", name=f"Mug {n % 3}", brand="A&B >"))
        for n in range(count)
    ]
    return [each.json()["id"] for each in made]


async def _walk(client: httpx.AsyncClient, address: str, rel: str) -> list[list[str]]:
    pages = []
    while True:
        page = await client.get(address)
        assert page.status_code == 200, page.text
        pages.append([item["id"] for item in page.json()["items"]])
        if rel not in page.links:
            return pages
        address = page.links[rel]["url"]


@pytest.mark.parametrize("sort", ["name", "-name", "price", "-price", "created_at", "-created_at"])
async def test_there_and_back_again(client: httpx.AsyncClient, sort: str) -> None:
    ids = await _shop_of(client, 7)
    there = await _walk(client, f"{PRODUCTS}?sort={sort}&limit=3&brand=A%26B+%3E", "next")
    assert [len(page) for page in there] == [3, 3, 1]
    assert sorted(chain.from_iterable(there)) == sorted(ids)
    last = f"{PRODUCTS}?sort={sort}&limit=3&brand=A%26B+%3E"
    for _ in range(2):
        last = (await client.get(last)).links["next"]["url"]
    back = await _walk(client, last, "prev")
    assert back == there[::-1]


async def test_links_and_cursors_say_the_same(client: httpx.AsyncClient) -> None:
    await _shop_of(client, 3)
    page = await client.get(f"{PRODUCTS}?limit=1&sort=price")
    cursor = page.json()["next_cursor"]
    assert page.links["next"]["url"] == f"{PRODUCTS}?limit=1&sort=price&cursor={cursor}"
    assert page.links["first"]["url"] == f"{PRODUCTS}?limit=1&sort=price"
    assert page.json()["previous_cursor"] is None
    assert "total" not in page.json()
    second = await client.get(page.links["next"]["url"])
    assert second.links["first"]["url"] == page.links["first"]["url"]
    assert second.json()["previous_cursor"]
    wider = await client.get(f"{PRODUCTS}?cursor={cursor}&limit=2&sort=price&include_total=true")
    assert len(wider.json()["items"]) == 2
    assert wider.json()["total"] == {"value": 3, "relation": "eq"}


@pytest.mark.parametrize(
    "address",
    [
        f"{PRODUCTS}?limit=1&sort=name&cursor=",
        f"{PRODUCTS}?limit=1&sort=price&brand=X&cursor=",
        f"{PRODUCTS}?limit=1&cursor=",
        "/v1/categories?cursor=",
    ],
)
async def test_a_cursor_belongs_to_its_query(client: httpx.AsyncClient, address: str) -> None:
    await _shop_of(client, 2)
    page = await client.get(f"{PRODUCTS}?limit=1&sort=price")
    answer = await client.get(address + page.json()["next_cursor"])
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("key", [None, 0, -5, 10**12, "mug", "Ünï\u0000x", ""])
@pytest.mark.parametrize("backward", [True, False])
def test_cursors_keep_their_position(key: int | str | None, *, backward: bool) -> None:
    cursors = Cursors(b"secret")
    position = Position(key, ID, backward)
    written = cursors.write(b"query", position)
    assert written is not None
    assert cursors.read(b"query", written) == position


def test_every_changed_character_is_seen() -> None:
    cursors = Cursors(b"secret")
    written = cursors.write(b"query", Position("mug", ID))
    assert written is not None
    for at, old in enumerate(written):
        for new in "AZaz09-_":
            if new != old:
                with pytest.raises(HttpProblemError):
                    cursors.read(b"query", written[:at] + new + written[at + 1 :])
    for changed in (written + "A", written[:-1], written + "=", written[4:], " " + written):
        with pytest.raises(HttpProblemError):
            cursors.read(b"query", changed)


def test_another_shops_cursor_is_none_of_ours() -> None:
    written = Cursors(b"theirs").write(b"query", Position(1, ID))
    with pytest.raises(HttpProblemError):
        Cursors(b"ours").read(b"query", written)


def test_a_cursor_does_not_show_the_secret() -> None:
    written = Cursors(b"secret").write(b"query", Position(1, ID))
    assert written is not None
    assert b"secret" not in base64.urlsafe_b64decode(written + "==")

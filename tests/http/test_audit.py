"""What the audit log says of a request."""

from uuid import UUID

import httpx
from tests.http.conftest import STAFF, a_product, bearer, create
from tests.http.people import open_shop

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.user import Role


async def test_a_write_is_noted_with_its_author_and_its_request(
    client: httpx.AsyncClient, shop: tuple[httpx.AsyncClient, MemoryStore]
) -> None:
    await create(client, "/v1/products", a_product("MUG-1"))
    answer = await client.post(
        "/v1/inventory/mug-1/adjustments",
        json={"delta": -2, "reason": "damaged"},
        headers={**STAFF, "X-Request-ID": "of-this-request"},
    )
    assert answer.status_code == 201

    record = shop[1].committed.audit_records[-1]
    assert (record.action, record.subject_type, record.subject_id) == (
        "stock.adjusted",
        "stock",
        "MUG-1",
    )
    assert record.principal == Principal("user", str(UUID(int=3)))
    assert (record.request_id, record.client) == ("of-this-request", "127.0.0.1")
    assert record.before == {"on_hand": 5}
    assert record.after == {"on_hand": 3, "reason": "damaged", "reference": None}


async def test_ids_are_found_however_their_letters_are_written(client: httpx.AsyncClient) -> None:
    sku = "019A8F00-5A00-7000-8000-0000000000AB"
    made = await create(client, "/v1/products", a_product(sku))
    product = made.json()["id"]
    body = {"delta": 1, "reason": "counted"}
    place = f"/v1/inventory/{sku.lower()}/adjustments"
    assert (await client.post(place, json=body, headers=STAFF)).status_code == 201
    auditor = bearer("admin")
    by = str(UUID(int=3))
    counts = {}
    for query in (
        f"actor={by}",
        f"subject_type=product&subject_id={product}",
        f"subject_type=product&subject_id={product.upper()}",
        f"subject_type=stock&subject_id={sku}",
        f"actor={by[:-1]}x",
    ):
        found = await client.get(f"/v1/audit?{query}", headers=auditor)
        assert found.status_code == 200, found.text
        counts[query.partition("=")[2]] = len(found.json()["items"])
    assert list(counts.values()) == [2, 1, 1, 1, 0]


async def test_an_actor_is_found_by_an_id_in_capitals() -> None:
    async with open_shop() as shop:
        user_id = await shop.person(Role.ADMIN, "boss@example.com")
        admin = await shop.signed_in("boss@example.com")
        small = await shop.client.get(f"/v1/audit?actor={user_id}", headers=admin)
        large = await shop.client.get(f"/v1/audit?actor={str(user_id).upper()}", headers=admin)
        assert small.json()["items"]
        assert large.json()["items"] == small.json()["items"]

"""What the audit log says of a request."""

from uuid import UUID

import httpx
from tests.http.conftest import STAFF, a_product, create

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.shared.origin import Principal


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

"""Every answer says who may store it, and what it depends on."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler
from tests.http.conftest import STAFF, a_product, bearer, create

from ecommerce.application.identity.key_times import KEYS_KEPT_FOR
from ecommerce.entrypoints.http.app import ROUTES
from ecommerce.entrypoints.http.operation import Operation, operation_of
from ecommerce.entrypoints.http.storing import storing

PUBLIC, PRIVATE, NO_STORE = "public, no-cache", "private, no-cache", "no-store"
OF_THEIR_OWN = {
    "/health/live": NO_STORE,
    "/health/ready": NO_STORE,
    "/.well-known/jwks.json": f"public, max-age={KEYS_KEPT_FOR.total_seconds():.0f}",
}
READS = sorted(
    (path, handler) for handler in ROUTES if "GET" in handler.http_methods for path in handler.paths
)


def operation(handler: HTTPRouteHandler) -> Operation:
    found = operation_of(handler)
    assert found is not None
    return found


async def addresses(client: httpx.AsyncClient) -> Mapping[str, str]:
    """Values for the parts of addresses, of things that exist."""
    category = (await create(client, "/v1/categories", {"name": "Kitchen"})).json()
    made = (await create(client, "/v1/products", a_product(category_id=category["id"]))).json()
    synonyms = (await create(client, "/v1/search/synonyms", {"terms": ["mug", "cup"]})).json()
    pinned = {"query": "mug", "product_ids": [made["id"]]}
    pin = (await create(client, "/v1/search/pins", pinned)).json()
    role = {"name": "Warehouse", "permissions": ["inventory:read"]}
    made_role = await client.post("/v1/roles", json=role, headers=bearer("admin"))
    return {
        "role_id": made_role.json()["id"],
        "api_key_id": "019a8f00-5a00-7000-8000-00000000f101",
        "category_id": category["id"],
        "product_id": made["id"],
        "variant_id": made["variants"][0]["id"],
        "sku": "MUG-1",
        "code": "not_found",
        "synonym_id": synonyms["id"],
        "pin_id": pin["id"],
        "name": "initializer.js",
        "user_id": pin["id"],
        "address_id": pin["id"],
    }


def address(path: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        path = path.replace(f"{{{name}:str}}", value)
    assert "{" not in path, "say in this test what stands there"
    return path


def expected(path: str, found: Operation, role: str | None) -> str:
    if path in OF_THEIR_OWN:
        return OF_THEIR_OWN[path]
    if found.access.kind in {"signed_in", "permission"}:
        return PRIVATE if found.caller_may_store else NO_STORE
    signed_in = role is not None and found.access.kind == "optional"
    return PRIVATE if signed_in else PUBLIC


@pytest.mark.parametrize("role", [None, "customer", "admin"])
@pytest.mark.parametrize(("path", "handler"), READS, ids=[path for path, _ in READS])
async def test_every_read_says_who_may_store_it(
    client: httpx.AsyncClient, path: str, handler: HTTPRouteHandler, role: str | None
) -> None:
    found, values = operation(handler), await addresses(client)
    headers = {} if role is None else bearer(role)
    answer = await client.get(address(path, values), headers=headers)
    said = answer.headers.get_list("cache-control")
    if answer.status_code >= 400:
        assert said == [NO_STORE]
        return
    assert said == [expected(path, found, role)]
    vary = answer.headers.get("vary", "")
    assert ("Authorization" in vary) == (found.access.kind == "optional")
    assert ("Accept" in vary.split(", ")) == (len(found.media_types) > 1 and "problems" in path)
    if "etag" in answer.headers:
        again = await client.get(
            address(path, values), headers={**headers, "If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
        assert again.headers.get_list("cache-control") == said, "304 renews what was stored"
        assert again.headers.get("vary", "") == vary


def test_nothing_about_accounts_may_be_stored() -> None:
    about = [handler for path, handler in READS if path.startswith(("/v1/me", "/v1/users"))]
    assert about
    for handler in about:
        said = storing(operation(handler), read=True, status=200, signed_in=True)
        assert said == NO_STORE.encode()


async def test_a_moved_product_may_move_again(client: httpx.AsyncClient) -> None:
    made = (await create(client, "/v1/products", a_product(slug="old-mug"))).json()
    await client.patch(f"/v1/products/{made['id']}", json={"slug": "new-mug"}, headers=STAFF)
    answer = await client.get("/v1/products/old-mug")
    assert answer.status_code == 308
    assert answer.headers["cache-control"] == PUBLIC
    assert answer.headers["vary"] == "Authorization"


async def test_failures_and_writes_are_not_stored(client: httpx.AsyncClient) -> None:
    answers: list[Any] = [
        await client.get("/v1/products/no-such"),
        await client.get("/v1/nothing"),
        await client.get("/v1/products?limit=0"),
        await client.get("/v1/products", headers={"Authorization": "Bearer nobody"}),
        await client.post("/v1/products", json=a_product(), headers=STAFF),
        await client.post("/v1/auth/logout", json={"refresh_token": "x"}),
    ]
    assert [a.headers.get_list("cache-control") for a in answers] == [[NO_STORE]] * len(answers)

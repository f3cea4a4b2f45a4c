"""API keys: what they can do, what they never can, and when they end."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from tests.http.conftest import a_product
from tests.http.people import Shop, bearer, open_shop, refused
from tests.support.authority import change

from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.application.shared.pacing import Rate
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import UserId
from ecommerce.entrypoints.http.app import ROUTES
from ecommerce.entrypoints.http.operation import operation_of
from ecommerce.entrypoints.http.rate_limits import RateLimits

SCANNER: dict[str, Any] = {
    "name": "Scanner",
    "permissions": ["inventory:write", "inventory:read", "catalog:write"],
    "expires_in_days": 90,
}
SOMETHING = "019a8f00-5a00-7000-8000-000000000001"


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest_asyncio.fixture
async def boss(shop: Shop) -> UserId:
    return await shop.person(Role.ADMIN, "boss@example.com")


@pytest_asyncio.fixture
async def admin(shop: Shop, boss: UserId) -> dict[str, str]:
    return await shop.signed_in("boss@example.com")


async def made(shop: Shop, headers: dict[str, str], **fields: object) -> httpx.Response:
    answer = await shop.client.post("/v1/api-keys", json={**SCANNER, **fields}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


async def key_of(shop: Shop, headers: dict[str, str], **fields: object) -> dict[str, str]:
    return bearer((await made(shop, headers, **fields)).json()["key"])


async def test_the_secret_is_shown_once_and_kept_as_a_hash(
    shop: Shop, admin: dict[str, str]
) -> None:
    answer = await made(shop, admin)
    shown = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["location"] == f"/v1/api-keys/{shown['id']}"
    assert shown["key"].startswith("ek_live_")
    assert shown["key"].startswith(shown["start"])
    (kept,) = shop.store.committed.api_keys.values()
    assert kept.key_hash == hashlib.sha256(shown["key"].encode()).digest()
    read = await shop.client.get(answer.headers["location"], headers=admin)
    assert read.json() == {
        **{name: shown[name] for name in ("id", "name", "start", "user_id", "created_at")},
        "permissions": ["catalog:write", "inventory:read", "inventory:write"],
        "expires_at": "2026-04-15T09:30:00Z",
        "last_used_at": None,
        "revoked_at": None,
    }
    listed = await shop.client.get("/v1/api-keys", headers=admin)
    assert listed.json()["items"] == [read.json()]
    secret = shown["key"][len(shown["start"]) :]
    assert secret not in read.text + listed.text
    assert secret not in repr(shop.store.committed)


async def test_the_answer_with_the_secret_is_not_kept_for_a_repetition(
    shop: Shop, admin: dict[str, str]
) -> None:
    headers = {**admin, "Idempotency-Key": "k1"}
    first = await shop.client.post("/v1/api-keys", json=SCANNER, headers=headers)
    again = await shop.client.post("/v1/api-keys", json=SCANNER, headers=headers)
    assert first.json()["key"] != again.json()["key"]
    assert not shop.store.committed.answers


async def test_a_machine_works_with_its_key(shop: Shop, admin: dict[str, str]) -> None:
    key = await key_of(shop, admin)
    product = await shop.client.post("/v1/products", json=a_product(), headers=key)
    assert product.status_code == 201, product.text
    assert (await shop.client.get("/v1/inventory/MUG-1", headers=key)).status_code == 200
    denied = await shop.client.get("/v1/search/pins", headers=key)
    assert "merchandising:read" in refused(denied, 403, "permission_denied")["detail"]
    assert (await shop.client.get("/v1/products", headers=key)).status_code == 200


async def test_the_key_and_its_maker_are_two_principals(shop: Shop, admin: dict[str, str]) -> None:
    key = await key_of(shop, admin)
    same = {"Idempotency-Key": "k1"}
    first = await shop.client.post("/v1/products", json=a_product(), headers={**key, **same})
    other = await shop.client.post(
        "/v1/products", json=a_product("MUG-2"), headers={**admin, **same}
    )
    assert (first.status_code, other.status_code) == (201, 201)
    again = await shop.client.post("/v1/products", json=a_product(), headers={**key, **same})
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    by = [r.principal for r in shop.store.committed.audit_records if r.action.startswith("product")]
    assert {principal.kind for principal in by} <= {"user", "api_key"}


_NEVER = sorted(
    (method, path.replace(":str}", "}"))
    for route in ROUTES
    for path in route.paths
    for method in map(str, route.http_methods)
    if (operation := operation_of(route)) is not None
    and (
        path.startswith(("/v1/me", "/v1/users", "/v1/roles", "/v1/api-keys", "/v1/permissions"))
        or operation.access.kind == "signed_in"
        or operation.step_up
    )
)


@pytest.mark.parametrize(("method", "path"), _NEVER)
async def test_a_key_manages_no_keys_roles_or_accounts(
    shop: Shop, admin: dict[str, str], method: str, path: str
) -> None:
    """Not even one whose row says that it may."""
    key = await key_of(shop, admin)
    (kept,) = shop.store.committed.api_keys.values()
    kept.permissions |= {"roles:write", "roles:read", "api_keys:write", "api_keys:read"}
    kept.permissions |= {"users:write", "users:read"}
    for name in ("role_id", "api_key_id", "user_id", "session_id", "address_id"):
        path = path.replace(f"{{{name}}}", SOMETHING)
    assert "{" not in path
    answer = await shop.client.request(method, path, headers=key, content=b"{}")
    assert answer.status_code == 403, answer.text
    assert answer.json()["code"] in {"api_key_not_allowed", "permission_denied"}


def test_there_is_something_that_a_key_never_does() -> None:
    assert len(_NEVER) > 15
    assert ("POST", "/v1/api-keys") in _NEVER
    assert ("GET", "/v1/me") in _NEVER


@pytest.mark.parametrize(
    ("change_of", "status", "code"),
    [
        ({"permissions": []}, 400, "malformed_request"),
        ({"permissions": ["no:such"]}, 422, "unknown_permission"),
        ({"permissions": ["catalog:read", "roles:write"]}, 422, "not_for_api_keys"),
        ({"permissions": ["users:read"]}, 422, "not_for_api_keys"),
        ({"permissions": ["api_keys:read"]}, 422, "not_for_api_keys"),
        ({"expires_in_days": 0}, 400, "malformed_request"),
        ({"expires_in_days": 366}, 400, "malformed_request"),
        ({"expires_in_days": None}, 400, "malformed_request"),
        ({"name": ""}, 400, "malformed_request"),
        ({"name": "\u0007"}, 422, "invalid_api_key"),
        ({"user_id": SOMETHING}, 400, "malformed_request"),
        ({"key_hash": "x"}, 400, "malformed_request"),
    ],
)
async def test_what_is_no_key(
    shop: Shop, admin: dict[str, str], change_of: dict[str, object], status: int, code: str
) -> None:
    body = {name: value for name, value in {**SCANNER, **change_of}.items() if value is not None}
    answer = await shop.client.post("/v1/api-keys", json=body, headers=admin)
    refused(answer, status, code)
    assert not shop.store.committed.api_keys


async def test_a_key_holds_no_more_than_its_maker_at_each_request(shop: Shop) -> None:
    manager_id = await shop.person(Role.STAFF, "manager@example.com")
    admin = await shop.newcomer(Role.ADMIN, "boss@example.com")
    body = {"name": "Keys", "permissions": ["api_keys:write", "inventory:read"]}
    role = (await shop.client.post("/v1/roles", json=body, headers=admin)).json()
    await shop.client.put(
        f"/v1/users/{manager_id}/roles", json={"role_ids": [role["id"]]}, headers=admin
    )
    manager = await shop.signed_in("manager@example.com")
    more = {**SCANNER, "permissions": ["catalog:write"]}
    answer = await shop.client.post("/v1/api-keys", json=more, headers=manager)
    refused(answer, 403, "permission_not_held")
    key = await key_of(shop, manager, permissions=["inventory:read"])
    assert (await shop.client.get("/v1/inventory", headers=key)).status_code == 200
    await shop.client.patch(
        f"/v1/roles/{role['id']}", json={"permissions": ["api_keys:write"]}, headers=admin
    )
    refused(await shop.client.get("/v1/inventory", headers=key), 403, "permission_denied")


async def test_a_key_ends(shop: Shop, admin: dict[str, str], boss: UserId) -> None:
    async def works(key: dict[str, str]) -> bool:
        answer = await shop.client.get("/v1/inventory", headers=key)
        if answer.status_code == 401:
            refused(answer, 401, "api_key_ended")
            assert answer.headers["www-authenticate"].startswith("Bearer ")
        return answer.status_code == 200

    revoked, lasting = await made(shop, admin), await made(shop, admin)
    key, other = bearer(revoked.json()["key"]), bearer(lasting.json()["key"])
    assert await works(key)
    for _ in range(2):
        gone = await shop.client.delete(revoked.headers["location"], headers=admin)
        assert gone.status_code == 204
    assert (await works(key), await works(other)) == (False, True)
    view = await shop.client.get(revoked.headers["location"], headers=admin)
    assert view.json()["revoked_at"] == "2026-01-15T09:30:00Z"
    assert shop.audited().count("api_key.revoked") == 1

    await change(shop.identity, boss, disabled=True)
    assert not await works(other)
    await change(shop.identity, boss, disabled=False)
    assert await works(other)
    await change(shop.identity, boss, role=Role.CUSTOMER)
    refused(await shop.client.get("/v1/inventory", headers=other), 403, "permission_denied")
    await change(shop.identity, boss, role=Role.ADMIN)
    shop.clock.move(timedelta(days=90) - timedelta(milliseconds=1))
    assert await works(other)
    shop.clock.move(timedelta(milliseconds=1))
    assert not await works(other)


async def test_what_looks_like_a_key_is_refused_without_asking_the_store(
    shop: Shop, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (await made(shop, admin)).json()["key"]
    asked: list[bytes] = []

    async def key_holder(key_hash: bytes) -> None:
        asked.append(key_hash)

    monkeypatch.setattr(shop.identity.queries, "key_holder", key_holder)
    last = "0" if text[-1] != "0" else "1"
    for wrong in (
        *(text[:-1] + last, text[:-1], text + "0", text.swapcase(), "ek_live_", "ek_"),
        *(text.replace("live", "test"), "ek_test_x", text[:20] + "_" + text[21:]),
    ):
        answer = await shop.client.get("/v1/inventory", headers=bearer(wrong))
        refused(answer, 401, "invalid_token")
    assert asked == []
    refused(await shop.client.get("/v1/inventory", headers=bearer(text)), 401, "api_key_ended")
    assert len(asked) == 1


async def test_keys_are_for_those_who_may(shop: Shop) -> None:
    staff = await shop.newcomer(Role.STAFF, "staff@example.com")
    for method, address in (
        *(("GET", "/v1/api-keys"), ("POST", "/v1/api-keys")),
        *(("GET", f"/v1/api-keys/{SOMETHING}"), ("DELETE", f"/v1/api-keys/{SOMETHING}")),
    ):
        answer = await shop.client.request(method, address, headers=staff, json=SCANNER)
        refused(answer, 403, "permission_denied")
    admin = await shop.newcomer(Role.ADMIN, "boss@example.com")
    for address in (f"/v1/api-keys/{SOMETHING}", "/v1/api-keys/x"):
        refused(await shop.client.get(address, headers=admin), 404, "api_key_not_found")
        refused(await shop.client.delete(address, headers=admin), 404, "api_key_not_found")


async def test_a_key_has_a_budget_of_its_own() -> None:
    pace = InMemoryPace()
    limits = RateLimits({"reads": Rate(2, 60)}, exact=pace, own=pace)
    async with open_shop(limits=limits) as shop:
        await shop.person(Role.ADMIN, "boss@example.com")
        admin = await shop.signed_in("boss@example.com")
        scanner, printer = [await key_of(shop, admin) for _ in range(2)]
        for _ in range(2):
            assert (await shop.client.get("/v1/products", headers=scanner)).status_code == 200
        refused(await shop.client.get("/v1/products", headers=scanner), 429, "rate_limited")
        for others in (printer, admin):
            assert (await shop.client.get("/v1/products", headers=others)).status_code == 200

"""Roles of named permissions: effective at the next request, and never more than the giver's."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from tests.http.people import Shop, open_shop, refused
from tests.support.authority import OF_STAFF

from ecommerce.domain.identity.permissions import EVERY
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import UserId

WAREHOUSE: dict[str, Any] = {
    "name": "Warehouse",
    "description": "Counts.",
    "permissions": ["inventory:read", "catalog:read"],
}


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest_asyncio.fixture
async def admin(shop: Shop) -> dict[str, str]:
    return await shop.newcomer(Role.ADMIN, "boss@example.com")


async def made(shop: Shop, headers: dict[str, str], **fields: object) -> dict[str, Any]:
    answer = await shop.client.post("/v1/roles", json={**WAREHOUSE, **fields}, headers=headers)
    assert answer.status_code == 201, answer.text
    role: dict[str, Any] = answer.json()
    return role


async def give(shop: Shop, headers: dict[str, str], user_id: UserId, *ids: str) -> Any:  # noqa: ANN401
    return await shop.client.put(
        f"/v1/users/{user_id}/roles", json={"role_ids": ids}, headers=headers
    )


async def test_permissions_are_listed_with_what_they_mean(
    shop: Shop, admin: dict[str, str]
) -> None:
    answer = await shop.client.get("/v1/permissions", headers=admin)
    items = answer.json()["items"]
    assert {item["name"] for item in items} == EVERY
    assert all(item["description"] for item in items)
    people = {item["name"] for item in items if not item["for_api_keys"]}
    assert {"roles:write", "users:write", "api_keys:write"} <= people


async def test_a_role_is_made_read_changed_and_deleted(shop: Shop, admin: dict[str, str]) -> None:
    created = await shop.client.post("/v1/roles", json=WAREHOUSE, headers=admin)
    assert created.status_code == 201
    role = created.json()
    assert role == {
        "id": role["id"],
        "name": "Warehouse",
        "description": "Counts.",
        "permissions": ["catalog:read", "inventory:read"],
        "default": False,
        "created_at": "2026-01-15T09:30:00Z",
        "updated_at": "2026-01-15T09:30:00Z",
        "version": 1,
    }
    address = created.headers["location"]
    assert address == f"/v1/roles/{role['id']}"
    read = await shop.client.get(address, headers=admin)
    assert (read.json(), read.headers["etag"]) == (role, created.headers["etag"])
    listed = (await shop.client.get("/v1/roles", headers=admin)).json()["items"]
    assert [item["id"] for item in listed] == [str(DEFAULT_ROLE), role["id"]]
    changed = await shop.client.patch(
        address,
        json={"permissions": [], "description": None},
        headers={**admin, "If-Match": read.headers["etag"]},
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["permissions"], changed.json()["description"]) == ([], None)
    assert (changed.json()["name"], changed.json()["version"]) == ("Warehouse", 2)
    stale = await shop.client.patch(
        address, json={"name": "x"}, headers={**admin, "If-Match": read.headers["etag"]}
    )
    refused(stale, 412, "precondition_failed")
    gone = await shop.client.delete(address, headers=admin)
    assert gone.status_code == 204
    refused(await shop.client.get(address, headers=admin), 404, "role_not_found")
    assert shop.audited()[-3:] == ["role.created", "role.changed", "role.deleted"]
    record = shop.store.committed.audit_records[-2]
    assert record.before == {
        "description": "Counts.",
        "permissions": ("catalog:read", "inventory:read"),
    }


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"permissions": ["catalog:read", "no:such"]}, 422, "unknown_permission"),
        ({"permissions": "catalog:read"}, 400, "malformed_request"),
        ({"name": " "}, 422, "invalid_role"),
        ({"name": "x" * 65}, 400, "malformed_request"),
        ({"name": "STAFF"}, 409, "role_name_taken"),
        ({"default": True}, 400, "malformed_request"),
        ({"id": "x"}, 400, "malformed_request"),
    ],
)
async def test_what_is_no_role(
    shop: Shop, admin: dict[str, str], change: dict[str, object], status: int, code: str
) -> None:
    answer = await shop.client.post("/v1/roles", json={**WAREHOUSE, **change}, headers=admin)
    problem = refused(answer, status, code)
    if code == "unknown_permission":
        assert problem["errors"] == [
            {"pointer": "/permissions/1", "detail": "is not a permission."}
        ]
    assert len(shop.store.committed.staff_roles) == 1


async def test_a_role_works_at_the_next_request(shop: Shop, admin: dict[str, str]) -> None:
    user_id = await shop.person(Role.STAFF, "staff@example.com")
    staff = await shop.signed_in("staff@example.com")
    address = f"/v1/users/{user_id}/roles"
    before = (await shop.client.get(address, headers=admin)).json()
    assert before["roles"] == []
    assert set(before["permissions"]) == OF_STAFF
    assert (await shop.client.get("/v1/inventory", headers=staff)).status_code == 200

    role = await made(shop, admin, permissions=["catalog:read"])
    given = await give(shop, admin, user_id, role["id"])
    assert given.json() == {
        "user_id": str(user_id),
        "role": "staff",
        "roles": [{"id": role["id"], "name": "Warehouse"}],
        "permissions": ["catalog:read"],
        "version": 3,
    }
    refused(await shop.client.get("/v1/inventory", headers=staff), 403, "permission_denied")
    body = {"permissions": ["inventory:read"]}
    await shop.client.patch(f"/v1/roles/{role['id']}", json=body, headers=admin)
    assert (await shop.client.get("/v1/inventory", headers=staff)).status_code == 200
    refused(await shop.client.get("/v1/search/pins", headers=staff), 403, "permission_denied")

    busy = await shop.client.delete(f"/v1/roles/{role['id']}", headers=admin)
    refused(busy, 409, "role_in_use")
    assert (await give(shop, admin, user_id)).json()["roles"] == []
    assert (await shop.client.get("/v1/search/pins", headers=staff)).status_code == 200
    assert "user.roles_given" in shop.audited()


async def test_changing_the_default_role_changes_it_for_all_who_hold_it(
    shop: Shop, admin: dict[str, str]
) -> None:
    staff = await shop.newcomer(Role.STAFF, "staff@example.com")
    address = f"/v1/roles/{DEFAULT_ROLE}"
    body = {"permissions": ["catalog:read"]}
    assert (await shop.client.patch(address, json=body, headers=admin)).status_code == 200
    refused(await shop.client.get("/v1/inventory", headers=staff), 403, "permission_denied")
    refused(await shop.client.delete(address, headers=admin), 409, "default_role")


async def test_nobody_gives_what_they_do_not_hold(shop: Shop, admin: dict[str, str]) -> None:
    manager_id = await shop.person(Role.STAFF, "manager@example.com")
    role = await made(shop, admin, name="Manager", permissions=["roles:write", "roles:read"])
    await give(shop, admin, manager_id, role["id"])
    manager = await shop.signed_in("manager@example.com")
    other_id = await shop.person(Role.STAFF, "other@example.com")
    strong = await made(shop, admin, name="Strong", permissions=["users:write", "roles:read"])

    answer = await shop.client.post("/v1/roles", json=WAREHOUSE, headers=manager)
    assert "catalog:read, inventory:read" in refused(answer, 403, "permission_not_held")["detail"]
    for role_id in (role["id"], strong["id"], str(DEFAULT_ROLE)):
        answer = await shop.client.patch(
            f"/v1/roles/{role_id}", json={"permissions": sorted(EVERY)}, headers=manager
        )
        refused(answer, 403, "permission_not_held")
    for user_id in (manager_id, other_id):
        refused(await give(shop, manager, user_id, strong["id"]), 403, "permission_not_held")
    refused(await give(shop, manager, manager_id), 403, "permission_not_held")
    assert shop.store.committed.user_roles == {manager_id: {UUID(role["id"])}}

    # What they hold, they may give; what is taken away needs no more.
    weaker = await shop.client.post(
        "/v1/roles", json={"name": "Looking", "permissions": ["roles:read"]}, headers=manager
    )
    assert weaker.status_code == 201
    given = await give(shop, manager, other_id, weaker.json()["id"])
    assert given.json()["permissions"] == ["roles:read"]
    less = await shop.client.patch(
        f"/v1/roles/{strong['id']}", json={"permissions": ["users:write"]}, headers=manager
    )
    assert less.status_code == 200


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN])
async def test_roles_are_for_staff(shop: Shop, admin: dict[str, str], role: Role) -> None:
    user_id = await shop.person(role, "other@example.com")
    made_role = await made(shop, admin)
    refused(await give(shop, admin, user_id, made_role["id"]), 422, "not_staff")


async def test_roles_and_accounts_that_are_not_there(shop: Shop, admin: dict[str, str]) -> None:
    user_id = await shop.person(Role.STAFF, "staff@example.com")
    absent = "019a8f00-5a00-7000-8000-00000000f001"
    problem = refused(await give(shop, admin, user_id, absent), 422, "unknown_role")
    assert problem["errors"] == [{"pointer": "/role_ids/0", "detail": "does not exist."}]
    nobody = UserId(UUID(absent))
    refused(await give(shop, admin, nobody), 404, "user_not_found")
    for address, code in {
        f"/v1/users/{absent}/roles": "user_not_found",
        "/v1/users/x/roles": "user_not_found",
        f"/v1/roles/{absent}": "role_not_found",
        "/v1/roles/x": "role_not_found",
    }.items():
        refused(await shop.client.get(address, headers=admin), 404, code)


async def test_making_the_same_role_again_with_its_key_makes_one(
    shop: Shop, admin: dict[str, str]
) -> None:
    headers = {**admin, "Idempotency-Key": "k1"}
    first = await shop.client.post("/v1/roles", json=WAREHOUSE, headers=headers)
    again = await shop.client.post("/v1/roles", json=WAREHOUSE, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert len(shop.store.committed.staff_roles) == 2

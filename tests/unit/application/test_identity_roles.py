"""Making, changing and deleting roles: the state it leaves, and what the audit log says."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.authority import a_role, an_actor, give, make
from tests.support.identity import START, Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.access.change_role import ChangeRole
from ecommerce.application.identity.access.create_role import CreateRole
from ecommerce.application.identity.access.delete_role import DeleteRole
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.audit import AuditRecord
from ecommerce.domain.identity.access_errors import (
    DefaultRoleError,
    InvalidRoleError,
    PermissionNotHeldError,
    RoleInUseError,
    RoleNameTakenError,
    RoleNotFoundError,
)
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE, StaffRole
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import StaffRoleId, UserId

LATER = START + timedelta(hours=1)
ABSENT = StaffRoleId(UUID(int=5))
NOBODY = Actor(UserId(UUID(int=5)), None, "customer", frozenset())


async def warehouse(identity: Identity) -> StaffRoleId:
    return await identity.create_role(
        CreateRole(
            actor=await an_actor(identity, "inventory:read", "catalog:read"),
            name="Warehouse",
            permissions=["inventory:read", "catalog:read"],
            description="Counts.",
        )
    )


def facts(store: MemoryStore, role_id: StaffRoleId) -> dict[str, object]:
    role = store.committed.staff_roles[role_id]
    return {name: getattr(role, name) for name in StaffRole.__slots__}


def told(record: AuditRecord) -> tuple[str, str, str | None, object, object]:
    return record.action, record.subject_type, record.subject_id, record.before, record.after


async def test_a_role_is_made_and_written_down() -> None:
    identity, store = identity_in_memory()
    role_id = await warehouse(identity)
    assert role_id.int >> 80 == round(START.timestamp() * 1000)
    assert facts(store, role_id) == {
        "id": role_id,
        "name": "Warehouse",
        "description": "Counts.",
        "permissions": frozenset({"inventory:read", "catalog:read"}),
        "version": 1,
        "created_at": START,
        "updated_at": START,
    }
    (record,) = store.committed.audit_records
    assert told(record) == (
        "role.created",
        "role",
        str(role_id),
        None,
        {
            "name": "Warehouse",
            "description": "Counts.",
            "permissions": ("catalog:read", "inventory:read"),
        },
    )


async def test_nobody_makes_a_role_of_what_they_do_not_hold() -> None:
    identity, store = identity_in_memory()
    with pytest.raises(PermissionNotHeldError, match="hold audit:read yourself"):
        await identity.create_role(
            CreateRole(
                actor=await an_actor(identity, "roles:write", "catalog:read"),
                name="Everything seen",
                permissions=["catalog:read", "audit:read"],
            )
        )
    assert store.committed.staff_roles.keys() == {DEFAULT_ROLE}
    assert not store.committed.audit_records


async def test_two_roles_never_have_one_name() -> None:
    identity, store = identity_in_memory()
    await a_role(identity, "Desk")
    second = await a_role(identity, "Warehouse")
    with pytest.raises(RoleNameTakenError):
        await a_role(identity, "DESK")
    with pytest.raises(RoleNameTakenError):
        await identity.change_role(
            ChangeRole(actor=await an_actor(identity), role_id=second, name="desk")
        )
    names = [role.name for role in store.committed.staff_roles.values()]
    assert names == ["Staff", "Desk", "Warehouse"]
    assert [r.action for r in store.committed.audit_records] == ["role.created"] * 2


async def test_a_changed_role_is_written_down_with_what_it_was() -> None:
    identity, store = identity_in_memory()
    role_id = await warehouse(identity)
    identity.clock.move(timedelta(hours=1))
    await identity.change_role(
        ChangeRole(
            actor=await an_actor(identity),
            role_id=role_id,
            name="Desk",
            description="Asks.",
            permissions=["users:read", "catalog:read"],
            expected_version=1,
        )
    )
    assert facts(store, role_id) == {
        "id": role_id,
        "name": "Desk",
        "description": "Asks.",
        "permissions": frozenset({"users:read", "catalog:read"}),
        "version": 2,
        "created_at": START,
        "updated_at": LATER,
    }
    assert told(store.committed.audit_records[-1]) == (
        "role.changed",
        "role",
        str(role_id),
        {
            "name": "Warehouse",
            "description": "Counts.",
            "permissions": ("catalog:read", "inventory:read"),
        },
        {"name": "Desk", "description": "Asks.", "permissions": ("catalog:read", "users:read")},
    )


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (
            ChangeRole(actor=NOBODY, role_id=ABSENT, name="Desk"),
            {"name": "Warehouse"},
            {"name": "Desk"},
        ),
        (
            ChangeRole(actor=NOBODY, role_id=ABSENT, description=None),
            {"description": "Counts."},
            {"description": None},
        ),
        (
            ChangeRole(actor=NOBODY, role_id=ABSENT, permissions=[]),
            {"permissions": ("catalog:read", "inventory:read")},
            {"permissions": ()},
        ),
    ],
    ids=["name", "description", "permissions"],
)
async def test_what_a_change_does_not_mention_stays_and_is_not_written_down(
    change: ChangeRole, before: dict[str, object], after: dict[str, object]
) -> None:
    identity, store = identity_in_memory()
    role_id = await warehouse(identity)
    change = replace(change, actor=await an_actor(identity))
    was = facts(store, role_id)
    await identity.change_role(replace(change, role_id=role_id))
    kept = {name: frozenset(v) if isinstance(v, tuple) else v for name, v in after.items()}
    assert facts(store, role_id) == {**was, **kept, "version": 2}
    record = store.committed.audit_records[-1]
    assert (record.action, record.before, record.after) == ("role.changed", before, after)


async def test_nobody_adds_to_a_role_what_they_do_not_hold_but_anybody_takes_away() -> None:
    identity, store = identity_in_memory()
    role_id = await warehouse(identity)
    manager = await an_actor(identity, "roles:write", "users:read")

    async def change(*permissions: str) -> frozenset[str]:
        await identity.change_role(
            ChangeRole(actor=manager, role_id=role_id, permissions=permissions)
        )
        return store.committed.staff_roles[role_id].permissions

    with pytest.raises(PermissionNotHeldError, match="hold audit:read yourself"):
        await change("inventory:read", "catalog:read", "users:read", "audit:read")
    assert facts(store, role_id)["version"] == 1
    assert [r.action for r in store.committed.audit_records] == ["role.created"]
    # What the role holds already is nobody's gift.
    assert await change("inventory:read", "users:read") == {"inventory:read", "users:read"}
    assert await change() == frozenset()
    with pytest.raises(PermissionNotHeldError, match="hold inventory:read yourself"):
        await change("inventory:read")


async def test_a_role_changed_by_somebody_else_meanwhile_is_left_as_it_is() -> None:
    identity, store = identity_in_memory()
    role_id = await warehouse(identity)
    await identity.change_role(
        ChangeRole(actor=await an_actor(identity), role_id=role_id, name="Desk")
    )
    was = facts(store, role_id)
    with pytest.raises(StaleVersionError):
        await identity.change_role(
            ChangeRole(
                actor=await an_actor(identity), role_id=role_id, name="Mine", expected_version=1
            )
        )
    with pytest.raises(StaleVersionError):
        await identity.delete_role(
            DeleteRole(actor=await an_actor(identity), role_id=role_id, expected_version=1)
        )
    assert facts(store, role_id) == was
    assert [r.action for r in store.committed.audit_records] == ["role.created", "role.changed"]


async def test_what_is_no_role_is_not_kept() -> None:
    identity, store = identity_in_memory()
    role_id = await warehouse(identity)
    was = facts(store, role_id)
    with pytest.raises(InvalidRoleError):
        await a_role(identity, " ")
    with pytest.raises(InvalidRoleError):
        await identity.change_role(
            ChangeRole(actor=await an_actor(identity), role_id=role_id, name="")
        )
    assert len(store.committed.staff_roles) == 2
    assert facts(store, role_id) == was


async def test_a_deleted_role_is_written_down_with_what_it_was() -> None:
    identity, store = identity_in_memory()
    role_id = await warehouse(identity)
    await identity.delete_role(
        DeleteRole(actor=await an_actor(identity), role_id=role_id, expected_version=1)
    )
    assert store.committed.staff_roles.keys() == {DEFAULT_ROLE}
    assert told(store.committed.audit_records[-1]) == (
        "role.deleted",
        "role",
        str(role_id),
        {
            "name": "Warehouse",
            "description": "Counts.",
            "permissions": ("catalog:read", "inventory:read"),
        },
        None,
    )


async def test_a_role_that_somebody_has_and_the_default_role_are_not_deleted() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    role_id = await warehouse(identity)
    await give(identity, user_id, role_id)
    with pytest.raises(RoleInUseError):
        await identity.delete_role(DeleteRole(actor=await an_actor(identity), role_id=role_id))
    with pytest.raises(DefaultRoleError):
        await identity.delete_role(DeleteRole(actor=await an_actor(identity), role_id=DEFAULT_ROLE))
    assert store.committed.staff_roles.keys() == {DEFAULT_ROLE, role_id}
    assert "role.deleted" not in {r.action for r in store.committed.audit_records}
    await give(identity, user_id)
    await identity.delete_role(DeleteRole(actor=await an_actor(identity), role_id=role_id))
    assert store.committed.staff_roles.keys() == {DEFAULT_ROLE}


async def test_a_role_that_is_not_there_is_neither_changed_nor_deleted() -> None:
    identity, store = identity_in_memory()
    with pytest.raises(RoleNotFoundError):
        await identity.change_role(
            ChangeRole(actor=await an_actor(identity), role_id=ABSENT, name="Desk")
        )
    with pytest.raises(RoleNotFoundError):
        await identity.delete_role(DeleteRole(actor=await an_actor(identity), role_id=ABSENT))
    assert not store.committed.audit_records

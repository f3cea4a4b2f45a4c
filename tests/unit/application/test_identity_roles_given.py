"""Giving roles to staff: who comes to hold what, who may give it, what is written down."""

from uuid import UUID

import pytest
from tests.support.authority import OF_STAFF, a_role, actor_of, an_actor, change, give, make
from tests.support.identity import Identity, identity_in_memory

from ecommerce.application.identity.access.give_roles import GiveRoles
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.audit import AuditRecord
from ecommerce.domain.identity.access_errors import (
    NotStaffError,
    PermissionNotHeldError,
    UnknownRoleError,
)
from ecommerce.domain.identity.errors import UserNotFoundError
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import StaleVersionError, Violation
from ecommerce.domain.shared.ids import StaffRoleId, UserId

ABSENT = StaffRoleId(UUID(int=5))


def told(record: AuditRecord) -> tuple[str, str, str | None, object, object]:
    return record.action, record.subject_type, record.subject_id, record.before, record.after


async def staff(identity: Identity, email: str = "ada@example.com") -> UserId:
    return await make(identity, Role.STAFF, email)


async def give_as(actor: Actor, identity: Identity, user_id: UserId, *ids: StaffRoleId) -> None:
    await identity.give_roles(GiveRoles(actor=actor, user_id=user_id, role_ids=ids))


async def test_roles_given_take_the_place_of_those_before_and_are_written_down() -> None:
    identity, store = identity_in_memory()
    user_id = await staff(identity)
    counts = await a_role(identity, "Counts", "inventory:read", "inventory:write")
    looks = await a_role(identity, "Looks", "catalog:read", "inventory:read")
    seen = len(store.committed.audit_records)

    await give(identity, user_id, looks, counts)
    assert store.committed.user_roles == {user_id: {looks, counts}}
    held = (await actor_of(identity, "ada@example.com")).permissions
    assert held == {"inventory:read", "inventory:write", "catalog:read"}
    await give(identity, user_id, looks)
    assert store.committed.user_roles == {user_id: {looks}}
    await give(identity, user_id)
    assert (await actor_of(identity, "ada@example.com")).permissions == OF_STAFF

    given = [r for r in store.committed.audit_records[seen:] if r.action != "session.started"]
    about = ("user.roles_given", "user", str(user_id))
    assert [told(record) for record in given] == [
        (*about, {"roles": ()}, {"roles": (str(counts), str(looks))}),
        (*about, {"roles": (str(counts), str(looks))}, {"roles": (str(looks),)}),
        (*about, {"roles": (str(looks),)}, {"roles": ()}),
    ]


async def test_only_whom_they_are_given_to_has_other_roles() -> None:
    identity, store = identity_in_memory()
    ada, kate = await staff(identity), await staff(identity, "kate@example.com")
    looks, none = await a_role(identity, "Looks", "catalog:read"), await a_role(identity, "None")
    await give(identity, ada, looks)
    await give(identity, kate, none)
    assert store.committed.user_roles == {ada: {looks}, kate: {none}}


async def test_nobody_gives_what_they_do_not_hold() -> None:
    identity, store = identity_in_memory()
    user_id = await staff(identity)
    strong = await a_role(identity, "Strong", "catalog:read", "users:write", "audit:read")
    manager = await an_actor(identity, "roles:write", "users:write")
    # The account holds catalog:read by the default role already: that is nobody's gift.
    with pytest.raises(PermissionNotHeldError) as refused:
        await give_as(manager, identity, user_id, strong)
    assert refused.value.detail == "You do not hold audit:read yourself."
    assert not store.committed.user_roles
    assert store.committed.audit_records[-1].action == "role.created"
    await give_as(await an_actor(identity, "audit:read", "users:write"), identity, user_id, strong)
    assert store.committed.user_roles == {user_id: {strong}}


async def test_what_an_account_holds_by_one_role_may_be_given_by_another() -> None:
    identity, store = identity_in_memory()
    user_id = await staff(identity)
    broad = await a_role(identity, "Broad", "users:read", "audit:read")
    narrow = await a_role(identity, "Narrow", "audit:read")
    await give(identity, user_id, broad)
    manager = await an_actor(identity, "roles:write")
    await give_as(manager, identity, user_id, narrow)
    assert store.committed.user_roles == {user_id: {narrow}}
    with pytest.raises(PermissionNotHeldError, match="hold users:read yourself"):
        await give_as(manager, identity, user_id, broad)
    with pytest.raises(PermissionNotHeldError, match="hold users:read yourself"):
        await give_as(manager, identity, user_id, narrow, broad)
    assert store.committed.user_roles == {user_id: {narrow}}


async def test_taking_every_role_away_gives_the_default_role_so_it_must_be_held_too() -> None:
    identity, store = identity_in_memory()
    user_id = await staff(identity)
    looks = await a_role(identity, "Looks", "catalog:read")
    await give(identity, user_id, looks)
    with pytest.raises(PermissionNotHeldError) as refused:
        await give_as(await an_actor(identity, "roles:write", "metrics:read"), identity, user_id)
    missing = ", ".join(sorted(OF_STAFF - {"catalog:read", "metrics:read"}))
    assert refused.value.detail == f"You do not hold {missing} yourself."
    assert store.committed.user_roles == {user_id: {looks}}
    # The default role named is what it is unnamed.
    with pytest.raises(PermissionNotHeldError):
        await give_as(await an_actor(identity, "roles:write"), identity, user_id, DEFAULT_ROLE)
    await give_as(await an_actor(identity, *OF_STAFF), identity, user_id, looks, DEFAULT_ROLE)
    assert store.committed.user_roles == {user_id: {looks, DEFAULT_ROLE}}


async def test_roles_that_do_not_exist_are_pointed_at_and_none_is_given() -> None:
    identity, store = identity_in_memory()
    user_id = await staff(identity)
    looks = await a_role(identity, "Looks", "catalog:read")
    other = StaffRoleId(UUID(int=6))
    with pytest.raises(UnknownRoleError) as refused:
        await give(identity, user_id, looks, ABSENT, looks, other)
    assert refused.value.violations == (
        Violation("/role_ids/1", "does not exist."),
        Violation("/role_ids/3", "does not exist."),
    )
    assert not store.committed.user_roles
    assert store.committed.audit_records[-1].action == "role.created"


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN])
async def test_roles_are_for_staff(role: Role) -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, role, "ada@example.com")
    looks = await a_role(identity, "Looks", "catalog:read")
    with pytest.raises(NotStaffError):
        await give(identity, user_id, looks)
    assert not store.committed.user_roles
    await change(identity, user_id, role=Role.STAFF)
    await give(identity, user_id, looks)
    assert store.committed.user_roles == {user_id: {looks}}


async def test_nobody_is_given_roles_who_is_not_there() -> None:
    identity, store = identity_in_memory()
    looks = await a_role(identity, "Looks", "catalog:read")
    with pytest.raises(UserNotFoundError):
        await give(identity, UserId(UUID(int=9)), looks)
    assert not store.committed.user_roles


async def test_roles_are_not_given_to_an_account_that_changed_since_it_was_read() -> None:
    identity, store = identity_in_memory()
    user_id = await staff(identity)
    looks = await a_role(identity, "Looks", "catalog:read")
    version, actor = store.committed.users[user_id].version, await an_actor(identity)

    def command(expected: int) -> GiveRoles:
        return GiveRoles(actor=actor, user_id=user_id, role_ids=[looks], expected_version=expected)

    with pytest.raises(StaleVersionError):
        await identity.give_roles(command(version - 1))
    assert user_id not in store.committed.user_roles
    await identity.give_roles(command(version))
    user = store.committed.users[user_id]
    assert (user.version, user.updated_at) == (version + 1, identity.clock.now())

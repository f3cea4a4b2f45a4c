"""What becomes of the roles of those who are staff no more."""

from collections.abc import Awaitable, Callable
from typing import Final

import pytest
from tests.support.authority import OF_STAFF, a_role, actor_of, an_actor, change, give, make
from tests.support.identity import Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.access.delete_role import DeleteRole
from ecommerce.application.identity.change_user import ChangeUser
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import StaffRoleId, UserId


async def _become(identity: Identity, user_id: UserId, role: Role) -> None:
    actor = await an_actor(identity)
    await identity.change_user(ChangeUser(actor=actor, user_id=user_id, role=role))


async def _leave(identity: Identity, user_id: UserId) -> None:
    await identity.delete_account(DeleteAccount(actor=await identity.acting(user_id)))


async def _be_promoted(identity: Identity, _: UserId) -> None:
    await identity.create_admin(CreateAdmin(email="ada@example.com"))


LEAVING: Final[dict[str, Callable[[Identity, UserId], Awaitable[None]]]] = {
    "made a customer": lambda identity, user_id: _become(identity, user_id, Role.CUSTOMER),
    "made an admin": lambda identity, user_id: _become(identity, user_id, Role.ADMIN),
    "made an admin by the command": _be_promoted,
    "deleted": _leave,
}


async def somebody_with_roles() -> tuple[Identity, MemoryStore, UserId, list[StaffRoleId]]:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    roles = [await a_role(identity, name, "audit:read") for name in ("One", "Two")]
    await give(identity, user_id, *roles)
    return identity, store, user_id, sorted(roles)


def given(store: MemoryStore) -> list[tuple[str | None, object, object]]:
    records = store.committed.audit_records
    return [(r.subject_id, r.before, r.after) for r in records if r.action == "user.roles_given"]


@pytest.mark.parametrize("how", LEAVING)
async def test_their_roles_are_taken_and_that_is_written_down(how: str) -> None:
    identity, store, user_id, roles = await somebody_with_roles()
    seen = len(given(store))
    await LEAVING[how](identity, user_id)
    assert not store.committed.user_roles.get(user_id)
    assert given(store)[seen:] == [
        (str(user_id), {"roles": tuple(map(str, roles))}, {"roles": ()}),
    ]
    for role_id in roles:
        await identity.delete_role(DeleteRole(actor=await an_actor(identity), role_id=role_id))
        assert role_id not in store.committed.staff_roles


async def test_who_is_hired_again_holds_what_staff_hold_to_whom_nothing_was_given() -> None:
    identity, _, user_id, _ = await somebody_with_roles()
    for role in (Role.CUSTOMER, Role.STAFF, Role.ADMIN, Role.STAFF):
        await _become(identity, user_id, role)
    assert (await actor_of(identity, "ada@example.com")).permissions == OF_STAFF


async def test_roles_that_an_earlier_release_left_do_not_come_back() -> None:
    identity, store, user_id, roles = await somebody_with_roles()
    await change(identity, user_id, role=Role.CUSTOMER)
    assert store.committed.user_roles[user_id] == set(roles)
    await _become(identity, user_id, Role.STAFF)
    assert not store.committed.user_roles.get(user_id)
    assert (await actor_of(identity, "ada@example.com")).permissions == OF_STAFF


async def test_where_there_was_no_role_nothing_is_said_of_roles() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    await _become(identity, user_id, Role.CUSTOMER)
    assert given(store) == []


async def test_whoever_is_disabled_and_enabled_again_keeps_their_roles() -> None:
    identity, store, user_id, roles = await somebody_with_roles()
    for disabled in (True, False):
        actor = await an_actor(identity)
        await identity.change_user(ChangeUser(actor=actor, user_id=user_id, disabled=disabled))
    assert store.committed.user_roles[user_id] == set(roles)

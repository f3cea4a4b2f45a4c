"""What is said again as it is leaves nothing behind: no version, no instant, no record."""

from datetime import timedelta

import pytest
from tests.support.authority import an_actor, change
from tests.support.identity import Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.access.change_role import ChangeRole
from ecommerce.application.identity.access.create_role import CreateRole
from ecommerce.application.identity.access.give_roles import GiveRoles
from ecommerce.application.identity.change_profile import ChangeProfile
from ecommerce.domain.identity.access_errors import (
    InvalidRoleError,
    PermissionNotHeldError,
    UnknownRoleError,
)
from ecommerce.domain.identity.staff_role import StaffRole
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import StaffRoleId

HOUR = timedelta(hours=1)


async def a_role(identity: Identity, name: str = "Warehouse") -> StaffRoleId:
    return await identity.create_role(
        CreateRole(
            actor=await an_actor(identity),
            name=name,
            description="Counts.",
            permissions=["catalog:read"],
        )
    )


def left(store: MemoryStore) -> object:
    """Every account and role with all that it holds, and what was written down of them."""
    users, roles = store.committed.users.values(), store.committed.staff_roles.values()
    return (
        [{name: getattr(user, name) for name in User.__slots__} for user in users],
        [{name: getattr(role, name) for name in StaffRole.__slots__} for role in roles],
        list(store.committed.audit_records),
    )


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"name": "Warehouse"},
        {"name": " Warehouse "},
        {"description": "Counts.", "permissions": ["catalog:read", "catalog:read"]},
    ],
)
async def test_a_role_is_told_what_it_says_already(said: dict[str, object]) -> None:
    identity, store = identity_in_memory()
    role_id = await a_role(identity)
    before = left(store)
    identity.clock.move(HOUR)
    await identity.change_role(
        ChangeRole(actor=await an_actor(identity), role_id=role_id, **said)  # type: ignore[arg-type]
    )
    assert left(store) == before


async def test_what_a_role_cannot_be_is_refused_all_the_same() -> None:
    identity, store = identity_in_memory()
    role_id = await a_role(identity)
    before = left(store)
    with pytest.raises(StaleVersionError):
        await identity.change_role(
            ChangeRole(actor=await an_actor(identity), role_id=role_id, expected_version=2)
        )
    with pytest.raises(InvalidRoleError):
        await identity.change_role(
            ChangeRole(actor=await an_actor(identity), role_id=role_id, name=" ")
        )
    assert left(store) == before


async def test_a_role_in_another_case_is_a_change() -> None:
    identity, store = identity_in_memory()
    role_id = await a_role(identity)
    await identity.change_role(
        ChangeRole(actor=await an_actor(identity), role_id=role_id, name="WAREHOUSE")
    )
    role = store.committed.staff_roles[role_id]
    assert (role.name, role.version) == ("WAREHOUSE", 2)


@pytest.mark.parametrize("full_name", ["Jos\u00e9 King", " Jose\u0301 King "])
async def test_an_account_is_called_what_it_is_called(full_name: str) -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account(full_name="Jos\u00e9 King")
    before = left(store)
    identity.clock.move(HOUR)
    await identity.change_profile(
        ChangeProfile(actor=await identity.acting(user_id), full_name=full_name, expected_version=1)
    )
    assert left(store) == before
    with pytest.raises(StaleVersionError):
        await identity.change_profile(
            ChangeProfile(
                actor=await identity.acting(user_id), full_name=full_name, expected_version=2
            )
        )


async def test_an_account_without_a_name_is_given_none() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account(full_name=None)
    before = left(store)
    await identity.change_profile(
        ChangeProfile(actor=await identity.acting(user_id), full_name=None)
    )
    assert left(store) == before


async def test_somebody_is_given_the_roles_they_have() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await change(identity, user_id, role=Role.STAFF)
    first, second = await a_role(identity), await a_role(identity, "Desk")

    async def give(*role_ids: StaffRoleId) -> None:
        await identity.give_roles(
            GiveRoles(actor=await an_actor(identity), user_id=user_id, role_ids=role_ids)
        )

    for given in ((), (first, second)):
        await give(*given)
        before = left(store)
        await give(*reversed(given))
        assert left(store) == before
    with pytest.raises(UnknownRoleError):
        await give(first, second, StaffRoleId(user_id))
    await give(first)
    assert [r.action for r in store.committed.audit_records].count("user.roles_given") == 2


async def test_who_holds_less_may_say_again_what_a_role_says() -> None:
    identity, store = identity_in_memory()
    role_id = await a_role(identity)
    before, clerk = left(store), await an_actor(identity, "roles:write")
    await identity.change_role(
        ChangeRole(actor=clerk, role_id=role_id, permissions=["catalog:read"])
    )
    with pytest.raises(PermissionNotHeldError):
        await identity.change_role(
            ChangeRole(actor=clerk, role_id=role_id, permissions=["audit:read", "catalog:read"])
        )
    assert left(store) == before

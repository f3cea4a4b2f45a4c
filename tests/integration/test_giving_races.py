"""Who gives power away while they lose their own, on PostgreSQL: either order, and no third."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import pytest
from tests.integration.test_authority_races import outcome
from tests.support.authority import a_role, actor_of, change, give, make
from tests.support.identity import Identity, identity_in_postgres

from ecommerce.adapters.postgres.database import Database
from ecommerce.application.identity.access.change_role import ChangeRole
from ecommerce.application.identity.access.create_api_key import CreateApiKey
from ecommerce.application.identity.access.create_role import CreateRole
from ecommerce.application.identity.access.give_roles import GiveRoles
from ecommerce.application.identity.change_user import ChangeUser
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.identity.errors import PermissionDeniedError, SessionEndedError
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import StaffRoleId, UserId

Giving: TypeAlias = Callable[[Identity, Actor, UserId, StaffRoleId], Awaitable[object]]

POWER: Final = ("catalog:write",)
GIVING: Final[dict[str, Giving]] = {
    "a role": lambda identity, actor, _, __: identity.create_role(
        CreateRole(actor=actor, name="New", permissions=POWER)
    ),
    "more to a role": lambda identity, actor, _, role_id: identity.change_role(
        ChangeRole(actor=actor, role_id=role_id, permissions=POWER)
    ),
    "a role to somebody": lambda identity, actor, user_id, role_id: identity.give_roles(
        GiveRoles(actor=actor, user_id=user_id, role_ids=[role_id])
    ),
    "a key": lambda identity, actor, _, __: identity.create_api_key(
        CreateApiKey(actor=actor, name="Mine", permissions=POWER, days=1)
    ),
}


@pytest.fixture
def identity(database: Database) -> Identity:
    return identity_in_postgres(database)


async def given(identity: Identity, user_id: UserId) -> object:
    """All that anybody may, and all keys."""
    roles = await identity.access.roles(PageRequest())
    return (
        [(role.name, role.permissions) for role in roles.items],
        await identity.access.roles_of(user_id),
        (await identity.access.api_keys(PageRequest())).items,
    )


@pytest.mark.parametrize("name", GIVING)
async def test_who_is_being_disabled_waits_and_gives_nothing(identity: Identity, name: str) -> None:
    leaving = await make(identity, Role.ADMIN, "leaving@example.com")
    staff = await make(identity, Role.STAFF, "staff@example.com")
    role_id = await a_role(identity, "Old", "catalog:read")
    actor = await actor_of(identity, "leaving@example.com")
    before = await given(identity, staff)
    loaded, go = asyncio.Event(), asyncio.Event()

    async def disable() -> None:
        async with identity.transactions() as transaction:
            account = await transaction.users.by_id(leaving)
            assert account is not None
            account.disable(identity.clock.now())
            await transaction.users.save(account)
            loaded.set()
            await go.wait()
            await transaction.commit()

    async def give_meanwhile() -> type:
        await loaded.wait()
        giving = asyncio.ensure_future(outcome(GIVING[name](identity, actor, staff, role_id)))
        await asyncio.sleep(0.2)
        early = giving.done()
        go.set()
        assert not early, "it has to know how this ends"
        return await giving

    _, found = await asyncio.gather(disable(), give_meanwhile())
    assert found is SessionEndedError
    assert await given(identity, staff) == before


@pytest.mark.parametrize("name", GIVING)
async def test_who_was_demoted_gives_nothing(identity: Identity, name: str) -> None:
    leaving = await make(identity, Role.ADMIN, "leaving@example.com")
    boss = await make(identity, Role.ADMIN, "first@example.com")
    staff = await make(identity, Role.STAFF, "staff@example.com")
    role_id = await a_role(identity, "Old", "catalog:read")
    actor = await actor_of(identity, "leaving@example.com")
    before = await given(identity, staff)
    await identity.change_user(
        ChangeUser(actor=await identity.acting(boss), user_id=leaving, role=Role.STAFF)
    )
    assert await outcome(GIVING[name](identity, actor, staff, role_id)) is PermissionDeniedError
    assert await given(identity, staff) == before


async def test_disabling_is_answered_once_nothing_more_is_given(identity: Identity) -> None:
    """Held up in the middle of giving, by a role that somebody else has in hand."""
    leaving = await make(identity, Role.ADMIN, "leaving@example.com")
    boss = await make(identity, Role.ADMIN, "first@example.com")
    role_id = await a_role(identity, "Old", "catalog:read")
    actor = await actor_of(identity, "leaving@example.com")
    disable = ChangeUser(actor=await identity.acting(boss), user_id=leaving, disabled=True)
    change = ChangeRole(actor=actor, role_id=role_id, permissions=POWER)
    loaded, go = asyncio.Event(), asyncio.Event()

    async def hold_up() -> None:
        async with identity.transactions() as transaction:
            await transaction.staff_roles.locked({role_id}, to_change=True)
            loaded.set()
            await go.wait()

    async def change_and_disable() -> None:
        await loaded.wait()
        changing = asyncio.ensure_future(identity.change_role(change))
        await asyncio.sleep(0.2)
        disabling = asyncio.ensure_future(identity.change_user(disable))
        await asyncio.sleep(0.2)
        early = changing.done(), disabling.done()
        go.set()
        assert early == (False, False), "it was answered, and the role changes after that"
        await asyncio.gather(changing, disabling)

    await asyncio.gather(hold_up(), change_and_disable())
    assert await outcome(identity.change_role(change)) is SessionEndedError


@pytest.mark.parametrize("name", GIVING)
async def test_at_once_what_is_there_when_disabling_is_answered_is_all(
    identity: Identity, name: str
) -> None:
    boss = await make(identity, Role.ADMIN, "first@example.com")
    staff = await make(identity, Role.STAFF, "staff@example.com")
    for number in range(6):
        leaving = await make(identity, Role.ADMIN, f"{number}@example.com")
        actor = await actor_of(identity, f"{number}@example.com")
        role_id = await a_role(identity, f"Old {number}", "catalog:read")
        disable = ChangeUser(actor=await identity.acting(boss), user_id=leaving, disabled=True)

        async def disabled(command: ChangeUser) -> object:
            await identity.change_user(command)
            return await given(identity, staff)

        givings = (outcome(GIVING[name](identity, actor, staff, role_id)) for _ in range(3))
        seen, *_ = await asyncio.gather(disabled(disable), *givings)
        assert await given(identity, staff) == seen


async def test_those_who_give_to_each_other_while_others_are_disabled_all_end(
    identity: Identity,
) -> None:
    """Accounts are locked in one order, whoever gives, is given or is disabled."""
    manager = await a_role(identity, "Manager", "roles:write", "users:write", "catalog:write")
    boss = await make(identity, Role.ADMIN, "first@example.com")
    people = {}
    for number in range(4):
        user_id = await make(identity, Role.STAFF, f"{number}@example.com")
        await give(identity, user_id, manager)
        people[user_id] = await actor_of(identity, f"{number}@example.com")
    admin = await actor_of(identity, "first@example.com")
    for _ in range(5):
        for user_id in people:
            await change(identity, user_id, role=Role.STAFF)
            await give(identity, user_id, manager)
        work = [
            identity.give_roles(GiveRoles(actor=actor, user_id=other, role_ids=[manager]))
            for user_id, actor in (*people.items(), (boss, admin))
            for other in people
            if other != user_id
        ]
        flips = [
            identity.change_user(
                ChangeUser(actor=await identity.acting(boss), user_id=user_id, role=role)
            )
            for user_id in people
            for role in (Role.ADMIN, Role.STAFF)
        ]
        kinds = {await each for each in asyncio.as_completed(map(outcome, (*work, *flips)))}
        # Whoever was an admin in between is staff again without a role.
        known = {"NoneType", "NotStaffError", "PermissionDeniedError", "PermissionNotHeldError"}
        assert {kind.__name__ for kind in kinds} <= known

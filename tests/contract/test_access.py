"""What use cases may rely on of roles and API keys, on both stores."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.authority import (
    OF_STAFF,
    a_key,
    a_role,
    actor_of,
    an_actor,
    change,
    give,
    make,
    with_second_factor,
)
from tests.support.identity import START, Identity, identity_in

from ecommerce.adapters.postgres.access_keys import PostgresApiKeyUses
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.identity.access.ports import LockedRoles
from ecommerce.application.identity.access.queries import GivenRole, RoleView, UserRolesView
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.identity.access_errors import (
    ApiKeyNotFoundError,
    RoleInUseError,
    RoleNameTakenError,
    RoleNotFoundError,
    UnknownRoleError,
)
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE, StaffRole
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import ApiKeyId, StaffRoleId, UserId

NOBODY = UserId(UUID(int=1))


@pytest.fixture(params=["memory", "postgres"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in(request.param, request)


def a_new_role(name: str = "Warehouse", *permissions: str) -> StaffRole:
    return StaffRole.make(
        StaffRoleId(Uuid7Ids().new(START)), name, permissions, description="Counts.", now=START
    )


def facts(role: StaffRole) -> tuple[object, ...]:
    return tuple(getattr(role, name) for name in StaffRole.__slots__)


async def add(identity: Identity, *roles: StaffRole) -> None:
    async with identity.transactions() as transaction:
        for role in roles:
            await transaction.staff_roles.add(role)
        await transaction.commit()


async def test_a_role_survives_a_round_trip_and_a_loaded_one_is_a_copy(identity: Identity) -> None:
    made = a_new_role("W\u00e4rehouse", "inventory:read", "catalog:read")
    await add(identity, made)
    async with identity.transactions() as transaction:
        loaded = (await transaction.staff_roles.locked({made.id}, to_change=True)).get(made.id)
        assert facts(loaded) == facts(made)
        loaded.change(name="Other", description=None, permissions=(), now=START)
        again = await transaction.staff_roles.locked({made.id}, to_change=True)
        assert facts(again.get(made.id)) == facts(made)
        await transaction.staff_roles.save(loaded)
        await transaction.commit()
    async with identity.transactions() as transaction:
        kept = await transaction.staff_roles.locked({made.id})
        assert facts(kept.get(made.id)) == facts(loaded)


async def test_what_is_not_committed_never_was(identity: Identity) -> None:
    made = a_new_role()
    async with identity.transactions() as transaction:
        await transaction.staff_roles.add(made)
    async with identity.transactions() as transaction:
        with pytest.raises(RoleNotFoundError):
            (await transaction.staff_roles.locked({made.id})).get(made.id)


async def test_one_name_one_role(identity: Identity) -> None:
    first, second = a_new_role("Stra\u00dfe"), a_new_role("Other")
    await add(identity, first, second)
    with pytest.raises(RoleNameTakenError):
        await add(identity, a_new_role("STRASSE"))
    second.change(name="strasse", description=None, permissions=(), now=START)

    async def save() -> None:
        async with identity.transactions() as transaction:
            await transaction.staff_roles.save(second)
            await transaction.commit()

    with pytest.raises(RoleNameTakenError):
        await save()


async def test_a_role_that_somebody_has_stays(identity: Identity) -> None:
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    role_id = await a_role(identity, "Nothing at all")
    await give(identity, user_id, role_id)

    async def remove() -> None:
        async with identity.transactions() as transaction:
            roles = await transaction.staff_roles.locked({role_id}, to_change=True)
            await transaction.staff_roles.remove(roles.get(role_id))
            await transaction.commit()

    with pytest.raises(RoleInUseError):
        await remove()
    assert await identity.access.role(role_id) is not None
    await give(identity, user_id)
    await remove()
    assert await identity.access.role(role_id) is None


async def test_roles_are_taken_all_at_once(identity: Identity) -> None:
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    other_id = await make(identity, Role.STAFF, "kate@example.com")
    roles = [a_new_role(name, "catalog:read") for name in ("One", "Two")]
    await add(identity, *roles)
    ids = sorted(role.id for role in roles)
    async with identity.transactions() as transaction:
        await transaction.staff_roles.give(user_id, set(ids))
        await transaction.staff_roles.give(other_id, {ids[0]})
        assert await transaction.staff_roles.take_all(user_id) == ids
        assert await transaction.staff_roles.take_all(user_id) == []
        await transaction.commit()
    async with identity.transactions() as transaction:
        left = await transaction.staff_roles.locked(frozenset(), of={user_id, other_id})
    assert left.given == {user_id: set(), other_id: {ids[0]}}


async def test_roles_are_given_as_a_set(identity: Identity) -> None:
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    other_id = await make(identity, Role.STAFF, "kate@example.com")
    one, two = a_new_role("One", "catalog:read"), a_new_role("Two", "inventory:read")
    await add(identity, one, two)
    async with identity.transactions() as transaction:
        none = await transaction.staff_roles.locked(frozenset(), of={user_id})
        assert none == LockedRoles([], {user_id: set()})
        await transaction.staff_roles.give(user_id, {one.id, two.id})
        both = await transaction.staff_roles.locked(frozenset(), of={user_id, other_id})
        assert [facts(r) for r in both.roles] == [facts(r) for r in sorted((one, two), key=_id)]
        assert both.given == {user_id: {one.id, two.id}, other_id: set()}
        await transaction.staff_roles.give(user_id, {two.id})
        await transaction.staff_roles.give(other_id, {two.id})
        absent = StaffRoleId(UUID(int=5))
        some = await transaction.staff_roles.locked({one.id, absent}, of={user_id, other_id})
        assert [role.id for role in some.roles] == sorted((one.id, two.id))
        assert some.given == {user_id: {two.id}, other_id: {two.id}}
        alone = await transaction.staff_roles.locked({two.id, absent})
        assert ([role.id for role in alone.roles], alone.given) == ([two.id], {})
        await transaction.commit()

    async def give_absent() -> None:
        async with identity.transactions() as transaction:
            await transaction.staff_roles.give(user_id, {absent})
            await transaction.commit()

    with pytest.raises(UnknownRoleError):
        await give_absent()


def _id(role: StaffRole) -> UUID:
    return role.id


async def test_the_default_role_comes_with_the_store(identity: Identity) -> None:
    view = await identity.access.role(DEFAULT_ROLE)
    assert view is not None
    assert (view.name, view.default, view.version) == ("Staff", True, 1)
    assert frozenset(view.permissions) == OF_STAFF


async def test_what_an_account_holds(identity: Identity) -> None:
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    few = await a_role(identity, "Few", "catalog:read", "users:read")
    none = await a_role(identity, "None")

    async def held() -> tuple[UserRolesView | None, frozenset[str]]:
        actor = await actor_of(identity, "ada@example.com")
        return await identity.access.roles_of(user_id), actor.permissions

    view, permissions = await held()
    assert view == UserRolesView(user_id, Role.STAFF, (), tuple(sorted(OF_STAFF)), 2)
    assert permissions == OF_STAFF
    await give(identity, user_id, few, none)
    view, permissions = await held()
    assert view is not None
    assert view.roles == (GivenRole(few, "Few"), GivenRole(none, "None"))
    assert permissions == {"catalog:read", "users:read"} == frozenset(view.permissions)
    await give(identity, user_id, none)
    view, permissions = await held()
    assert (view and view.permissions, permissions) == ((), frozenset()), "not the default role"
    await change(identity, user_id, role=Role.CUSTOMER)
    view, permissions = await held()
    assert (view and view.permissions, permissions) == ((), frozenset())
    await change(identity, user_id, role=Role.ADMIN)
    _, permissions = await held()
    assert "roles:write" in permissions
    assert await identity.access.roles_of(NOBODY) is None


async def test_whoever_left_holds_nothing_that_one_could_read(identity: Identity) -> None:
    user_id = await make(identity, Role.CUSTOMER, "ada@example.com")
    await identity.delete_account(DeleteAccount(actor=await identity.acting(user_id)))
    assert await identity.access.roles_of(user_id) is None


async def test_the_second_factor_shows_in_the_standing(identity: Identity) -> None:
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    session_id = (await actor_of(identity, "ada@example.com")).session_id
    assert session_id is not None
    principal = await identity.queries.principal(session_id)
    assert principal is not None
    assert not principal.account.has_second_factor
    await with_second_factor(identity, user_id)
    principal = await identity.queries.principal(session_id)
    assert principal is not None
    assert principal.account.has_second_factor


async def test_pages_of_roles(identity: Identity) -> None:
    made = [await a_role(identity, f"Role {n}") for n in range(3)]
    first = await identity.access.roles(PageRequest(limit=2, include_total=True))
    assert [view.id for view in first.items] == [DEFAULT_ROLE, made[0]]
    assert first.total is not None
    assert first.total.value == 4
    second = await identity.access.roles(PageRequest(limit=2, position=first.next))
    assert [view.id for view in second.items] == made[1:]
    assert second.next is None
    assert isinstance(second.items[0], RoleView)


async def test_an_api_key_and_its_maker(identity: Identity) -> None:
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    actor = await an_actor(identity, "catalog:read", "inventory:read", user_id=user_id)
    made = await a_key(identity, actor, "inventory:read", "catalog:read")
    await change(identity, user_id, role=Role.STAFF)
    key_hash = identity.api_key_tokens.hash(made.text)
    assert key_hash is not None
    holder = await identity.queries.key_holder(key_hash)
    assert holder is not None
    assert (holder.key_id, holder.account.user_id, holder.account.given) == (
        made.id,
        user_id,
        OF_STAFF,
    )
    assert holder.permissions == {"catalog:read", "inventory:read"}
    assert holder.expires_at == START + timedelta(days=30)
    assert (holder.revoked_at, holder.last_used_at) == (None, None)
    view = await identity.access.api_key(made.id)
    assert view is not None
    assert (view.name, view.permissions, view.user_id) == (
        "Scanner",
        ("catalog:read", "inventory:read"),
        user_id,
    )
    assert made.text.startswith(view.start)
    assert len(view.start) < 16
    async with identity.transactions() as transaction:
        key = await transaction.api_keys.get(made.id)
        key.revoke(START)
        await transaction.api_keys.save(key)
        await transaction.commit()
    holder = await identity.queries.key_holder(key_hash)
    assert holder is not None
    assert holder.revoked_at == START
    assert await identity.queries.key_holder(b"another") is None
    assert await identity.access.api_key(ApiKeyId(UUID(int=1))) is None
    async with identity.transactions() as transaction:
        with pytest.raises(ApiKeyNotFoundError):
            await transaction.api_keys.get(ApiKeyId(UUID(int=1)))


async def test_all_keys_of_an_account(identity: Identity) -> None:
    ada = await make(identity, Role.ADMIN, "ada@example.com")
    kate = await make(identity, Role.ADMIN, "kate@example.com")
    made = [
        (await a_key(identity, await an_actor(identity, user_id=user_id), "catalog:read")).id
        for user_id in (ada, kate, ada)
    ]
    async with identity.transactions() as transaction:
        first, third = await transaction.api_keys.of(ada)
        assert (first.id, third.id, first.user_id, first.name) == (made[0], made[2], ada, "Scanner")
        assert first.permissions == {"catalog:read"}
        first.revoke(START)
        first.forget_name()
        assert (await transaction.api_keys.of(ada))[0].revoked_at is None
        await transaction.api_keys.save(first)
        assert [key.revoked_at for key in await transaction.api_keys.of(ada)] == [START, None]
        assert [key.name for key in await transaction.api_keys.of(ada)] == ["deleted", "Scanner"]
        assert [key.id for key in await transaction.api_keys.of(kate)] == [made[1]]
        assert await transaction.api_keys.of(NOBODY) == []


async def test_pages_of_api_keys(identity: Identity) -> None:
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    actor = await an_actor(identity, "catalog:read", user_id=user_id)
    made = [(await a_key(identity, actor, "catalog:read")).id for _ in range(3)]
    first = await identity.access.api_keys(PageRequest(limit=2))
    second = await identity.access.api_keys(PageRequest(limit=2, position=first.next))
    assert [view.id for view in (*first.items, *second.items)] == made


async def test_when_a_key_was_used_last_is_known_to_the_minute(identity: Identity) -> None:
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await a_key(
        identity, await an_actor(identity, "catalog:read", user_id=user_id), "catalog:read"
    )

    async def used() -> object:
        await identity.authenticate(made.text)
        if isinstance(identity.uses, PostgresApiKeyUses):
            await identity.uses.write()
        view = await identity.access.api_key(made.id)
        assert view is not None
        return view.last_used_at

    assert await used() == START
    identity.clock.move(timedelta(seconds=59))
    assert await used() == START
    identity.clock.move(timedelta(seconds=1))
    assert await used() == START + timedelta(minutes=1)

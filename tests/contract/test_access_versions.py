"""Of many who give roles or revoke a key from the same state one does, on both stores."""

import asyncio
from collections.abc import Awaitable

import pytest
from tests.support.authority import a_key, a_role, an_actor, make
from tests.support.identity import Identity, identity_in

from ecommerce.application.identity.access.give_roles import GiveRoles
from ecommerce.application.identity.access.queries import UserRolesView
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKey
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import StaffRoleId, UserId

MANY = 8


@pytest.fixture(params=["memory", "postgres"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in(request.param, request)


async def roles_of(identity: Identity, user_id: UserId) -> UserRolesView:
    view = await identity.access.roles_of(user_id)
    assert view is not None
    return view


async def succeeds(work: Awaitable[None]) -> bool:
    try:
        await work
    except StaleVersionError:
        return False
    return True


async def test_roles_are_given_once_from_one_state(identity: Identity) -> None:
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    roles = [await a_role(identity, f"Role {number}") for number in range(MANY)]
    seen = (await roles_of(identity, user_id)).version

    boss = await an_actor(identity)

    def give(version: int, role: StaffRoleId) -> Awaitable[None]:
        command = GiveRoles(
            actor=boss,
            user_id=user_id,
            role_ids=[role],
            expected_version=version,
        )
        return identity.give_roles(command)

    done = await asyncio.gather(*(succeeds(give(seen, role)) for role in roles))
    assert sum(done) == 1
    now = await roles_of(identity, user_id)
    assert [role.id for role in now.roles] == [roles[done.index(True)]]
    assert now.version == seen + 1
    account = await identity.queries.user(user_id)
    assert account is not None
    assert account.version == now.version

    assert await succeeds(give(now.version, roles[done.index(True)])), "the same again"
    assert await roles_of(identity, user_id) == now, "and nothing changed"


async def test_a_key_is_revoked_once_from_one_state(identity: Identity) -> None:
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await a_key(identity, await an_actor(identity, user_id=user_id), "catalog:read")
    before = await identity.access.api_key(made.id)
    assert before is not None
    assert before.version == 1
    revoke = RevokeApiKey(
        actor=await an_actor(identity), key_id=made.id, expected_version=before.version
    )
    done = await asyncio.gather(*(succeeds(identity.revoke_api_key(revoke)) for _ in range(MANY)))
    assert sum(done) == 1
    after = await identity.access.api_key(made.id)
    assert after is not None
    assert (after.version, after.revoked_at is None) == (2, False)

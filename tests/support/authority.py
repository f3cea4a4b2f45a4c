"""People, roles, keys and codes for tests of who may do what."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from tests.support.identity import PASSWORD, START, Identity

from ecommerce.application.identity.access.create_api_key import CreateApiKey, CreatedApiKey
from ecommerce.application.identity.access.create_role import CreateRole
from ecommerce.application.identity.access.give_roles import GiveRoles
from ecommerce.application.identity.login import Login
from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.application.identity.second_factor.confirm import ConfirmSecondFactor
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.identity.access_errors import SecondFactorRequiredError
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.permissions import EVERY
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import SessionId, StaffRoleId, UserId

OF_STAFF: Final = frozenset(
    {
        *("catalog:read", "catalog:write", "inventory:read", "inventory:write"),
        *("merchandising:read", "merchandising:write", "metrics:read"),
    }
)
"""What staff hold to whom no role is given."""


BOSS: Final = UserId(UUID(int=7))


async def an_actor(identity: Identity, *permissions: str, user_id: UserId | None = None) -> Actor:
    """An admin who holds these permissions; without any, all of them."""
    if user_id is None and await identity.queries.user(BOSS) is None:
        async with identity.transactions() as transaction:
            boss = User.register(
                BOSS, Email("boss@shop.test"), "x", full_name=None, now=START, role=Role.ADMIN
            )
            await transaction.users.add(boss)
            await transaction.commit()
    actor = await identity.acting(user_id or BOSS)
    return replace(actor, permissions=frozenset(permissions) or EVERY)


async def make(identity: Identity, role: Role, email: str) -> UserId:
    """Open an account that is something in the shop."""
    user_id = await identity.open_account(email)
    await change(identity, user_id, role=role)
    return user_id


async def change(
    identity: Identity, user_id: UserId, *, role: Role | None = None, disabled: bool | None = None
) -> None:
    """Make an account something else, whatever the rules say."""
    async with identity.transactions() as transaction:
        user = await transaction.users.by_id(user_id)
        assert user is not None
        if role is not None:
            user.give_role(role, START)
        if disabled is not None:
            user.disabled = disabled
        await transaction.users.save(user)
        await transaction.commit()


async def actor_of(identity: Identity, email: str) -> Actor:
    """Whoever signs in with the address."""
    return await identity.authenticate((await identity.sign_in(email)).access_token)


async def a_role(identity: Identity, name: str, *permissions: str) -> StaffRoleId:
    """Make a role."""
    return await identity.create_role(
        CreateRole(actor=await an_actor(identity), name=name, permissions=permissions)
    )


async def give(identity: Identity, user_id: UserId, *role_ids: StaffRoleId) -> None:
    """Give roles to somebody."""
    await identity.give_roles(
        GiveRoles(actor=await an_actor(identity), user_id=user_id, role_ids=role_ids)
    )


async def a_key(
    identity: Identity, actor: Actor, *permissions: str, days: int = 30
) -> CreatedApiKey:
    """Make an API key."""
    return await identity.create_api_key(
        CreateApiKey(actor=actor, name="Scanner", permissions=permissions, days=days)
    )


class Authenticator:
    """Somebody's authenticator: RFC 6238 by hand, so that the shop is not compared with itself."""

    def __init__(self, secret: str) -> None:
        self.secret: Final = base64.b32decode(secret + "=" * (-len(secret) % 8))

    def code(self, at: datetime) -> str:
        """What it shows at an instant."""
        counter = (int(at.timestamp()) // 30).to_bytes(8, "big")
        digest = hmac.digest(self.secret, counter, hashlib.sha1)
        offset = digest[-1] & 15
        number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


async def with_second_factor(
    identity: Identity, user_id: UserId, session_id: SessionId | None = None
) -> tuple[Authenticator, tuple[str, ...]]:
    """Set a second factor up, in the newest session if not said otherwise; its authenticator and
    the recovery codes. Whoever was not signed in before is not signed in afterwards.
    """
    before = await identity.belongings.sessions(user_id, identity.clock.now(), PageRequest())
    actor = await identity.acting(user_id)
    if session_id is not None:
        actor = replace(actor, session_id=session_id)
    begun = await identity.begin_second_factor(BeginSecondFactor(actor=actor))
    authenticator = Authenticator(begun.secret)
    code = authenticator.code(identity.clock.now())
    codes = await identity.confirm_second_factor(ConfirmSecondFactor(actor=actor, code=code))
    if not before.items:
        async with identity.transactions() as transaction:
            await transaction.sessions.forget_all(user_id)
            await transaction.commit()
    return authenticator, codes


async def challenged(
    identity: Identity, email: str = "ada@example.com", password: str = PASSWORD
) -> str:
    """Sign in with the password alone, where that is not enough: the challenge."""
    try:
        await identity.login(Login(email=email, password=password))
    except SecondFactorRequiredError as error:
        return str(error.members["challenge_token"])
    raise AssertionError("No second factor was asked for.")

"""What was queued behind a lock when a session or an account was ended, on PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import psycopg
import pytest
from tests.integration.test_authority_races import outcome
from tests.support.acts import ACTS, Scene, a_scene
from tests.support.authority import a_role, actor_of, give, make
from tests.support.identity import Identity, identity_in_postgres

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.application.identity.access.create_api_key import CreateApiKey
from ecommerce.application.identity.change_user import ChangeUser
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.application.identity.logout import Logout
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.domain.identity.access_errors import PermissionNotHeldError
from ecommerce.domain.identity.errors import PermissionDeniedError, SessionEndedError
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role

TABLES: Final = (
    t.user_account,
    t.session,
    t.refresh_token,
    t.staff_role,
    t.user_role,
    t.api_key,
    t.second_factor,
    t.booked_address,
    t.mailed_token,
    t.mail_outbox,
    t.audit_record,
)
A_MOMENT: Final = 0.15
DEVICES: Final = 6


@pytest.fixture
def identity(database: Database) -> Identity:
    return identity_in_postgres(database)


async def everything(database: Database) -> object:
    return [sorted(map(repr, await database.all(Statement(table.select())))) for table in TABLES]


async def behind(
    holding: Callable[[asyncio.Event, asyncio.Event], Awaitable[None]],
    queued: Callable[[], Awaitable[object]],
    meanwhile: Callable[[], Awaitable[object]] | None = None,
) -> type:
    """Have somebody hold locks, queue something behind them, let something else be answered, and
    only then let go: what became of that which was queued.
    """
    held, go = asyncio.Event(), asyncio.Event()

    async def rest() -> type:
        await held.wait()
        waiting = asyncio.ensure_future(outcome(queued()))
        await asyncio.sleep(A_MOMENT)
        early = waiting.done()
        try:
            if meanwhile is not None:
                await meanwhile()
        finally:
            go.set()
        assert not early, "it has to know how this ends"
        return await waiting

    _, found = await asyncio.gather(holding(held, go), rest())
    return found


@pytest.mark.parametrize("name", ACTS)
async def test_signing_out_leaves_nothing_to_come(
    identity: Identity, database: Database, name: str
) -> None:
    scene, left = await a_scene(identity, name), list[object]()

    async def hold_the_account(held: asyncio.Event, go: asyncio.Event) -> None:
        async with identity.transactions() as transaction:
            await transaction.users.by_id(scene.actor.user_id)
            held.set()
            await go.wait()

    async def sign_out() -> None:
        await identity.logout(Logout(refresh_token=scene.refresh_token))
        left.append(await everything(database))

    assert await behind(hold_the_account, lambda: ACTS[name](scene), sign_out) is SessionEndedError
    assert await everything(database) == left[0]


@pytest.mark.parametrize("ending", ["disabled", "every session ended", "deleted"])
@pytest.mark.parametrize("name", ACTS)
async def test_who_waits_for_the_end_of_their_account_does_nothing(
    identity: Identity, database: Database, name: str, ending: str
) -> None:
    scene = await a_scene(identity, name)

    async def end(held: asyncio.Event, go: asyncio.Event) -> None:
        now = identity.clock.now()
        async with identity.transactions() as transaction:
            account = await transaction.users.by_id(scene.actor.user_id)
            assert account is not None
            if ending == "disabled":
                account.disable(now)
            elif ending == "deleted":
                account.delete(now)
            else:
                reason = EndReason.PASSWORD_CHANGED
                await transaction.sessions.end_all(account.id, reason, now)
            await transaction.users.save(account)
            held.set()
            await go.wait()
            await transaction.commit()

    records = len(await database.all(Statement(t.audit_record.select())))
    assert await behind(end, lambda: ACTS[name](scene)) is SessionEndedError
    assert len(await database.all(Statement(t.audit_record.select()))) == records


async def a_manager(identity: Identity, *permissions: str) -> Scene:
    """A scene whose actor is staff, by one role."""
    scene = await a_scene(identity, "")
    manager = await make(identity, Role.STAFF, "manager@example.com")
    role_id = await a_role(identity, "Manager", *permissions)
    await give(identity, manager, role_id)
    return replace(scene, actor=await actor_of(identity, "manager@example.com"), role_id=role_id)


async def test_who_gives_waits_for_a_change_of_the_role_they_give_by(identity: Identity) -> None:
    scene = await a_manager(identity, "api_keys:write", "catalog:read")

    async def empty(held: asyncio.Event, go: asyncio.Event) -> None:
        async with identity.transactions() as transaction:
            roles = await transaction.staff_roles.locked({scene.role_id}, to_change=True)
            role = roles.get(scene.role_id)
            now = identity.clock.now()
            role.change(name=role.name, description=None, permissions=["api_keys:write"], now=now)
            await transaction.staff_roles.save(role)
            held.set()
            await go.wait()
            await transaction.commit()

    command = CreateApiKey(actor=scene.actor, name="New", permissions=["catalog:read"], days=1)
    found = await behind(empty, lambda: identity.create_api_key(command))
    assert found is PermissionNotHeldError


async def test_a_manager_whose_role_is_being_taken_disables_nobody(identity: Identity) -> None:
    scene = await a_manager(identity, "users:write")

    async def take(held: asyncio.Event, go: asyncio.Event) -> None:
        async with identity.transactions() as transaction:
            await transaction.users.by_id(scene.actor.user_id)
            await transaction.staff_roles.take_all(scene.actor.user_id)
            held.set()
            await go.wait()
            await transaction.commit()

    command = ChangeUser(actor=scene.actor, user_id=scene.staff, disabled=True)
    assert await behind(take, lambda: identity.change_user(command)) is PermissionDeniedError
    view = await identity.belongings.account(scene.staff)
    assert view is not None
    assert not view.disabled


async def test_who_waits_for_a_session_holds_no_token_of_it(
    identity: Identity, clean_database: str
) -> None:
    """Deleting an account takes sessions, and then their tokens: in the other order each would
    wait for the other.
    """
    await identity.open_account()
    tokens = await identity.sign_in()
    refresh = RefreshSession(refresh_token=tokens.refresh_token)

    async def delete(held: asyncio.Event, go: asyncio.Event) -> None:
        async with await psycopg.AsyncConnection.connect(clean_database) as other:
            await other.execute("SELECT FROM session FOR UPDATE")
            held.set()
            await go.wait()
            await other.execute("SELECT FROM refresh_token FOR UPDATE NOWAIT")
            await other.execute("DELETE FROM session")

    found = await behind(delete, lambda: identity.refresh(refresh))
    assert found.__name__ == "InvalidTokenError"


async def test_refreshing_everywhere_while_the_account_is_deleted(identity: Identity) -> None:
    """Whoever PostgreSQL takes out of a deadlock would have a ``ConcurrentChangeError``."""
    kinds = Counter[str]()
    for number in range(8):
        email = f"{number}@example.com"
        user_id = await identity.open_account(email)
        tokens = [(await identity.sign_in(email)).refresh_token for _ in range(DEVICES)]
        leave = identity.delete_account(DeleteAccount(actor=await identity.acting(user_id)))
        identity.clock.move(timedelta(seconds=1))
        twice = [identity.refresh(RefreshSession(refresh_token=each)) for each in tokens * 2]
        work = [outcome(each) for each in (*twice[:DEVICES], leave, *twice[DEVICES:])]
        kinds.update(kind.__name__ for kind in await asyncio.gather(*work))
    assert kinds.keys() <= {
        "SignedIn", "NoneType", "InvalidTokenError", "SessionEndedError", "TokenReplayedError",
    }  # fmt: skip

"""Many at once who prove, give and take, on PostgreSQL: by the state they leave."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta

import pytest
from tests.support.authority import (
    a_key,
    a_role,
    actor_of,
    an_actor,
    challenged,
    give,
    make,
    with_second_factor,
)
from tests.support.identity import PASSWORD, Identity, identity_in_postgres

from ecommerce.adapters.postgres.access_keys import PostgresApiKeyUses
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.tables import login_challenge, second_factor, session, user_role
from ecommerce.application.identity.access.delete_role import DeleteRole
from ecommerce.application.identity.logout import Logout
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactor
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.application.identity.step_up import StepUp
from ecommerce.domain.identity.access_errors import (
    ChallengeEndedError,
    RoleInUseError,
    StepUpRefusedError,
    UnknownRoleError,
    WrongSecondFactorCodeError,
)
from ecommerce.domain.identity.errors import SessionEndedError
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import DomainError

MANY = 20


@pytest.fixture
def identity(database: Database) -> Identity:
    return identity_in_postgres(database)


async def outcome(work: Awaitable[object]) -> type:
    try:
        return type(await work)
    except DomainError as error:
        return type(error)


async def second_step(identity: Identity, token: str, code: str) -> type:
    return await outcome(
        identity.second_step(LoginWithSecondFactor(challenge_token=token, code=code))
    )


async def sessions_of(database: Database) -> int:
    return len(await database.all(Statement(session.select())))


async def test_one_code_brought_by_many_signs_one_in(
    identity: Identity, database: Database
) -> None:
    user_id = await identity.open_account()
    authenticator, _ = await with_second_factor(identity, user_id)
    identity.clock.move(timedelta(seconds=30))
    code = authenticator.code(identity.clock.now())
    # Ten wrong ones in a row would be followed by a pause.
    tokens = [await challenged(identity) for _ in range(10)]
    kinds = Counter(await asyncio.gather(*(second_step(identity, t, code) for t in tokens)))
    assert kinds == {SignedIn: 1, WrongSecondFactorCodeError: 9}
    assert await sessions_of(database) == 1


async def test_one_recovery_code_brought_by_many_signs_one_in(
    identity: Identity, database: Database
) -> None:
    user_id = await identity.open_account()
    _, codes = await with_second_factor(identity, user_id)
    tokens = [await challenged(identity) for _ in range(MANY)]
    kinds = Counter(await asyncio.gather(*(second_step(identity, t, codes[0]) for t in tokens)))
    assert kinds == {SignedIn: 1, WrongSecondFactorCodeError: MANY - 1}
    assert await sessions_of(database) == 1
    (row,) = await database.all(Statement(second_factor.select()))
    kept = dict(zip(second_factor.c.keys(), row, strict=True))
    assert len(kept["recovery_hashes"]) == 9


async def test_a_loaded_factor_is_nobody_elses(identity: Identity) -> None:
    """The port's own promise, whatever else its users lock."""
    user_id = await identity.open_account()
    await with_second_factor(identity, user_id)

    async def use() -> bool:
        async with identity.transactions() as transaction:
            factor = await transaction.second_factors.of(user_id)
            assert factor is not None
            await asyncio.sleep(0.02)
            good = factor.use_step(2**40, identity.clock.now())
            await transaction.second_factors.put(factor)
            await transaction.commit()
        return good

    assert sum(await asyncio.gather(*(use() for _ in range(8)))) == 1


async def test_one_challenge_takes_five_codes_however_many_come_at_once(
    identity: Identity, database: Database
) -> None:
    user_id = await identity.open_account()
    await with_second_factor(identity, user_id)
    token = await challenged(identity)
    kinds = Counter(
        await asyncio.gather(*(second_step(identity, token, "000000") for _ in range(MANY)))
    )
    assert kinds == {WrongSecondFactorCodeError: 5, ChallengeEndedError: MANY - 5}
    (row,) = await database.all(Statement(login_challenge.select()))
    assert row[-1] == 5


async def test_one_challenge_and_different_good_codes_sign_one_in(
    identity: Identity, database: Database
) -> None:
    user_id = await identity.open_account()
    _, codes = await with_second_factor(identity, user_id)
    token = await challenged(identity)
    kinds = Counter(await asyncio.gather(*(second_step(identity, token, c) for c in codes)))
    assert kinds == {SignedIn: 1, ChallengeEndedError: 9}
    assert await sessions_of(database) == 1


async def test_wrong_proofs_at_once_are_no_more_than_there_may_be(
    identity: Identity, database: Database
) -> None:
    await identity.open_account()
    actor = await actor_of(identity, "ada@example.com")
    assert actor.session_id is not None
    wrong = StepUp(user_id=actor.user_id, session_id=actor.session_id, password="wrong")
    kinds = Counter(await asyncio.gather(*(outcome(identity.step_up(wrong)) for _ in range(MANY))))
    assert kinds[StepUpRefusedError] <= 5
    assert kinds[StepUpRefusedError] + kinds[SessionEndedError] == MANY
    assert identity.hasher.verified <= 1 + 5, "no more passwords are looked at"
    right = StepUp(user_id=actor.user_id, session_id=actor.session_id, password=PASSWORD)
    assert await outcome(identity.step_up(right)) is SessionEndedError
    reasons = Statement(session.select().with_only_columns(session.c.end_reason))
    assert await database.all(reasons) == [("step_up_refused",)]


async def test_a_loaded_session_that_is_signed_out_meanwhile_stays_over(
    identity: Identity, database: Database
) -> None:
    """Keeping a proof does not bring back what ended between its loading and its keeping."""
    await identity.open_account()
    tokens = await identity.sign_in()
    session_id = (await identity.authenticate(tokens.access_token)).session_id
    assert session_id is not None
    loaded = asyncio.Event()

    async def prove() -> None:
        async with identity.transactions() as transaction:
            found = await transaction.sessions.by_id(session_id)
            assert found is not None
            loaded.set()
            await asyncio.sleep(0.1)
            found.prove(identity.clock.now())
            await transaction.sessions.proved(found)
            await transaction.commit()

    async def sign_out() -> None:
        await loaded.wait()
        await identity.logout(Logout(refresh_token=tokens.refresh_token))

    await asyncio.gather(prove(), sign_out())
    reasons = Statement(session.select().with_only_columns(session.c.end_reason))
    assert await database.all(reasons) == [("logged_out",)]


async def test_a_role_deleted_while_it_is_given(identity: Identity, database: Database) -> None:
    """Nobody comes to hold the default role because the one they were given went away."""
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    for number in range(10):
        role_id = await a_role(identity, f"Role {number}", "catalog:read")
        given, deleted = await asyncio.gather(
            outcome(give(identity, user_id, role_id)),
            outcome(
                identity.delete_role(DeleteRole(actor=await an_actor(identity), role_id=role_id))
            ),
        )
        rows = await database.all(Statement(user_role.select()))
        if given is type(None):
            assert deleted is RoleInUseError
            assert [row[1] for row in rows] == [role_id]
        else:
            assert (given, deleted) == (UnknownRoleError, type(None))
            assert role_id not in {row[1] for row in rows}


async def test_a_key_used_by_many_processes_is_written_once_a_minute(
    identity: Identity, database: Database
) -> None:
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await a_key(identity, await an_actor(identity, user_id=user_id), "catalog:read")
    processes = [PostgresApiKeyUses(database) for _ in range(8)]
    for each in processes:
        each.note(made.id, identity.clock.now())
    written = await asyncio.gather(*(each.write() for each in processes))
    assert sum(written) == 1
    again = [PostgresApiKeyUses(database) for _ in range(8)]
    for each in again:
        each.note(made.id, identity.clock.now() + timedelta(seconds=59))
    assert sum(await asyncio.gather(*(each.write() for each in again))) == 0

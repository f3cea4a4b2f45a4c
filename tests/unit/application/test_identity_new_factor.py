"""What other sessions may still do once a second factor was set up."""

from datetime import timedelta

import pytest
from tests.support.authority import with_second_factor
from tests.support.identity import PASSWORD, START, Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.step_up import StepUp
from ecommerce.application.shared.actor import Actor
from ecommerce.domain.identity.access_errors import StepUpRefusedError
from ecommerce.domain.shared.ids import SessionId, UserId

STEP = timedelta(seconds=30)


async def signed_in(identity: Identity, email: str = "ada@example.com") -> tuple[str, SessionId]:
    token = (await identity.sign_in(email)).access_token
    actor = await identity.authenticate(token)
    assert actor.session_id is not None
    return token, actor.session_id


async def two_sessions() -> tuple[Identity, MemoryStore, UserId, tuple[str, str], SessionId]:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    mine, here = await signed_in(identity)
    other, _ = await signed_in(identity)
    return identity, store, user_id, (mine, other), here


async def test_what_the_password_alone_proved_elsewhere_counts_no_more() -> None:
    identity, store, user_id, (mine, other), here = await two_sessions()
    await identity.open_account("kate@example.com")
    kates, _ = await signed_in(identity, "kate@example.com")
    assert (await identity.authenticate(other)).proved
    await with_second_factor(identity, user_id, here)

    async def proved(token: str) -> Actor:
        return await identity.authenticate(token)

    assert [(await proved(token)).proved for token in (mine, other, kates)] == [True, False, True]
    assert [session.ended_at for session in store.committed.sessions.values()] == [None] * 3


async def test_a_code_proves_it_there_again_and_the_password_does_not() -> None:
    identity, store, user_id, (_, other), here = await two_sessions()
    authenticator, _ = await with_second_factor(identity, user_id, here)
    identity.clock.move(STEP)
    session_id = (await identity.authenticate(other)).session_id
    assert session_id is not None
    with pytest.raises(StepUpRefusedError):
        await identity.step_up(StepUp(user_id=user_id, session_id=session_id, password=PASSWORD))
    assert not (await identity.authenticate(other)).proved
    code = authenticator.code(identity.clock.now())
    await identity.step_up(StepUp(user_id=user_id, session_id=session_id, code=code))
    assert store.committed.sessions[session_id].proved_at == START + STEP

"""Proofs that are under way while something else happens."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.aftermath import held, told
from tests.support.authority import with_second_factor
from tests.support.identity import PASSWORD, START, Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.step_up import StepUp
from ecommerce.domain.identity.access_errors import StepUpRefusedError
from ecommerce.domain.identity.errors import SessionEndedError
from ecommerce.domain.identity.session import EndReason, Session
from ecommerce.domain.shared.ids import UserId

SECOND = timedelta(seconds=1)


class SlowHasher:
    """Verifies when it is let go on."""

    def __init__(self, identity: Identity) -> None:
        self._verify = identity.hasher.verify
        self.asked, self.go_on = 0, asyncio.Event()
        identity.hasher.verify = self.verify  # type: ignore[method-assign]

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.asked += 1
        await self.go_on.wait()
        return await self._verify(password, password_hash)

    async def wait_for(self, number: int) -> None:
        await until(lambda: self.asked >= number)


async def until(condition: Callable[[], bool]) -> None:
    """Let the others go on until something is so."""
    for _ in range(1_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("It never was.")


async def a_slow_room() -> tuple[Identity, MemoryStore, UserId, SlowHasher]:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.sign_in()
    return identity, store, user_id, SlowHasher(identity)


def the_session(store: MemoryStore) -> Session:
    (session,) = store.committed.sessions.values()
    return session


def a_proof(store: MemoryStore, user_id: UserId, password: str = PASSWORD) -> StepUp:
    return StepUp(user_id=user_id, session_id=the_session(store).id, password=password)


async def test_an_attempt_is_counted_for_good_before_it_is_looked_at() -> None:
    identity, store, user_id, hasher = await a_slow_room()
    before = held(the_session(store))
    proving = asyncio.create_task(identity.step_up(a_proof(store, user_id)))
    await hasher.wait_for(1)
    assert held(the_session(store)) == {**before, "proof_failures": 1}
    proving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await proving
    assert the_session(store).proof_failures == 1, "going away takes nothing back"


async def test_of_many_at_once_five_are_looked_at_and_the_session_is_over() -> None:
    """Even the right password is too late then: it may have been one of many guesses."""
    identity, store, user_id, hasher = await a_slow_room()
    before = held(the_session(store))
    identity.clock.move(SECOND)
    guesses = [*[f"guess {number}" for number in range(8)], PASSWORD]
    proofs = [a_proof(store, user_id, guess) for guess in reversed(guesses)]
    running = [asyncio.create_task(identity.step_up(proof)) for proof in proofs]
    await until(lambda: sum(each.done() for each in running) == 4)
    hasher.go_on.set()
    said = await asyncio.gather(*running, return_exceptions=True)
    assert {type(each) for each in said} == {SessionEndedError}
    assert hasher.asked == 5
    assert held(the_session(store)) == {
        **before,
        "proof_failures": 5,
        "ended_at": START + SECOND,
        "end_reason": EndReason.STEP_UP_REFUSED,
    }


async def test_a_proof_is_as_old_as_its_end() -> None:
    identity, store, user_id, hasher = await a_slow_room()
    proving = asyncio.create_task(identity.step_up(a_proof(store, user_id)))
    await hasher.wait_for(1)
    identity.clock.move(SECOND)
    hasher.go_on.set()
    await proving
    assert the_session(store).proved_at == START + SECOND


async def test_a_password_that_was_changed_meanwhile_proves_nothing() -> None:
    identity, store, user_id, hasher = await a_slow_room()
    proving = asyncio.create_task(identity.step_up(a_proof(store, user_id)))
    await hasher.wait_for(1)
    store.committed.users[user_id].password_hash = "v1:another one"
    hasher.go_on.set()
    with pytest.raises(StepUpRefusedError):
        await proving
    assert (the_session(store).proved_at, the_session(store).proof_failures) == (START, 1)


async def test_a_second_factor_that_was_set_meanwhile_is_asked_for() -> None:
    identity, store, user_id, hasher = await a_slow_room()
    proving = asyncio.create_task(identity.step_up(a_proof(store, user_id)))
    await hasher.wait_for(1)
    await with_second_factor(identity, user_id)
    identity.clock.move(SECOND)
    hasher.go_on.set()
    with pytest.raises(StepUpRefusedError):
        await proving
    assert the_session(store).proved_at == START
    assert told(store)[-1][1] == "step_up.refused"


async def test_who_signed_out_meanwhile_has_proved_nothing() -> None:
    identity, store, user_id, hasher = await a_slow_room()
    proving = asyncio.create_task(identity.step_up(a_proof(store, user_id)))
    await hasher.wait_for(1)
    the_session(store).end(EndReason.LOGGED_OUT, START)
    said = told(store)
    hasher.go_on.set()
    with pytest.raises(SessionEndedError):
        await proving
    assert the_session(store).proved_at == START
    assert told(store) == said

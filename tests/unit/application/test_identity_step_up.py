"""Proving again, in a session, who one is: what is a proof, and what each leaves behind."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.aftermath import NOT_YOU, THE_SHOP, held, letters, notice, told
from tests.support.authority import Authenticator, challenged, with_second_factor
from tests.support.identity import PASSWORD, START, Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactor
from ecommerce.application.identity.step_up import StepUp
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.access_errors import SecondFactorPausedError, StepUpRefusedError
from ecommerce.domain.identity.errors import SessionEndedError
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.identity.session import PROOF_ATTEMPTS, EndReason, Session
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import SessionId, UserId

HOUR = timedelta(hours=1)


@dataclass
class Room:
    """Somebody who has been signed in for an hour."""

    identity: Identity
    store: MemoryStore
    user_id: UserId
    session_id: SessionId

    @property
    def session(self) -> Session:
        return self.store.committed.sessions[self.session_id]

    @property
    def factor(self) -> SecondFactor:
        return self.store.committed.second_factors[self.user_id]

    @property
    def since(self) -> list[object]:
        """What was written down since the session began, but for how the test was set up."""
        records = told(self.store)
        began = [action for _, action, *_ in records].index("session.started")
        return [record for record in records[began + 1 :] if record[1] != "second_factor.set"]

    def passed(self) -> object:
        after = {"user_id": str(self.user_id)}
        return (THE_SHOP, "step_up.passed", "session", str(self.session_id), None, after)

    def refused(self, *, ended: bool) -> object:
        after = {"user_id": str(self.user_id), "ended": ended}
        return (THE_SHOP, "step_up.refused", "session", str(self.session_id), None, after)

    async def step_up(self, *, password: str | None = None, code: str | None = None) -> None:
        await self.identity.step_up(
            StepUp(user_id=self.user_id, session_id=self.session_id, password=password, code=code)
        )


async def a_room() -> Room:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.sign_in()
    (session,) = store.committed.sessions.values()
    identity.clock.move(HOUR)
    return Room(identity, store, user_id, session.id)


async def a_safer_room() -> tuple[Room, Authenticator, tuple[str, ...]]:
    """The same with a second factor."""
    room = await a_room()
    authenticator, recovery = await with_second_factor(room.identity, room.user_id)
    room.identity.clock.move(timedelta(seconds=30))
    return room, authenticator, recovery


async def test_the_password_proves_it_where_there_is_no_second_factor() -> None:
    room = await a_room()
    before = held(room.session)
    with pytest.raises(StepUpRefusedError):
        await room.step_up(password="wrong")
    await room.step_up(password=PASSWORD)
    assert held(room.session) == {**before, "proved_at": START + HOUR, "proof_failures": 0}
    assert room.since == [room.refused(ended=False), room.passed()]


@pytest.mark.parametrize(
    ("password", "code"),
    [("wrong", None), ("wrong", "123456"), ("", None)],
)
async def test_nothing_else_does(password: str, code: str | None) -> None:
    room = await a_room()
    before = held(room.session)
    with pytest.raises(StepUpRefusedError):
        await room.step_up(password=password, code=code)
    assert held(room.session) == {**before, "proof_failures": 1}
    assert room.since == [room.refused(ended=False)]


@pytest.mark.parametrize("code", [None, "123456"])
async def test_without_the_password_nothing_is_looked_at_or_counted(code: str | None) -> None:
    room = await a_room()
    before, verified = held(room.session), room.identity.hasher.verified
    for _ in range(6):
        with pytest.raises(StepUpRefusedError) as refused:
            await room.step_up(code=code)
    assert refused.value.detail == "The password is wanted: there is no second factor."
    assert refused.value.violations == (Violation("/password", "is wanted."),)
    assert (held(room.session), room.since) == (before, [])
    assert room.identity.hasher.verified == verified


async def test_a_second_factor_that_was_not_confirmed_asks_for_nothing() -> None:
    room = await a_room()
    await room.identity.begin_second_factor(
        BeginSecondFactor(actor=await room.identity.acting(room.user_id))
    )
    before = held(room.factor)
    with pytest.raises(StepUpRefusedError):
        await room.step_up(code="123456")
    await room.step_up(password=PASSWORD, code="123456")
    assert room.session.proved_at == START + HOUR
    assert held(room.factor) == before


@pytest.mark.parametrize("password", [None, PASSWORD])
async def test_a_code_proves_it_where_there_is_one_and_is_used_up(password: str | None) -> None:
    room, authenticator, _ = await a_safer_room()
    before, factor, sent = held(room.session), held(room.factor), len(letters(room.store))
    now = room.identity.clock.now()
    code = authenticator.code(now)
    await room.step_up(password=password, code=code)
    assert held(room.session) == {**before, "proved_at": now}
    assert held(room.factor) == {**factor, "last_step": int(now.timestamp()) // 30}
    assert room.since == [room.passed()]
    assert len(letters(room.store)) == sent
    with pytest.raises(StepUpRefusedError):
        await room.step_up(password=password, code=code)


@pytest.mark.parametrize("password", [PASSWORD, "wrong", "", None])
async def test_the_password_alone_is_not_looked_at_then(password: str | None) -> None:
    """However often it comes; and the answer does not tell whether it is right."""
    room, authenticator, _ = await a_safer_room()
    before, factor = held(room.session), held(room.factor)
    verified = room.identity.hasher.verified
    for _ in range(6):
        with pytest.raises(StepUpRefusedError) as refused:
            await room.step_up(password=password)
    assert refused.value.detail == "A code of the second factor is wanted, not the password."
    assert refused.value.violations == (Violation("/code", "is wanted."),)
    assert (held(room.session), held(room.factor), room.since) == (before, factor, [])
    assert room.identity.hasher.verified == verified
    await room.step_up(code=authenticator.code(room.identity.clock.now()))


async def test_in_a_pause_the_password_alone_is_answered_as_ever() -> None:
    room, _, _ = await a_safer_room()
    room.factor.failures, room.factor.failed_at = 12, room.identity.clock.now()
    with pytest.raises(StepUpRefusedError, match="A code of the second factor is wanted"):
        await room.step_up(password=PASSWORD)
    assert room.session.proof_failures == 0


async def test_a_good_code_with_a_wrong_password_proves_nothing_and_is_not_used_up() -> None:
    room, authenticator, _ = await a_safer_room()
    factor, code = held(room.factor), authenticator.code(room.identity.clock.now())
    with pytest.raises(StepUpRefusedError):
        await room.step_up(password="wrong", code=code)
    assert held(room.factor) == factor
    await room.step_up(password=PASSWORD, code=code)
    assert room.session.proved_at == room.identity.clock.now()


async def test_a_wrong_code_is_counted_apart_from_those_of_sign_ins() -> None:
    room, authenticator, _ = await a_safer_room()
    before, factor = held(room.session), held(room.factor)
    with pytest.raises(StepUpRefusedError):
        await room.step_up(code=authenticator.code(START - HOUR))
    assert held(room.session) == {**before, "proof_failures": 1}
    now = room.identity.clock.now()
    assert held(room.factor) == {**factor, "step_up_failures": 1, "step_up_failed_at": now}
    assert room.since == [room.refused(ended=False)]


async def test_a_recovery_code_proves_it_once_and_the_owner_is_told() -> None:
    room, _, recovery = await a_safer_room()
    factor, sent = held(room.factor), len(letters(room.store))
    await room.step_up(code=recovery[0])
    left = frozenset(map(room.identity.checks.recovery.hash, recovery[1:]))
    assert held(room.factor) == {**factor, "recovery_hashes": left}
    user, owner = str(room.user_id), Principal("user", str(room.user_id))
    assert room.since == [
        (owner, "second_factor.recovery_code_used", "user", user, None, None),
        room.passed(),
    ]
    assert letters(room.store)[sent:] == [
        notice(
            "recovery_code_used",
            "A recovery code was used",
            "A recovery code of your account at Teapots & Co was used, on 2026-01-15 at 10:30 UTC."
            f" {NOT_YOU}",
            room.user_id,
            at=room.identity.clock.now(),
        )
    ]
    with pytest.raises(StepUpRefusedError):
        await room.step_up(code=recovery[0])


async def test_the_fifth_wrong_one_in_a_row_ends_the_session() -> None:
    room = await a_room()
    before = held(room.session)
    for _ in range(4):
        with pytest.raises(StepUpRefusedError):
            await room.step_up(password="wrong")
    await room.step_up(password=PASSWORD)
    for _ in range(5):
        with pytest.raises(StepUpRefusedError):
            await room.step_up(password="wrong")
    assert held(room.session) == {
        **before,
        "proved_at": START + HOUR,
        "proof_failures": 5,
        "ended_at": START + HOUR,
        "end_reason": EndReason.STEP_UP_REFUSED,
    }
    assert room.since == [
        *[room.refused(ended=False)] * 4,
        room.passed(),
        *[room.refused(ended=False)] * 4,
        room.refused(ended=True),
    ]
    verified = room.identity.hasher.verified
    with pytest.raises(SessionEndedError):
        await room.step_up(password=PASSWORD)
    assert room.identity.hasher.verified == verified


async def test_in_a_pause_no_code_is_looked_at_and_no_attempt_counted() -> None:
    room, authenticator, recovery = await a_safer_room()
    now = room.identity.clock.now()
    room.factor.step_up_failures, room.factor.step_up_failed_at = 12, now
    before, factor = held(room.session), held(room.factor)
    with pytest.raises(SecondFactorPausedError) as paused:
        await room.step_up(code=authenticator.code(room.identity.clock.now()))
    assert paused.value.retry_after == 4
    assert (held(room.session), held(room.factor)) == (before, factor)
    assert room.since == []
    await room.step_up(code=recovery[0])
    assert room.factor.step_up_failures == 0


async def test_a_pause_of_sign_ins_is_none_of_step_ups() -> None:
    room, authenticator, _ = await a_safer_room()
    now = room.identity.clock.now()
    room.factor.failures, room.factor.failed_at = 12, now
    await room.step_up(code=authenticator.code(now))
    assert room.session.proved_at == now
    assert room.factor.failures == 12


async def test_guesses_of_many_sessions_are_paused_together_and_the_owner_signs_in() -> None:
    room, authenticator, _ = await a_safer_room()
    now = room.identity.clock.now()
    wrong = authenticator.code(START - HOUR)
    thieves = [replace(room.session, id=SessionId(UUID(int=n))) for n in range(8)]
    room.store.committed.sessions.update({thief.id: thief for thief in thieves})
    looked_at = 0
    for thief in thieves:
        for _ in range(PROOF_ATTEMPTS):
            with suppress(SecondFactorPausedError, StepUpRefusedError):
                await room.identity.step_up(
                    StepUp(user_id=room.user_id, session_id=thief.id, code=wrong)
                )
        looked_at = room.factor.step_up_failures
    assert looked_at == 10
    assert room.factor.failures == 0
    token = await challenged(room.identity)
    await room.identity.second_step(
        LoginWithSecondFactor(challenge_token=token, code=authenticator.code(now))
    )


def _no_account(tables: Tables, room: Room) -> None:
    tables.users[room.user_id].deleted_at = START


def _no_session(tables: Tables, room: Room) -> None:
    del tables.sessions[room.session_id]


def _signed_out(tables: Tables, room: Room) -> None:
    tables.sessions[room.session_id].end(EndReason.LOGGED_OUT, START)


@pytest.mark.parametrize("change", [_no_account, _no_session, _signed_out])
async def test_where_there_is_no_session_nothing_is_proved(
    change: Callable[[Tables, Room], None],
) -> None:
    room = await a_room()
    change(room.store.committed, room)
    with pytest.raises(SessionEndedError):
        await room.step_up(password=PASSWORD)
    assert room.identity.hasher.verified == 1, "at the sign-in, and not since"
    assert room.since == []

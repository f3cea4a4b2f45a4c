"""The second step of signing in: what a code is worth, once the password was right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.support.aftermath import NOT_YOU, THE_SHOP, held, letters, notice, told
from tests.support.authority import Authenticator, challenged, with_second_factor
from tests.support.identity import START, Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactor
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.access_errors import (
    ChallengeEndedError,
    SecondFactorPausedError,
    WrongSecondFactorCodeError,
)
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.login_challenge import LoginChallenge
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.shared.ids import UserId

STEP = timedelta(seconds=30)
HOME = Client("curl/8.0", "203.0.113.7")
ELSEWHERE = Client("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "198.51.100.9")


@dataclass
class Door:
    """Somebody who knows the password of an account that has a second factor."""

    identity: Identity
    store: MemoryStore
    user_id: UserId
    authenticator: Authenticator
    recovery: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.authenticator.code(self.identity.clock.now())

    @property
    def factor(self) -> SecondFactor:
        (factor,) = self.store.committed.second_factors.values()
        return factor

    @property
    def challenge(self) -> LoginChallenge:
        (challenge,) = self.store.committed.login_challenges.values()
        return challenge

    @property
    def user(self) -> str:
        return str(self.user_id)

    async def answer(self, token: str, code: str, client: Client = HOME) -> SignedIn:
        return await self.identity.second_step(
            LoginWithSecondFactor(challenge_token=token, code=code, client=client)
        )


async def a_door() -> Door:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    authenticator, recovery = await with_second_factor(identity, user_id)
    identity.clock.move(STEP)
    return Door(identity, store, user_id, authenticator, recovery)


async def test_the_right_password_gives_a_challenge_and_no_session() -> None:
    door = await a_door()
    said = len(told(door.store))
    token = await challenged(door.identity)
    assert held(door.challenge) == {
        "token_hash": door.identity.secrets.hash(token),
        "user_id": door.user_id,
        "user_version": door.store.committed.users[door.user_id].version,
        "created_at": START + STEP,
        "expires_at": START + STEP + timedelta(minutes=5),
        "attempts": 0,
    }
    assert not door.store.committed.sessions
    assert told(door.store)[said:] == [
        (THE_SHOP, "sign_in.code_wanted", "user", door.user, None, None)
    ]


async def test_a_code_signs_in_and_is_used_up_with_its_challenge() -> None:
    door = await a_door()
    token, other = await challenged(door.identity), await challenged(door.identity)
    said, before = len(told(door.store)), held(door.factor)
    door.identity.clock.move(2 * STEP)
    now, code = door.identity.clock.now(), door.code
    signed_in = await door.answer(token, f" {code[:3]} {code[3:]}\n")
    (session,) = door.store.committed.sessions.values()
    assert (session.user_id, session.client, session.created_at) == (door.user_id, HOME, now)
    assert signed_in.device_marks is not None
    assert await door.identity.known_devices.recognise(signed_in.device_marks, "ada@example.com")
    assert (await door.identity.authenticate(signed_in.access_token)).user_id == door.user_id
    assert held(door.factor) == {**before, "last_step": int(now.timestamp()) // 30}
    assert door.challenge.token_hash == door.identity.secrets.hash(other)
    owner = Principal("user", door.user)
    assert told(door.store)[said:] == [
        (owner, "session.started", "session", str(session.id), None, {"user_id": door.user})
    ]
    with pytest.raises(ChallengeEndedError):
        await door.answer(token, door.authenticator.code(now + STEP))
    with pytest.raises(WrongSecondFactorCodeError):
        await door.answer(other, code)
    assert len(door.store.committed.sessions) == 1


async def test_a_new_client_is_told_of_after_the_second_step() -> None:
    door = await a_door()
    await door.answer(await challenged(door.identity), door.recovery[0], HOME)
    sent = len(letters(door.store))
    await door.answer(await challenged(door.identity), door.code, ELSEWHERE)
    assert [mail.kind for mail in letters(door.store)[sent:]] == ["new_sign_in"]
    assert "Firefox on Linux from 198.51.100.9" in letters(door.store)[-1].body


async def test_a_recovery_code_signs_in_once_however_it_is_typed_and_the_owner_is_told() -> None:
    door = await a_door()
    said, sent = len(told(door.store)), len(letters(door.store))
    before, used = held(door.factor), door.recovery[3]
    typed = f" {used.upper().replace('-', ' ')} "
    await door.answer(await challenged(door.identity), typed)
    (session,) = door.store.committed.sessions.values()
    left = frozenset(map(door.identity.checks.recovery.hash, set(door.recovery) - {used}))
    assert held(door.factor) == {**before, "recovery_hashes": left}
    owner = Principal("user", door.user)
    assert told(door.store)[said:] == [
        (THE_SHOP, "sign_in.code_wanted", "user", door.user, None, None),
        (owner, "second_factor.recovery_code_used", "user", door.user, None, None),
        (owner, "session.started", "session", str(session.id), None, {"user_id": door.user}),
    ]
    assert letters(door.store)[sent:] == [
        notice(
            "recovery_code_used",
            "A recovery code was used",
            "A recovery code of your account at Teapots & Co was used, on 2026-01-15 at 09:30 UTC."
            f" {NOT_YOU}",
            door.user_id,
            at=START + STEP,
        )
    ]
    assert not door.store.committed.login_challenges
    with pytest.raises(WrongSecondFactorCodeError):
        await door.answer(await challenged(door.identity), used)


async def test_a_wrong_code_is_counted_and_written_down_and_leaves_the_challenge_good() -> None:
    door = await a_door()
    token, code = await challenged(door.identity), door.code
    said, challenge, factor = len(told(door.store)), held(door.challenge), held(door.factor)
    door.identity.clock.move(4 * STEP)
    with pytest.raises(WrongSecondFactorCodeError):
        await door.answer(token, code)
    assert held(door.challenge) == {**challenge, "attempts": 1}
    assert held(door.factor) == {
        **factor,
        "failures": 1,
        "failed_at": door.identity.clock.now(),
    }
    assert told(door.store)[said:] == [
        (THE_SHOP, "sign_in.failed", "user", door.user, None, {"why": "wrong_code"})
    ]
    assert not door.store.committed.sessions
    await door.answer(token, door.code)
    assert door.factor.failures == 0


@pytest.mark.parametrize("wrong", ["000 0000", "12345", "1234567", "123  456", "none", ""])
async def test_what_is_not_six_digits_counts_as_a_wrong_recovery_code(wrong: str) -> None:
    """Guessing at 120 random bits is hopeless, so it pauses nobody's authenticator."""
    door = await a_door()
    token, before = await challenged(door.identity), held(door.factor)
    with pytest.raises(WrongSecondFactorCodeError):
        await door.answer(token, wrong)
    assert held(door.factor) == before
    assert door.challenge.attempts == 1


async def test_a_challenge_is_good_for_five_codes() -> None:
    door = await a_door()
    token = await challenged(door.identity)
    for _ in range(5):
        with pytest.raises(WrongSecondFactorCodeError):
            await door.answer(token, "wrong")
    said = len(told(door.store))
    with pytest.raises(ChallengeEndedError):
        await door.answer(token, door.code)
    assert not door.store.committed.sessions
    assert len(told(door.store)) == said
    await door.answer(await challenged(door.identity), door.code)


async def test_a_challenge_that_is_late_or_not_known_signs_nobody_in() -> None:
    door = await a_door()
    token = await challenged(door.identity)
    with pytest.raises(ChallengeEndedError):
        await door.answer("another token", door.code)
    door.identity.clock.move(timedelta(minutes=5))
    with pytest.raises(ChallengeEndedError):
        await door.answer(token, door.code)
    assert not door.store.committed.sessions


def _deleted(tables: Tables, user_id: UserId) -> None:
    tables.users[user_id].deleted_at = START


def _disabled(tables: Tables, user_id: UserId) -> None:
    tables.users[user_id].disabled = True


def _changed(tables: Tables, user_id: UserId) -> None:
    tables.users[user_id].version += 1


def _without_factor(tables: Tables, user_id: UserId) -> None:
    del tables.second_factors[user_id]


def _begun_again(tables: Tables, user_id: UserId) -> None:
    tables.second_factors[user_id].confirmed_at = None


@pytest.mark.parametrize("change", [_deleted, _disabled, _changed, _without_factor, _begun_again])
async def test_what_became_of_the_account_meanwhile_ends_the_challenge(
    change: Callable[[Tables, UserId], None],
) -> None:
    door = await a_door()
    token = await challenged(door.identity)
    change(door.store.committed, door.user_id)
    for code in (door.code, door.recovery[0]):
        with pytest.raises(ChallengeEndedError):
            await door.answer(token, code)
    assert not door.store.committed.sessions
    assert door.challenge.attempts == 0


async def test_in_a_pause_no_code_is_looked_at_or_counted_but_a_recovery_code_is() -> None:
    door = await a_door()
    for _ in range(2):
        token = await challenged(door.identity)
        for _ in range(5):
            with pytest.raises(WrongSecondFactorCodeError):
                await door.answer(token, door.authenticator.code(START - timedelta(hours=1)))
    door.store.committed.login_challenges.clear()
    token, before = await challenged(door.identity), held(door.factor)
    with pytest.raises(SecondFactorPausedError) as paused:
        await door.answer(token, door.code)
    assert paused.value.retry_after == 1
    assert door.challenge.attempts == 0
    assert held(door.factor) == before
    await door.answer(token, door.recovery[0])
    assert door.factor.failures == 0
    await door.answer(await challenged(door.identity), door.code)


async def test_somebody_elses_codes_are_worth_nothing() -> None:
    door = await a_door()
    eve = await door.identity.open_account("eve@example.com")
    theirs, recovery = await with_second_factor(door.identity, eve)
    door.identity.clock.move(STEP)
    token = await challenged(door.identity)
    for code in (theirs.code(door.identity.clock.now()), recovery[0]):
        with pytest.raises(WrongSecondFactorCodeError):
            await door.answer(token, code)
    assert not door.store.committed.sessions


async def test_a_client_nobody_described_is_an_unknown_one() -> None:
    door = await a_door()
    token = await challenged(door.identity)
    await door.identity.second_step(LoginWithSecondFactor(challenge_token=token, code=door.code))
    (session,) = door.store.committed.sessions.values()
    assert session.client == Client(None, None)

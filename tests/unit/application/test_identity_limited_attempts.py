"""Which attempts count as failures, in which tallies, and what a tally can never break."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import pytest
from tests.support.identity import START, MovableClock
from typing_extensions import override

from ecommerce.adapters.memory.attempts import InMemoryAttempts
from ecommerce.application.identity.attempts import (
    Attempt,
    CountedAttempt,
    LimitedAttempts,
    too_early,
)
from ecommerce.application.shared.unavailable import DatabaseUnavailableError
from ecommerce.domain.identity.access_errors import (
    SecondFactorRequiredError,
    StepUpRefusedError,
    WrongSecondFactorCodeError,
)
from ecommerce.domain.identity.attempts import CLIENT, OWN, STRANGERS
from ecommerce.domain.identity.errors import (
    InvalidCredentialsError,
    TooManyAttemptsError,
    WrongPasswordError,
)
from ecommerce.domain.shared.ids import SessionId, UserId

SECOND = timedelta(seconds=1)
ADA = Attempt.at_address("ada@example.com", client="203.0.113.1")
COUNTED = CountedAttempt(ADA, known=False)

Call: TypeAlias = tuple[str, Attempt | CountedAttempt, datetime]


class ToldAttempts(InMemoryAttempts):
    """Real tallies that say what they were told, and may be away once something was tried."""

    def __init__(self, away: Exception | None = None) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.away = away

    @override
    async def begin(self, attempt: Attempt, now: datetime) -> CountedAttempt:
        self.calls.append(("begin", attempt, now))
        return await super().begin(attempt, now)

    @override
    async def succeeded(self, counted: CountedAttempt, now: datetime) -> None:
        self.calls.append(("succeeded", counted, now))
        if self.away is not None:
            raise self.away
        await super().succeeded(counted, now)

    @override
    async def take_back(self, counted: CountedAttempt, now: datetime) -> None:
        self.calls.append(("take_back", counted, now))
        await super().take_back(counted, now)


class Trial:
    """Tries something that takes a second and ends as it is told to."""

    def __init__(self, away: Exception | None = None) -> None:
        self.clock = MovableClock()
        self.attempts = ToldAttempts(away)
        self.limited = LimitedAttempts(self.attempts, self.clock)
        self.tried = 0

    async def run(self, ends: BaseException | str, attempt: Attempt = ADA) -> str:
        async def work() -> str:
            self.tried += 1
            self.clock.move(SECOND)
            if isinstance(ends, BaseException):
                raise ends
            return ends

        return await self.limited.run(attempt, work)


async def test_what_worked_is_a_success_as_of_when_it_was_done() -> None:
    trial = Trial()
    assert await trial.run("tokens") == "tokens"
    assert trial.attempts.calls == [
        ("begin", ADA, START),
        ("succeeded", COUNTED, START + SECOND),
    ]
    assert (await trial.attempts.begin(ADA, START + SECOND)).known


@pytest.mark.parametrize(
    "error",
    [
        InvalidCredentialsError("Wrong."),
        WrongSecondFactorCodeError("Wrong."),
        WrongPasswordError("Wrong."),
    ],
)
async def test_a_wrong_proof_stays_counted(error: Exception) -> None:
    trial = Trial()
    with pytest.raises(type(error)) as raised:
        await trial.run(error)
    assert raised.value is error
    assert trial.attempts.calls == [("begin", ADA, START)]


@pytest.mark.parametrize(
    "error",
    [
        SecondFactorRequiredError("A code, too.", challenge_token="t", expires_in=300),
        StepUpRefusedError("Not a matter of this."),
        DatabaseUnavailableError("Gone for a while."),
        RuntimeError("A bug."),
        asyncio.CancelledError(),
    ],
)
async def test_what_proved_and_disproved_nothing_is_taken_back(error: BaseException) -> None:
    trial = Trial()
    with pytest.raises(type(error)) as raised:
        await trial.run(error)
    assert raised.value is error
    assert trial.attempts.calls == [
        ("begin", ADA, START),
        ("take_back", COUNTED, START + SECOND),
    ]


async def test_who_failed_too_often_waits_and_nothing_is_tried() -> None:
    trial = Trial()
    for _ in range(OWN.free):
        await trial.attempts.begin(ADA, START)
    with pytest.raises(TooManyAttemptsError) as refused:
        await trial.run("tokens")
    assert (refused.value.code, refused.value.retry_after) == ("too_many_attempts", 1)
    assert trial.tried == 0
    assert [name for name, *_ in trial.attempts.calls] == ["begin"] * (OWN.free + 1)
    trial.clock.move(SECOND)
    assert await trial.run("tokens") == "tokens"


async def test_what_worked_is_not_undone_by_tallies_that_are_away_then() -> None:
    trial = Trial(away=DatabaseUnavailableError("Gone for a while."))
    assert await trial.run("tokens") == "tokens"
    assert [name for name, *_ in trial.attempts.calls] == ["begin", "succeeded"]


async def test_a_bug_in_the_tallies_is_not_hidden() -> None:
    trial = Trial(away=RuntimeError("A bug."))
    with pytest.raises(RuntimeError):
        await trial.run("tokens")
    with pytest.raises(RuntimeError):
        await trial.limited.passed(ADA)


async def test_who_proves_it_in_another_way_is_known_even_where_tallies_are_away() -> None:
    known = CountedAttempt(ADA, known=True)
    for trial in (Trial(), Trial(away=DatabaseUnavailableError("Gone for a while."))):
        await trial.limited.passed(ADA)
        assert trial.attempts.calls == [("succeeded", known, START)]


def test_an_attempt_at_an_address_is_at_the_account_however_it_is_spelt() -> None:
    assert Attempt.at_address("ADA@Example.com", client="1.2.3.4") == Attempt(
        proof="password", account="ada@example.com", client="1.2.3.4", device=None
    )
    spelt = {Attempt.at_address(f"a@{host}", client="").account for host in ("Ü.de", "xn--tda.de")}
    assert spelt == {"a@xn--tda.de"}
    assert Attempt.at_address("eve@example.com", client="", device="phone", proof="code") == (
        Attempt(proof="code", account="eve@example.com", client="", device="phone")
    )


def test_an_attempt_in_a_session_is_of_the_session_alone() -> None:
    user_id, session_id = UserId(UUID(int=1)), SessionId(UUID(int=2))
    assert Attempt.in_session(user_id, session_id) == Attempt(
        proof="present_password", account=str(user_id), client="", device=str(session_id)
    )


def key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=20).digest()


def test_tallies_are_found_again_by_the_next_release() -> None:
    """They are kept over restarts, and two releases share them: nothing may rename them."""
    own = key("8:password3:own15:ada@example.com11:203.0.113.1")
    assert ADA.own_key == own
    assert ADA.patience(known=False) == {
        own: OWN,
        key("8:password9:strangers15:ada@example.com"): STRANGERS,
        key("8:password6:client11:203.0.113.1"): CLIENT,
    }
    assert ADA.patience(known=True) == {own: OWN}
    phone = Attempt("code", "ada@example.com", "203.0.113.1", "phone")
    own_device = key("4:code6:device15:ada@example.com5:phone")
    assert phone.patience(known=False) == phone.patience(known=True) == {own_device: OWN}
    assert CountedAttempt(ADA, known=True).patience == {own: OWN}
    assert len(CountedAttempt(ADA, known=False).patience) == 3


async def test_what_is_no_text_at_all_is_counted_like_any_other() -> None:
    """A lone surrogate cannot be encoded; it must not be a way around the tallies."""
    trial, odd = Trial(), Attempt.at_address("\ud800@example.com", client="\udfff")
    for _ in range(OWN.free):
        with pytest.raises(InvalidCredentialsError):
            await trial.run(InvalidCredentialsError("Wrong."), odd)
        trial.clock.move(-SECOND)
    with pytest.raises(TooManyAttemptsError):
        await trial.run("tokens", odd)


@pytest.mark.parametrize(
    ("wait", "told"), [(0.001, 1), (1, 1), (1.2, 2), (900, 900), (0, 1), (-5, 1)]
)
def test_who_is_too_early_is_told_for_how_many_whole_seconds_to_wait(
    wait: float, told: int
) -> None:
    refusal = too_early(START + timedelta(seconds=wait), START)
    assert refusal.detail == "There were too many failed attempts."
    assert (refusal.retry_after, type(refusal.retry_after)) == (told, int)

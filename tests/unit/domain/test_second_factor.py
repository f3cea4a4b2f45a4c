from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ecommerce.domain.identity.access_errors import (
    ChallengeEndedError,
    SecondFactorExistsError,
    SecondFactorPausedError,
)
from ecommerce.domain.identity.login_challenge import LoginChallenge
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.shared.ids import UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
USER = UserId(UUID(int=1))


def confirmed(step: int = 100) -> SecondFactor:
    factor = SecondFactor(user_id=USER, sealed_secret=b"x", created_at=NOW)
    assert not factor.is_confirmed
    factor.confirm(step, [b"a", b"b"], NOW)
    return factor


def test_a_step_is_good_once_and_none_before_it() -> None:
    factor = confirmed(100)
    assert [factor.use_step(step, NOW) for step in (100, 99, 101, 101, 103, 102)] == [
        *(False, False, True, False, True, False)
    ]
    assert not factor.use_step(None, NOW)


def test_a_recovery_code_is_good_once() -> None:
    factor = confirmed()
    assert [factor.use_recovery_code(code) for code in (b"a", b"a", b"c", b"b")] == [
        *(True, False, False, True)
    ]
    factor.replace_recovery_codes([b"z"])
    assert factor.recovery_hashes == {b"z"}


def test_it_is_confirmed_once() -> None:
    with pytest.raises(SecondFactorExistsError):
        confirmed().confirm(200, [], NOW)


def test_pauses_grow_up_to_an_hour() -> None:
    factor, now, pauses = confirmed(), NOW, []
    for _ in range(200):
        while True:
            try:
                factor.check_not_paused(now)
            except SecondFactorPausedError as error:
                pauses.append(error.retry_after)
                now += timedelta(seconds=error.retry_after)
            else:
                break
        assert not factor.use_step(None, now)
    assert pauses[:13] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600]
    assert set(pauses[13:]) == {3600}
    # Three codes of a million are good at a time.
    assert 1 - (1 - 3e-6) ** (365 * 24) < 1 / 38
    now += timedelta(hours=1)
    factor.check_not_paused(now)
    assert factor.use_step(1000, now)
    assert factor.failures == 0
    factor.check_not_paused(now)


def test_a_challenge_counts_before_it_looks() -> None:
    challenge = LoginChallenge.issue(b"h", USER, 1, NOW)
    late = NOW + timedelta(minutes=5)
    for _ in range(5):
        challenge.attempt(late - timedelta(milliseconds=1))
    with pytest.raises(ChallengeEndedError):
        challenge.attempt(NOW)
    with pytest.raises(ChallengeEndedError):
        LoginChallenge.issue(b"h", USER, 1, NOW).attempt(late)

"""What mistakes cost: how long somebody has to wait after them, and what ends a pause."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.support.aftermath import held

from ecommerce.domain.identity.access_errors import SecondFactorPausedError
from ecommerce.domain.identity.attempts import Patience, Tally
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.shared.ids import UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def a_factor(failures: int = 0, failed_at: datetime | None = None) -> SecondFactor:
    return SecondFactor(
        user_id=UserId(UUID(int=1)),
        sealed_secret=b"sealed",
        created_at=NOW,
        failures=failures,
        failed_at=failed_at,
    )


def test_confirming_it_begins_without_mistakes() -> None:
    factor = a_factor(failures=3)
    factor.step_up_failures = 2
    factor.confirm(100, [b"a", b"b", b"a"], NOW)
    assert held(factor) == {
        "user_id": UserId(UUID(int=1)),
        "sealed_secret": b"sealed",
        "created_at": NOW,
        "confirmed_at": NOW,
        "last_step": 100,
        "recovery_hashes": frozenset({b"a", b"b"}),
        "failures": 0,
        "failed_at": None,
        "step_up_failures": 0,
        "step_up_failed_at": None,
    }


def test_ten_mistakes_are_free_and_one_is_told_for_how_many_whole_seconds_to_wait() -> None:
    a_factor(failures=9, failed_at=NOW).check_not_paused(NOW)
    waits = []
    for failures in (10, 11, 12, 13):
        with pytest.raises(
            SecondFactorPausedError, match=r"^Too many wrong codes were sent\.$"
        ) as no:
            a_factor(failures, NOW).check_not_paused(NOW + timedelta(milliseconds=400))
        waits.append(no.value.retry_after)
    assert waits == [1, 2, 4, 8]
    assert {type(wait) for wait in waits} == {int}, "Retry-After has no fractions"


def test_a_mistake_is_counted_with_its_time_and_uses_nothing_up() -> None:
    factor = a_factor(failures=2)
    factor.last_step = 100
    assert factor.use_step(100, NOW) is False
    assert (factor.failures, factor.failed_at, factor.last_step) == (3, NOW, 100)


def test_a_recovery_code_ends_a_pause() -> None:
    factor = a_factor(failures=20, failed_at=NOW)
    factor.recovery_hashes = frozenset({b"a", b"b"})
    assert factor.use_recovery_code(b"c") is False
    with pytest.raises(SecondFactorPausedError):
        factor.check_not_paused(NOW)
    assert factor.use_recovery_code(b"a") is True
    assert (factor.failures, factor.recovery_hashes) == (0, frozenset({b"b"}))
    factor.check_not_paused(NOW)


def test_wrong_codes_of_step_ups_are_paused_apart_from_those_of_sign_ins() -> None:
    factor = a_factor(failures=3, failed_at=NOW)
    for _ in range(12):
        assert factor.use_step(None, NOW, "step_up") is False
    assert (factor.step_up_failures, factor.step_up_failed_at) == (12, NOW)
    assert (factor.failures, factor.failed_at) == (3, NOW)
    factor.check_not_paused(NOW)
    with pytest.raises(SecondFactorPausedError) as no:
        factor.check_not_paused(NOW, "step_up")
    assert no.value.retry_after == 4
    assert factor.use_step(100, NOW) is True
    assert (factor.failures, factor.step_up_failures) == (0, 12), "of what was asked for alone"
    assert factor.use_step(101, NOW, "step_up") is True
    assert factor.step_up_failures == 0


def test_the_first_failure_that_is_not_free_has_to_be_waited_for() -> None:
    some = Patience(3, timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=1))
    tally = Tally(failures=3, not_before=NOW + timedelta(seconds=1), last_at=NOW)
    assert tally.counted(NOW + timedelta(milliseconds=999), some) is None
    assert tally.counted(NOW + timedelta(seconds=1), some) == Tally(
        failures=4, not_before=NOW + timedelta(seconds=3), last_at=NOW + timedelta(seconds=1)
    )

from datetime import UTC, datetime, timedelta

import pytest

from ecommerce.domain.identity.attempts import CLIENT, OWN, STRANGERS, Patience, Tally

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
SOME = Patience(3, timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=1))


def failed(times: int) -> tuple[Tally, datetime]:
    """So many failures, each as early as it may be."""
    tally, now = Tally.new(NOW), NOW
    for _ in range(times):
        now = max(now, tally.not_before)
        more = tally.counted(now, SOME)
        assert more is not None
        tally = more
    return tally, now


def test_a_few_are_free_and_then_each_doubles_the_wait_up_to_the_longest() -> None:
    waits = [SOME.wait_after(number).total_seconds() for number in range(11)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]
    assert SOME.wait_after(10_000) == SOME.longest_wait


def test_one_that_comes_too_early_is_not_counted() -> None:
    tally, now = failed(5)
    assert tally.not_before == now + timedelta(seconds=4)
    assert tally.counted(tally.not_before - timedelta(milliseconds=1), SOME) is None
    assert tally.counted(tally.not_before, SOME) is not None


def test_a_while_without_any_and_all_are_forgotten() -> None:
    tally, now = failed(8)
    almost = tally.counted(now + SOME.forget_after - timedelta(seconds=1), SOME)
    assert almost is not None
    assert almost.failures == 9
    after = tally.counted(now + SOME.forget_after, SOME)
    assert after is not None
    assert (after.failures, after.not_before) == (1, after.last_at)


def test_a_success_forgets_them_and_is_remembered() -> None:
    tally, now = failed(5)
    after = tally.succeeded(now)
    assert (after.failures, after.not_before, after.succeeded_at) == (0, now, now)
    failing = after.counted(now, SOME)
    assert failing is not None
    assert failing.succeeded_at == now, "who fails now has signed in before all the same"


def test_of_several_at_once_none_is_early_for_the_success_of_another() -> None:
    moment = timedelta(milliseconds=1)
    begun, now = failed(SOME.free - 1)
    for before in (begun.succeeded(now + moment), begun.taken_back(now + moment), begun):
        counted = before.counted(now - moment, SOME)
        assert counted is not None
        assert counted.failures == before.failures + 1


def test_what_did_not_fail_is_taken_back() -> None:
    tally, now = failed(5)
    assert (tally.taken_back(now).failures, tally.taken_back(now).not_before) == (4, now)
    assert Tally.new(NOW).taken_back(NOW).failures == 0


@pytest.mark.parametrize("patience", [OWN, STRANGERS, CLIENT])
def test_nobody_waits_for_long_and_nobody_guesses_many(patience: Patience) -> None:
    assert patience.longest_wait <= timedelta(minutes=15)
    a_day = timedelta(days=1)
    assert patience.free + a_day / patience.longest_wait < 400, "guesses in the first day"

"""The promises of ``Attempts``: nobody guesses fast, and nobody is locked out by others."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.support.identity import MovableClock

from ecommerce.adapters.memory.attempts import InMemoryAttempts
from ecommerce.adapters.postgres.attempts import PostgresAttempts
from ecommerce.application.identity.attempts import (
    Attempt,
    Attempts,
    CountedAttempt,
    LimitedAttempts,
)
from ecommerce.domain.identity.attempts import CLIENT, KNOWN_FOR, OWN, STRANGERS
from ecommerce.domain.identity.errors import InvalidCredentialsError, TooManyAttemptsError
from ecommerce.domain.shared.ids import SessionId, UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
ADA = UserId(UUID(int=1))
HOME, ELSEWHERE = "203.0.113.1", "203.0.113.2"


@pytest.fixture(params=["memory", "postgres"])
def attempts(request: pytest.FixtureRequest) -> Attempts:
    if request.param == "memory":
        return InMemoryAttempts()
    return PostgresAttempts(request.getfixturevalue("database"))


def at(address: str = "ada@example.com", client: str = HOME, device: str | None = None) -> Attempt:
    return Attempt.at_address(address, client=client, device=device)


async def fail(attempts: Attempts, attempt: Attempt, times: int, now: datetime = NOW) -> None:
    for _ in range(times):
        await attempts.begin(attempt, now)


async def succeed(attempts: Attempts, attempt: Attempt, now: datetime = NOW) -> CountedAttempt:
    counted = await attempts.begin(attempt, now)
    await attempts.succeeded(counted, now)
    return counted


async def wait(attempts: Attempts, attempt: Attempt, now: datetime = NOW) -> int:
    """For how many seconds an attempt is not let in; 0 when it is, and is counted then."""
    try:
        await attempts.begin(attempt, now)
    except TooManyAttemptsError as error:
        return error.retry_after
    return 0


async def from_many(attempts: Attempts, times: int, now: datetime = NOW) -> None:
    """Strangers guess at an account, each from an address of its own."""
    for number in range(times):
        await attempts.begin(at(client=f"198.51.100.{number}"), now)


async def test_a_few_failures_are_free_and_then_one_waits_longer_each_time(
    attempts: Attempts,
) -> None:
    await fail(attempts, at(), OWN.free)
    now, waits = NOW, []
    for _ in range(4):
        waits.append(await wait(attempts, at(), now))
        now += timedelta(seconds=waits[-1])
        assert await wait(attempts, at(), now) == 0
    assert waits == [1, 2, 4, 8]


async def test_spellings_of_an_address_are_one_account(attempts: Attempts) -> None:
    await fail(attempts, at("Ada@Example.COM"), OWN.free)
    assert await wait(attempts, at("ada@example.com")) == 1
    assert await wait(attempts, at("eve@example.com")) == 0


async def test_who_comes_too_early_makes_it_no_worse(attempts: Attempts) -> None:
    await fail(attempts, at(), OWN.free)
    for _ in range(20):
        assert await wait(attempts, at()) == 1
    assert await wait(attempts, at(), NOW + timedelta(seconds=1)) == 0


async def test_a_success_begins_anew(attempts: Attempts) -> None:
    await fail(attempts, at(), OWN.free - 1)
    await succeed(attempts, at())
    await fail(attempts, at(), OWN.free)
    assert await wait(attempts, at()) == 1


async def test_what_neither_failed_nor_succeeded_is_taken_back(attempts: Attempts) -> None:
    for _ in range(OWN.free * 2):
        await attempts.take_back(await attempts.begin(at(), NOW), NOW)
    assert await wait(attempts, at()) == 0
    counted = await attempts.begin(at("eve@example.com"), NOW)
    await attempts.take_back(counted, NOW)
    assert not (await attempts.begin(at("eve@example.com"), NOW)).known


async def test_many_addresses_together_wait_too(attempts: Attempts) -> None:
    await from_many(attempts, STRANGERS.free)
    assert await wait(attempts, at(client=ELSEWHERE)) == 1
    assert await wait(attempts, at("eve@example.com", client=ELSEWHERE)) == 0


async def test_a_client_that_has_signed_in_before_is_not_hindered_by_strangers(
    attempts: Attempts,
) -> None:
    await succeed(attempts, at(client=HOME))
    await from_many(attempts, STRANGERS.free)
    assert await wait(attempts, at(client=ELSEWHERE)) > 0
    assert (await succeed(attempts, at(client=HOME))).known
    assert await wait(attempts, at(client=ELSEWHERE)) > 0, "which does not let strangers on"


async def test_who_proves_it_in_another_way_is_known_from_then_on(attempts: Attempts) -> None:
    """A way in for the owner, on a new device, while strangers guess."""
    await from_many(attempts, STRANGERS.free)
    assert await wait(attempts, at(client=ELSEWHERE)) > 0
    limited = LimitedAttempts(attempts, MovableClock(NOW))
    await limited.passed(at(client=ELSEWHERE))
    assert (await attempts.begin(at(client=ELSEWHERE), NOW)).known
    assert await wait(attempts, at(client=HOME)) > 0


async def test_a_right_password_that_is_not_enough_is_a_failure_until_more_is_given(
    attempts: Attempts,
) -> None:
    limited = LimitedAttempts(attempts, MovableClock(NOW))

    async def not_enough() -> None:
        raise InvalidCredentialsError("A code is needed, too.")

    for _ in range(OWN.free):
        with pytest.raises(InvalidCredentialsError):
            await limited.run(at(), not_enough)
    assert await wait(attempts, at()) == 1
    await limited.passed(at())
    assert await wait(attempts, at()) == 0


async def test_a_client_is_known_for_a_while_only(attempts: Attempts) -> None:
    await succeed(attempts, at())
    just = await attempts.begin(at(), NOW + KNOWN_FOR - timedelta(seconds=1))
    late = await attempts.begin(at(), NOW + KNOWN_FOR)
    assert (just.known, late.known) == (True, False)


async def test_a_device_is_not_hindered_by_who_shares_its_address(attempts: Attempts) -> None:
    await fail(attempts, at(), OWN.free)
    assert await wait(attempts, at()) == 1
    await succeed(attempts, at(device="a phone"))
    await fail(attempts, at(device="a phone"), OWN.free)
    assert await wait(attempts, at(device="a phone")) == 1, "its own failures do hinder it"
    assert await wait(attempts, at(device="a laptop")) == 0


async def test_one_client_with_many_accounts_waits_too(attempts: Attempts) -> None:
    """One password tried at many accounts, or a list of stolen ones."""
    await succeed(attempts, at("mine@example.com", client=ELSEWHERE))
    for number in range(CLIENT.free):
        await attempts.begin(at(f"{number}@example.com", client=ELSEWHERE), NOW)
    assert await wait(attempts, at("next@example.com", client=ELSEWHERE)) == 1
    assert await wait(attempts, at("next@example.com", client=HOME)) == 0
    assert await wait(attempts, at("mine@example.com", client=ELSEWHERE)) == 0, "it knows me"


async def test_success_at_ones_own_account_forgives_nothing_at_others(attempts: Attempts) -> None:
    await fail(attempts, at("ada@example.com", client=ELSEWHERE), OWN.free)
    await succeed(attempts, at("eve@example.com", client=ELSEWHERE))
    assert await wait(attempts, at("ada@example.com", client=ELSEWHERE)) == 1


async def test_passwords_and_codes_are_counted_apart(attempts: Attempts) -> None:
    await fail(attempts, at(), OWN.free)
    code = Attempt("code", at().account, HOME)
    assert await wait(attempts, code) == 0


async def test_who_guesses_in_a_session_slows_down_nobody_else(attempts: Attempts) -> None:
    """Neither the account's other sessions, nor signing in, nor other accounts."""
    stolen = Attempt.in_session(ADA, SessionId(UUID(int=3)))
    await fail(attempts, stolen, OWN.free)
    assert await wait(attempts, stolen) == 1
    assert await wait(attempts, Attempt.in_session(ADA, SessionId(UUID(int=4)))) == 0
    assert (
        await wait(attempts, Attempt.in_session(UserId(UUID(int=2)), SessionId(UUID(int=3)))) == 0
    )
    assert await wait(attempts, at()) == 0
    assert await wait(attempts, at(device=str(UUID(int=3)))) == 0


async def test_refused_attempts_count_in_no_tally(attempts: Attempts) -> None:
    """What one tally refuses leaves no trace in the others."""
    await fail(attempts, at(client=ELSEWHERE), OWN.free)
    for _ in range(CLIENT.free + STRANGERS.free):
        assert await wait(attempts, at(client=ELSEWHERE)) == 1
    assert await wait(attempts, at("next@example.com", client=ELSEWHERE)) == 0
    assert await wait(attempts, at(client=HOME)) == 0


@pytest.mark.parametrize("before", [0, 3])
async def test_of_many_at_once_no_more_are_let_in_than_in_a_row(
    attempts: Attempts, before: int
) -> None:
    await fail(attempts, at(), before)
    waits = await asyncio.gather(*(wait(attempts, at()) for _ in range(40)))
    assert waits.count(0) == OWN.free - before
    assert set(waits) == {0, 1}


async def test_many_clients_and_accounts_at_once_get_in_nobodys_way(attempts: Attempts) -> None:
    """Tallies are shared crosswise; whoever waits for one holds none that is asked for."""
    tried = [
        at(f"{account}@example.com", client=f"198.51.100.{client}")
        for account in range(5)
        for client in range(5)
    ]
    assert set(await asyncio.gather(*(wait(attempts, each) for each in tried))) == {0}


async def test_nothing_that_could_be_read_is_kept(attempts: Attempts) -> None:
    keys = at().patience(known=False)
    assert len(keys) == 3
    assert all(b"ada" not in key and b"203" not in key and len(key) == 20 for key in keys)
    shifted = Attempt("password", "ab", "c")
    assert shifted.own_key != Attempt("password", "a", "bc").own_key

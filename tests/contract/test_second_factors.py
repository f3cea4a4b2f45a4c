"""What use cases may rely on of second factors and challenges, on both stores."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.identity import START, Identity, identity_in

from ecommerce.application.identity.queries import SecondFactorView
from ecommerce.domain.identity.login_challenge import LoginChallenge
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.shared.ids import UserId

LATER = START + timedelta(minutes=3, milliseconds=7)


@pytest.fixture(params=["memory", "postgres"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in(request.param, request)


async def put(identity: Identity, factor: SecondFactor) -> None:
    async with identity.transactions() as transaction:
        await transaction.second_factors.put(factor)
        await transaction.commit()


async def found(identity: Identity, user_id: UserId) -> SecondFactor | None:
    async with identity.transactions() as transaction:
        return await transaction.second_factors.of(user_id)


def facts(factor: SecondFactor | None) -> dict[str, object]:
    assert factor is not None
    return {name: getattr(factor, name) for name in SecondFactor.__dataclass_fields__}


async def test_a_second_factor_survives_a_round_trip(identity: Identity) -> None:
    user_id = await identity.open_account()
    assert await found(identity, user_id) is None
    begun = SecondFactor(user_id=user_id, sealed_secret=b"\0sealed", created_at=START)
    await put(identity, begun)
    assert facts(await found(identity, user_id)) == facts(begun)
    assert await identity.queries.second_factor(user_id) == SecondFactorView(False, None, 0)
    whole = replace(
        begun,
        sealed_secret=b"other",
        confirmed_at=LATER,
        last_step=2**40,
        recovery_hashes=frozenset({b"1", b"2" * 32}),
        failures=11,
        failed_at=LATER,
        step_up_failures=7,
        step_up_failed_at=START,
    )
    await put(identity, whole)
    loaded = await found(identity, user_id)
    assert facts(loaded) == facts(whole)
    assert await identity.queries.second_factor(user_id) == SecondFactorView(True, LATER, 2)
    async with identity.transactions() as transaction:
        first = await transaction.second_factors.of(user_id)
        assert first is not None
        first.failures = 99
        assert facts(await transaction.second_factors.of(user_id)) == facts(whole)
        await transaction.second_factors.remove(first)
        await transaction.commit()
    assert await found(identity, user_id) is None
    assert await identity.queries.second_factor(user_id) is None


async def test_what_is_not_committed_is_not_kept(identity: Identity) -> None:
    user_id = await identity.open_account()
    async with identity.transactions() as transaction:
        await transaction.second_factors.put(
            SecondFactor(user_id=user_id, sealed_secret=b"x", created_at=START)
        )
    assert await found(identity, user_id) is None


async def test_a_challenge_is_known_by_its_token_until_it_is_used(identity: Identity) -> None:
    user_id = await identity.open_account()
    made = LoginChallenge.issue(b"hash", user_id, 3, START)
    async with identity.transactions() as transaction:
        await transaction.login_challenges.add(made)
        await transaction.commit()
    async with identity.transactions() as transaction:
        assert await transaction.login_challenges.by_token(b"other") is None
        loaded = await transaction.login_challenges.by_token(b"hash")
        assert loaded is not None
        names = LoginChallenge.__dataclass_fields__
        assert [getattr(loaded, n) for n in names] == [getattr(made, n) for n in names]
        loaded.attempt(LATER)
        await transaction.login_challenges.attempted(loaded)
        await transaction.commit()
    async with identity.transactions() as transaction:
        loaded = await transaction.login_challenges.by_token(b"hash")
        assert loaded is not None
        assert loaded.attempts == 1
        await transaction.login_challenges.remove(loaded)
        await transaction.commit()
    async with identity.transactions() as transaction:
        assert await transaction.login_challenges.by_token(b"hash") is None


async def test_a_session_remembers_proofs(identity: Identity) -> None:
    await identity.open_account()
    tokens = await identity.sign_in()
    session_id = (await identity.authenticate(tokens.access_token)).session_id
    assert session_id is not None
    async with identity.transactions() as transaction:
        session = await transaction.sessions.by_id(session_id)
        assert session is not None
        assert (session.proved_at, session.proof_failures) == (START, 0)
        assert session.attempt_proof(LATER)
        await transaction.sessions.proved(session)
        await transaction.commit()
    async with identity.transactions() as transaction:
        session = await transaction.sessions.by_id(session_id)
        assert session is not None
        assert (session.proved_at, session.proof_failures) == (START, 1)
        session.prove(LATER)
        session.end(EndReason.STEP_UP_REFUSED, LATER)
        await transaction.sessions.proved(session)
        await transaction.commit()
    async with identity.transactions() as transaction:
        session = await transaction.sessions.by_id(session_id)
        assert session is not None
        assert (session.proved_at, session.proof_failures) == (LATER, 0)
        assert (session.ended_at, session.end_reason) == (LATER, EndReason.STEP_UP_REFUSED)

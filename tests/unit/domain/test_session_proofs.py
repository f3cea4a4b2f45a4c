"""How often somebody in a session may fail to prove whose it is."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.support.aftermath import held

from ecommerce.domain.identity.session import PROOF_ATTEMPTS, EndReason, Session
from ecommerce.domain.shared.ids import SessionId, UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def a_session(failures: int = 0) -> Session:
    return Session(
        id=SessionId(UUID(int=1)),
        user_id=UserId(UUID(int=2)),
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
        last_used_at=NOW,
        proof_failures=failures,
    )


def test_five_wrong_ones_in_a_row_and_the_last_ends_it() -> None:
    session, over = a_session(), []
    for _ in range(PROOF_ATTEMPTS):
        assert session.attempt_proof(LATER) is True
        session.refuse_proof(LATER)
        over.append(session.ended_at)
    assert over == [None, None, None, None, LATER]
    assert held(session) == {
        **held(a_session()),
        "proof_failures": 5,
        "ended_at": LATER,
        "end_reason": EndReason.STEP_UP_REFUSED,
    }


def test_one_more_at_once_than_there_may_be_is_not_looked_at_and_ends_it() -> None:
    session = a_session()
    allowed = [session.attempt_proof(LATER) for _ in range(PROOF_ATTEMPTS + 1)]
    assert allowed == [True, True, True, True, True, False]
    assert held(session) == {
        **held(a_session()),
        "proof_failures": 5,
        "ended_at": LATER,
        "end_reason": EndReason.STEP_UP_REFUSED,
    }


def test_a_proof_is_remembered_and_the_wrong_ones_before_it_are_forgotten() -> None:
    session = a_session(failures=PROOF_ATTEMPTS - 1)
    assert session.attempt_proof(LATER) is True
    session.prove(LATER)
    assert held(session) == {**held(a_session()), "proved_at": LATER, "proof_failures": 0}

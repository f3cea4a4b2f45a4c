from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ecommerce.domain.identity.errors import (
    InvalidTokenError,
    SessionEndedError,
    TokenReplayedError,
)
from ecommerce.domain.identity.session import EndReason, Session
from ecommerce.domain.shared.ids import SessionId, UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def a_session() -> Session:
    return Session(
        id=SessionId(UUID(int=1)),
        user_id=UserId(UUID(int=2)),
        created_at=NOW,
        expires_at=NOW + DAY,
        last_used_at=NOW,
    )


def test_a_session_lasts_until_it_expires() -> None:
    session = a_session()
    assert session.is_open(NOW + DAY - timedelta(milliseconds=1))
    assert not session.is_open(NOW + DAY)


def test_rotation_uses_the_token_and_prolongs_the_session() -> None:
    session = a_session()
    first = session.issue(b"1", NOW, NOW + DAY)
    second = session.rotate(first, b"2", NOW + DAY / 2, NOW + DAY / 2 + DAY)
    assert first.used_at == NOW + DAY / 2
    assert second.used_at is None
    assert second.session_id == session.id
    assert (first.issued_at, second.issued_at) == (NOW, NOW + DAY / 2)
    assert session.expires_at == second.expires_at == NOW + DAY / 2 + DAY


def test_a_used_token_is_a_replay() -> None:
    session = a_session()
    first = session.issue(b"1", NOW, NOW + DAY)
    session.rotate(first, b"2", NOW, NOW + DAY)
    with pytest.raises(TokenReplayedError):
        session.rotate(first, b"3", NOW, NOW + DAY)


def test_an_expired_token_is_refused_and_stays_unused() -> None:
    session = a_session()
    first = session.issue(b"1", NOW, NOW + DAY / 2)
    session.expires_at = NOW + DAY
    with pytest.raises(InvalidTokenError):
        session.rotate(first, b"2", NOW + DAY / 2, NOW + 2 * DAY)
    assert first.used_at is None


def test_an_ended_session_issues_nothing_and_ends_once() -> None:
    session = a_session()
    first = session.issue(b"1", NOW, NOW + DAY)
    session.end(EndReason.LOGGED_OUT, NOW)
    assert not session.is_open(NOW)
    with pytest.raises(SessionEndedError):
        session.rotate(first, b"2", NOW, NOW + DAY)
    assert first.used_at is None
    with pytest.raises(SessionEndedError):
        session.end(EndReason.TOKEN_REPLAYED, NOW + DAY)
    assert (session.end_reason, session.ended_at) == (EndReason.LOGGED_OUT, NOW)

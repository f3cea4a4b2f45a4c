from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ecommerce.domain.identity.errors import (
    InvalidTokenError,
    SessionEndedError,
    TokenReplayedError,
)
from ecommerce.domain.identity.session import EndReason, Session, SessionLifetime
from ecommerce.domain.shared.ids import SessionId, UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
A_DAY = SessionLifetime(DAY, 100 * DAY)


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
    first = session.issue(b"1", NOW, A_DAY)
    second = session.rotate(first, b"2", NOW + DAY / 2, A_DAY)
    assert first.used_at == NOW + DAY / 2
    assert second.used_at is None
    assert second.session_id == session.id
    assert (first.issued_at, second.issued_at) == (NOW, NOW + DAY / 2)
    assert session.expires_at == second.expires_at == NOW + DAY / 2 + DAY


def test_a_session_ends_however_often_it_is_refreshed() -> None:
    session, lifetime = a_session(), SessionLifetime(DAY, 3 * DAY)
    token = session.issue(b"1", NOW, lifetime)
    for hours in (20, 40, 60, 71):
        now = NOW + timedelta(hours=hours)
        token = session.rotate(token, bytes([hours]), now, lifetime)
        assert session.expires_at == token.expires_at == min(now + DAY, NOW + 3 * DAY)
    assert not session.is_open(NOW + 3 * DAY)


def test_a_session_that_has_lasted_too_long_by_now_is_over() -> None:
    session = a_session()
    session.expires_at = NOW + 9 * DAY
    token = session.issue(b"1", NOW, SessionLifetime(9 * DAY, 9 * DAY))
    shorter = SessionLifetime(9 * DAY, 2 * DAY)
    with pytest.raises(SessionEndedError):
        session.rotate(token, b"2", NOW + 2 * DAY, shorter)
    assert token.used_at is None
    session.rotate(token, b"2", NOW + 2 * DAY - timedelta(seconds=1), shorter)
    assert session.expires_at == NOW + 2 * DAY


def test_a_used_token_is_a_replay() -> None:
    session = a_session()
    first = session.issue(b"1", NOW, A_DAY)
    session.rotate(first, b"2", NOW, A_DAY)
    with pytest.raises(TokenReplayedError):
        session.rotate(first, b"3", NOW, A_DAY)


def test_an_expired_token_is_refused_and_stays_unused() -> None:
    session = a_session()
    first = session.issue(b"1", NOW, SessionLifetime(DAY / 2, 100 * DAY))
    session.expires_at = NOW + DAY
    with pytest.raises(InvalidTokenError):
        session.rotate(first, b"2", NOW + DAY / 2, A_DAY)
    assert first.used_at is None


def test_an_ended_session_issues_nothing_and_ends_once() -> None:
    session = a_session()
    first = session.issue(b"1", NOW, A_DAY)
    session.end(EndReason.LOGGED_OUT, NOW)
    assert not session.is_open(NOW)
    with pytest.raises(SessionEndedError):
        session.rotate(first, b"2", NOW, A_DAY)
    assert first.used_at is None
    with pytest.raises(SessionEndedError):
        session.end(EndReason.TOKEN_REPLAYED, NOW + DAY)
    assert (session.end_reason, session.ended_at) == (EndReason.LOGGED_OUT, NOW)

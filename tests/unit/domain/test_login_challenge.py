"""What stands between the password and the second factor."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.support.aftermath import held

from ecommerce.domain.identity.access_errors import ChallengeEndedError
from ecommerce.domain.identity.login_challenge import LoginChallenge
from ecommerce.domain.shared.ids import UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
ADA = UserId(UUID(int=1))


def test_it_holds_whose_it_is_as_the_account_was_for_five_minutes() -> None:
    assert held(LoginChallenge.issue(b"hash", ADA, 7, NOW)) == {
        "token_hash": b"hash",
        "user_id": ADA,
        "user_version": 7,
        "created_at": NOW,
        "expires_at": NOW + timedelta(minutes=5),
        "attempts": 0,
    }


def test_each_code_counts_and_one_that_is_refused_does_not() -> None:
    challenge, counted = LoginChallenge.issue(b"hash", ADA, 7, NOW), []
    for _ in range(5):
        challenge.attempt(NOW)
        counted.append(challenge.attempts)
    for late in (timedelta(0), timedelta(minutes=5)):
        with pytest.raises(ChallengeEndedError):
            challenge.attempt(NOW + late)
    assert [*counted, challenge.attempts] == [1, 2, 3, 4, 5, 5]

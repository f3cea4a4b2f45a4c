"""What a mailed token is bound to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import UnusableTokenError
from ecommerce.domain.identity.mailed_token import LIFETIMES, MailedToken, TokenPurpose
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.ids import UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
A_MOMENT = timedelta(milliseconds=1)


def a_user(number: int = 7, email: str = "Ada@example.com") -> User:
    return User.register(UserId(UUID(int=number)), Email(email), "hash", full_name=None, now=NOW)


@pytest.mark.parametrize("purpose", TokenPurpose)
def test_a_token_lasts_for_its_time(purpose: TokenPurpose) -> None:
    user = a_user()
    token = MailedToken.make(b"hash", user, purpose, NOW)
    assert token == MailedToken(
        token_hash=b"hash",
        user_id=user.id,
        purpose=purpose,
        email_key="ada@example.com",
        created_at=NOW,
        expires_at=NOW + LIFETIMES[purpose],
    )
    token.require_good(user, NOW + LIFETIMES[purpose] - A_MOMENT)
    with pytest.raises(UnusableTokenError):
        token.require_good(user, NOW + LIFETIMES[purpose])


@pytest.mark.parametrize("other", [a_user(8), a_user(7, "other@example.com")])
def test_a_token_is_good_for_one_account_at_one_address(other: User) -> None:
    token = MailedToken.make(b"hash", a_user(), TokenPurpose.VERIFY_EMAIL, NOW)
    token.require_good(a_user(7, "ADA@example.com"), NOW)
    with pytest.raises(UnusableTokenError):
        token.require_good(other, NOW)
    with pytest.raises(UnusableTokenError):
        replace(token, user_id=UserId(UUID(int=9))).require_good(a_user(), NOW)

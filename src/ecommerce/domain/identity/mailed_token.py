"""Tokens that go out by mail, and come back from whoever reads it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from ecommerce.domain.identity.errors import UnusableTokenError
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.ids import UserId


class TokenPurpose(Enum):
    """What a mailed token is good for, and for nothing else."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a secret


LIFETIMES: Final = {
    TokenPurpose.VERIFY_EMAIL: timedelta(hours=24),
    TokenPurpose.RESET_PASSWORD: timedelta(minutes=30),
}
"""How long a token is good after it was made."""


@dataclass(frozen=True, slots=True)
class LetterPace:
    """So many tokens of a purpose are good at once, and so long after one the next is made."""

    most: int
    apart: timedelta


PACES: Final = {
    TokenPurpose.VERIFY_EMAIL: LetterPace(5, timedelta()),
    TokenPurpose.RESET_PASSWORD: LetterPace(3, timedelta(minutes=2)),
}
"""Whoever asks, and however often: an owner has a link that works, and no flood of mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedToken:
    """Proof that somebody reads the mail of an account's address: known by its hash, good once.

    An account may have several of a purpose, since anybody can ask for another: a new one leaves
    those before it as they are, and when one is used, all of its purpose are.
    """

    token_hash: bytes
    user_id: UserId
    purpose: TokenPurpose
    email_key: str
    created_at: datetime
    expires_at: datetime

    @classmethod
    def make(
        cls, token_hash: bytes, user: User, purpose: TokenPurpose, now: datetime
    ) -> "MailedToken":
        """Bind a token to an account, the address it has now, and a purpose."""
        return cls(
            token_hash=token_hash,
            user_id=user.id,
            purpose=purpose,
            email_key=user.email.key,
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )

    def require_good(self, user: User, now: datetime) -> None:
        """Refuse it, with ``UnusableTokenError``, once it expired or the address is another."""
        if now >= self.expires_at or self.email_key != user.email.key or self.user_id != user.id:
            raise unusable()


def may_follow(purpose: TokenPurpose, made: Collection[datetime], now: datetime) -> bool:
    """Whether another token is made beside those that are good, which were made then."""
    pace = PACES[purpose]
    return len(made) < pace.most and all(now >= each + pace.apart for each in made)


def unusable() -> UnusableTokenError:
    """The one answer to every token that is not good, whatever the reason."""
    return UnusableTokenError("The token is not known, was used, or has expired.")

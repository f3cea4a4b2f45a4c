"""Between the password and the second factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ecommerce.domain.identity.access_errors import ChallengeEndedError
from ecommerce.domain.shared.ids import UserId

CHALLENGE_LIFETIME: Final = timedelta(minutes=5)
CHALLENGE_ATTEMPTS: Final = 5


@dataclass(slots=True, eq=False, kw_only=True)
class LoginChallenge:
    """Says that somebody gave the right password just now; a code of theirs makes it a session.

    Known by its hash, good for five codes within five minutes and for one sign-in, and only while
    the account is as it was (``user_version``).
    """

    token_hash: bytes
    user_id: UserId
    user_version: int
    created_at: datetime
    expires_at: datetime
    attempts: int = 0

    @classmethod
    def issue(
        cls, token_hash: bytes, user_id: UserId, user_version: int, now: datetime
    ) -> "LoginChallenge":
        """Make one."""
        return cls(
            token_hash=token_hash,
            user_id=user_id,
            user_version=user_version,
            created_at=now,
            expires_at=now + CHALLENGE_LIFETIME,
        )

    def attempt(self, now: datetime) -> None:
        """Count a code before it is looked at; ``ChallengeEndedError`` when there were enough."""
        if now >= self.expires_at or self.attempts >= CHALLENGE_ATTEMPTS:
            raise ChallengeEndedError("The challenge is over.")
        self.attempts += 1

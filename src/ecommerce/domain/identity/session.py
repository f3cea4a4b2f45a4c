"""Sign-ins, and the refresh tokens that keep them going."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.errors import (
    InvalidTokenError,
    SessionEndedError,
    TokenReplayedError,
)
from ecommerce.domain.shared.ids import SessionId, UserId

PROOF_ATTEMPTS: Final = 5
"""How many wrong passwords or codes in a row a session may send to step up."""


class EndReason(Enum):
    """Why a session is over."""

    LOGGED_OUT = "logged_out"
    TOKEN_REPLAYED = "token_replayed"  # noqa: S105 - a reason, not a secret
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a secret
    STEP_UP_REFUSED = "step_up_refused"
    SIGNED_OUT_BY_OWNER = "signed_out_by_owner"
    ACCOUNT_DISABLED = "account_disabled"


@dataclass(frozen=True, slots=True)
class SessionLifetime:
    """How long a session lasts: as long as nobody refreshes it, and at the longest, however often
    somebody does.
    """

    idle: timedelta = timedelta(days=30)
    longest: timedelta = timedelta(days=90)

    def end(self, created_at: datetime, now: datetime) -> datetime:
        """When a session ends that began then and is used now."""
        return min(now + self.idle, created_at + self.longest)


@dataclass(slots=True, eq=False, kw_only=True)
class RefreshToken:
    """One link of a session's chain, known by its hash and good for one use."""

    token_hash: bytes
    session_id: SessionId
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Session:
    """One sign-in: a family of refresh tokens and the access tokens made with them.

    It lasts as long as its newest refresh token, which is never longer than sessions may last since
    they began, and ends whole. ``proved_at`` is when its owner last proved who they are; it may be
    unknown, which counts as never.
    """

    id: SessionId
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime
    client: Client = field(default_factory=Client)
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    proved_at: datetime | None = None
    proof_failures: int = 0

    def is_open(self, now: datetime) -> bool:
        """Whether its tokens are good at this instant."""
        return self.ended_at is None and now < self.expires_at

    def issue(self, token_hash: bytes, now: datetime, lifetime: SessionLifetime) -> RefreshToken:
        """Make a new refresh token of this session, which lasts as long from now on.

        Raises ``SessionEndedError`` for one that has lasted as long as sessions may.
        """
        expires_at = lifetime.end(self.created_at, now)
        if not self.is_open(now) or now >= expires_at:
            raise SessionEndedError("The session is over.")
        self.expires_at = expires_at
        return RefreshToken(
            token_hash=token_hash, session_id=self.id, issued_at=now, expires_at=expires_at
        )

    def rotate(
        self, token: RefreshToken, token_hash: bytes, now: datetime, lifetime: SessionLifetime
    ) -> RefreshToken:
        """Use a refresh token up and issue the next one.

        Raises ``TokenReplayedError`` for one that was used before, which may be a stolen one: the
        session is to be ended then. Raises ``InvalidTokenError`` for one that expired.
        """
        if token.used_at is not None:
            raise TokenReplayedError("This refresh token was used before.")
        if now >= token.expires_at:
            raise InvalidTokenError("The refresh token has expired.")
        successor = self.issue(token_hash, now, lifetime)
        token.used_at = self.last_used_at = now
        return successor

    def attempt_proof(self, now: datetime) -> bool:
        """Count an attempt to prove who one is before it is looked at, so that those that come at
        once are no more than there may be; one too many ends the session.
        """
        if self.proof_failures >= PROOF_ATTEMPTS:
            self.end(EndReason.STEP_UP_REFUSED, now)
            return False
        self.proof_failures += 1
        return True

    def prove(self, now: datetime) -> None:
        """Remember that its owner proved just now who they are."""
        self.proved_at = now
        self.proof_failures = 0

    def refuse_proof(self, now: datetime) -> None:
        """Take note that an attempt proved nothing; the last one ends the session."""
        if self.proof_failures >= PROOF_ATTEMPTS:
            self.end(EndReason.STEP_UP_REFUSED, now)

    def end(self, reason: EndReason, now: datetime) -> None:
        """End it with all its tokens, at once."""
        if self.ended_at is not None:
            raise SessionEndedError("The session is over.")
        self.ended_at = now
        self.end_reason = reason

"""The pair of tokens that a sign-in gives."""

from dataclasses import dataclass, field
from datetime import datetime

from ecommerce.application.identity.doorkeeper import NewMarks
from ecommerce.application.identity.ports import AccessTokens, TokenSecrets
from ecommerce.domain.identity.session import Session, SessionLifetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The tokens of a session, and for how many seconds each is good."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int
    device_marks: NewMarks = None
    """For the device that somebody has just signed in with."""


@dataclass(frozen=True, slots=True)
class NewRefreshToken:
    """A refresh token that no session has yet."""

    token: str
    token_hash: bytes


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """Makes both tokens, and knows how long sessions last."""

    access_tokens: AccessTokens
    secrets: TokenSecrets
    lifetime: SessionLifetime = field(default_factory=SessionLifetime)

    def new_refresh_token(self) -> NewRefreshToken:
        """Make a refresh token."""
        token = self.secrets.new()
        return NewRefreshToken(token, self.secrets.hash(token))

    def pair(self, session: Session, refresh: NewRefreshToken, now: datetime) -> SignedIn:
        """Put a session's new refresh token together with an access token."""
        access = self.access_tokens.issue(session.user_id, session.id, now)
        return SignedIn(
            access_token=access.token,
            expires_in=access.expires_in,
            refresh_token=refresh.token,
            refresh_expires_in=int((session.expires_at - now).total_seconds()),
        )

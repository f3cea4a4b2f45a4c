"""The pair of tokens that a sign-in gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ecommerce.application.identity.ports import AccessTokens, TokenSecrets
from ecommerce.domain.identity.session import Session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The tokens of a session, and for how many seconds each is good."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int
    address: str | None = None
    """That of the account, where somebody has just signed in."""


@dataclass(frozen=True, slots=True)
class NewRefreshToken:
    """A refresh token that no session has yet."""

    token: str
    token_hash: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """Makes both tokens; a refresh token is good for 30 days unless told otherwise."""

    access_tokens: AccessTokens
    secrets: TokenSecrets
    refresh_lifetime: timedelta = timedelta(days=30)

    def new_refresh_token(self, now: datetime) -> NewRefreshToken:
        """Make a refresh token."""
        token = self.secrets.new()
        return NewRefreshToken(token, self.secrets.hash(token), now + self.refresh_lifetime)

    def pair(self, session: Session, refresh: NewRefreshToken, now: datetime) -> SignedIn:
        """Put a session's new refresh token together with an access token."""
        access = self.access_tokens.issue(session.user_id, session.id, now)
        return SignedIn(
            access_token=access.token,
            expires_in=access.expires_in,
            refresh_token=refresh.token,
            refresh_expires_in=int(self.refresh_lifetime.total_seconds()),
        )

"""Staying signed in."""

from dataclasses import dataclass
from datetime import datetime

from ecommerce.application.identity.audited import session_ended
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.identity.session_tokens import SessionTokens, SignedIn
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import (
    InvalidTokenError,
    SessionEndedError,
    TokenReplayedError,
)
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.shared.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSession:
    """Trade a refresh token for new tokens."""

    refresh_token: str


@dataclass(frozen=True, slots=True)
class RefreshSessionHandler:
    """Replaces a refresh token, each of which is good once.

    One that comes again ends its session for everybody who holds a token of it: the shop cannot
    tell the thief from the owner. So of two that send the same token at once exactly one gets new
    tokens, and those are worthless as soon as the other is refused. A client sends one refresh at a
    time.
    """

    transactions: TransactionFactory[IdentityTransaction]
    queries: IdentityQueries
    tokens: SessionTokens
    letters: Letters
    clock: Clock

    async def __call__(self, command: RefreshSession) -> SignedIn:
        """Replace the token.

        Raises ``InvalidTokenError`` for one that is unknown or expired, ``TokenReplayedError`` for
        one that was used before, ``SessionEndedError`` when its session is over, has lasted as
        long as sessions may, or the account is disabled.
        """
        now = self.clock.now()
        refresh = self.tokens.new_refresh_token()
        async with self.transactions() as transaction:
            found = await transaction.sessions.by_token(
                self.tokens.secrets.hash(command.refresh_token)
            )
            if found is None:
                raise InvalidTokenError("The refresh token is not known.")
            session, used = found
            principal = await self.queries.principal(session.id)
            if principal is None or not principal.is_signed_in(now):
                raise SessionEndedError("The session is over.")
            try:
                issued = session.rotate(used, refresh.token_hash, now, self.tokens.lifetime)
            except TokenReplayedError:
                session.end(EndReason.TOKEN_REPLAYED, now)
                await transaction.sessions.ended(session)
                transaction.audit.record(session_ended(session, EndReason.TOKEN_REPLAYED))
                await self._warn(transaction, session.user_id, now)
                await transaction.commit()
                raise
            await transaction.sessions.rotated(session, used, issued)
            await transaction.commit()
        return self.tokens.pair(session, refresh, now)

    async def _warn(self, transaction: IdentityTransaction, user_id: UserId, now: datetime) -> None:
        """Tell the owner. The account is read and not locked: accounts come before sessions."""
        owner = await self.queries.user(user_id)
        if owner is not None:
            letter = self.letters.session_replayed(Email.kept(owner.email), user_id, now)
            await transaction.mail.add(letter)

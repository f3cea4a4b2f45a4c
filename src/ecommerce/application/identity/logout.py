"""Signing out."""

from dataclasses import dataclass

from ecommerce.application.identity.audited import session_ended
from ecommerce.application.identity.ports import IdentityTransaction, TokenSecrets
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.session import EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """End the session that a refresh token belongs to."""

    refresh_token: str


@dataclass(frozen=True, slots=True)
class LogoutHandler:
    """Ends a session: none of its tokens is good from then on.

    A token that is unknown, used or expired is no error, and neither is a session that is over:
    whoever wants to be signed out is (RFC 7009, 2.2).
    """

    transactions: TransactionFactory[IdentityTransaction]
    secrets: TokenSecrets
    clock: Clock

    async def __call__(self, command: Logout) -> None:
        """End the session if there is one."""
        now = self.clock.now()
        async with self.transactions() as transaction:
            found = await transaction.sessions.by_token(self.secrets.hash(command.refresh_token))
            if found is None or found[0].ended_at is not None:
                return
            session, _ = found
            session.end(EndReason.LOGGED_OUT, now)
            await transaction.sessions.ended(session)
            transaction.audit.record(session_ended(session, EndReason.LOGGED_OUT))
            await transaction.commit()

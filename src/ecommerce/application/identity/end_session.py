"""Signing out somewhere else."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.audited import session_ended
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.errors import SessionNotFoundError
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.shared.ids import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """End one of one's own sessions."""

    actor: Actor
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class EndSessionHandler:
    """Ends a session for its owner: none of its tokens is good from then on."""

    transactions: TransactionFactory[IdentityTransaction]
    clock: Clock

    async def __call__(self, command: EndSession) -> None:
        """End it; ``SessionNotFoundError`` for one that is over or somebody else's."""
        now = self.clock.now()
        async with self.transactions() as transaction:
            owner = await acting(transaction, command.actor)
            session = await transaction.sessions.by_id(command.session_id)
            if session is None or session.user_id != owner.id or not session.is_open(now):
                raise SessionNotFoundError("There is no such sign-in of yours.")
            session.end(EndReason.SIGNED_OUT_BY_OWNER, now)
            await transaction.sessions.ended(session)
            transaction.audit.record(session_ended(session, EndReason.SIGNED_OUT_BY_OWNER))
            await transaction.commit()

"""How a session begins, whichever way its owner proved who they are."""

from dataclasses import dataclass
from datetime import datetime

from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.identity.session_tokens import SessionTokens, SignedIn
from ecommerce.application.shared.clock import Ids
from ecommerce.domain.identity.session import Session
from ecommerce.domain.shared.ids import SessionId, UserId


@dataclass(frozen=True, slots=True)
class NewSessions:
    """Begins sessions, inside the transaction that saw the proof."""

    tokens: SessionTokens
    ids: Ids

    async def begin(
        self, transaction: IdentityTransaction, user_id: UserId, now: datetime
    ) -> SignedIn:
        """Add a session with its first refresh token; the tokens are good once it is committed."""
        refresh = self.tokens.new_refresh_token(now)
        session = Session(
            id=SessionId(self.ids.new(now)),
            user_id=user_id,
            created_at=now,
            expires_at=refresh.expires_at,
            proved_at=now,
        )
        token = session.issue(refresh.token_hash, now, refresh.expires_at)
        await transaction.sessions.add(session, token)
        return self.tokens.pair(session, refresh, now)

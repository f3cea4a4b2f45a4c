"""How a session begins, whichever way its owner proved who they are."""

from dataclasses import dataclass
from datetime import datetime

from ecommerce.application.identity.audited import session_started
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.identity.session_tokens import SessionTokens, SignedIn
from ecommerce.application.shared.clock import Ids
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.session import Session
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.ids import SessionId


@dataclass(frozen=True, slots=True)
class NewSessions:
    """Begins sessions, inside the transaction that saw the proof."""

    tokens: SessionTokens
    letters: Letters
    ids: Ids

    async def begin(
        self, transaction: IdentityTransaction, user: User, client: Client, now: datetime
    ) -> SignedIn:
        """Add a session with its first refresh token; the tokens are good once it is committed.

        The owner gets a mail about a client that was not seen before.
        """
        refresh, lifetime = self.tokens.new_refresh_token(), self.tokens.lifetime
        session = Session(
            id=SessionId(self.ids.new(now)),
            user_id=user.id,
            created_at=now,
            expires_at=lifetime.end(now, now),
            last_used_at=now,
            client=client,
            proved_at=now,
        )
        token = session.issue(refresh.token_hash, now, lifetime)
        await transaction.sessions.add(session, token)
        transaction.audit.record(session_started(session))
        if not await transaction.known_clients.recognise(user.id, client.key, now):
            await transaction.mail.add(self.letters.new_sign_in(user.email, user.id, client, now))
        return self.tokens.pair(session, refresh, now)

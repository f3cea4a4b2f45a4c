"""Knowing who is asking."""

from dataclasses import dataclass

from ecommerce.application.identity.ports import AccessTokens
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.domain.identity.errors import InvalidTokenError, SessionEndedError
from ecommerce.domain.identity.permissions import permissions_of


@dataclass(frozen=True, slots=True)
class AuthenticateHandler:
    """Turns an access token into the caller it stands for.

    The signature is checked first, without I/O; then one statement says what the session and the
    account are now, so that signing out, disabling and a new role work at once.
    """

    access_tokens: AccessTokens
    queries: IdentityQueries
    clock: Clock

    async def __call__(self, token: str) -> Actor:
        """Find the caller; ``InvalidTokenError`` or ``SessionEndedError`` when there is none."""
        now = self.clock.now()
        claims = self.access_tokens.verify(token, now)
        principal = await self.queries.principal(claims.session_id)
        if principal is None or not principal.is_signed_in(now):
            raise SessionEndedError("The session is over.")
        if principal.user_id != claims.user_id:
            raise InvalidTokenError("The token's account and session do not belong together.")
        return Actor(
            user_id=principal.user_id,
            session_id=claims.session_id,
            role=principal.role.value,
            permissions=permissions_of(principal.role),
        )

"""Knowing who is asking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ecommerce.application.identity.access.ports import ApiKeySecrets, ApiKeyUses
from ecommerce.application.identity.ports import AccessTokens
from ecommerce.application.identity.queries import IdentityQueries, Standing
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.domain.identity.access_errors import ApiKeyEndedError
from ecommerce.domain.identity.errors import InvalidTokenError, SessionEndedError
from ecommerce.domain.identity.permissions import FOR_MACHINES, permissions_of
from ecommerce.domain.identity.user import Role

STEP_UP: Final = timedelta(minutes=15)
USE_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AuthenticateHandler:
    """Turns an access token or an API key into the caller it stands for.

    What can be told from the text alone is told first, without I/O: a token's signature, a key's
    checksum. Then one statement says what the session or the key, its account and that account's
    permissions are now, so that signing out, revoking, disabling and a new role work at once.
    """

    access_tokens: AccessTokens
    api_keys: ApiKeySecrets
    queries: IdentityQueries
    uses: ApiKeyUses
    clock: Clock
    step_up: timedelta = STEP_UP
    staff_second_factor: bool = False

    async def __call__(self, token: str) -> Actor:
        """Find the caller, or raise ``InvalidTokenError``, ``SessionEndedError`` or
        ``ApiKeyEndedError``.
        """
        now = self.clock.now()
        if self.api_keys.looks_like_one(token):
            return await self._of_key(token, now)
        claims = self.access_tokens.verify(token, now)
        principal = await self.queries.principal(claims.session_id)
        if principal is None or not principal.is_signed_in(now):
            raise SessionEndedError("The session is over.")
        account = principal.account
        if account.user_id != claims.user_id:
            raise InvalidTokenError("The token's account and session do not belong together.")
        proved_at = principal.proved_at
        return Actor(
            user_id=account.user_id,
            session_id=claims.session_id,
            role=account.role.value,
            permissions=permissions_of(account.role, account.given),
            proved=proved_at is not None and now < proved_at + self.step_up,
            has_second_factor=account.has_second_factor,
            lacks_second_factor=self._lacks_second_factor(account),
            short_password=_has_short_password(account),
        )

    async def _of_key(self, text: str, now: datetime) -> Actor:
        key_hash = self.api_keys.hash(text)
        if key_hash is None:
            raise InvalidTokenError("That is not an API key: its checksum is another.")
        key = await self.queries.key_holder(key_hash)
        if key is None or not key.is_good(now):
            raise ApiKeyEndedError("The API key is not valid.")
        account = key.account
        if key.last_used_at is None or now >= key.last_used_at + USE_NOTED_EVERY:
            self.uses.note(key.key_id, now)
        return Actor(
            user_id=account.user_id,
            session_id=None,
            role=account.role.value,
            permissions=(
                key.permissions & FOR_MACHINES & permissions_of(account.role, account.given)
            ),
            api_key_id=key.key_id,
            has_second_factor=account.has_second_factor,
            lacks_second_factor=self._lacks_second_factor(account),
            short_password=_has_short_password(account),
        )

    def _lacks_second_factor(self, account: Standing) -> bool:
        return (
            self.staff_second_factor
            and account.role is not Role.CUSTOMER
            and not account.has_second_factor
        )


def _has_short_password(account: Standing) -> bool:
    """Nothing but a password that is known to be short: what is not known yet is learned when they
    sign in.
    """
    return (
        account.role is not Role.CUSTOMER
        and account.long_password is False
        and not account.has_second_factor
    )

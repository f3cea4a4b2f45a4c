"""Making a key for a machine."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecommerce.application.identity.access.audited import api_key_made
from ecommerce.application.identity.access.permitted import permitted
from ecommerce.application.identity.access.ports import AccessTransaction, ApiKeySecrets
from ecommerce.application.identity.letters import Letters
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.api_key import ApiKey
from ecommerce.domain.identity.permissions import Permission, check_held
from ecommerce.domain.shared.ids import ApiKeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateApiKey:
    """Make a key of permissions that the actor holds, for some days."""

    actor: Actor
    name: str
    permissions: Sequence[str]
    days: int


@dataclass(frozen=True, slots=True)
class CreatedApiKey:
    """The key, and its text, which nobody can read again."""

    id: ApiKeyId
    text: str


@dataclass(frozen=True, slots=True)
class CreateApiKeyHandler:
    """Makes a key that can do no more than the one who makes it."""

    transactions: TransactionFactory[AccessTransaction]
    secrets: ApiKeySecrets
    letters: Letters
    clock: Clock
    ids: Ids

    async def __call__(self, command: CreateApiKey) -> CreatedApiKey:
        """Add it; ``PermissionNotHeldError`` for what the actor does not hold."""
        now = self.clock.now()
        secret = self.secrets.new()
        key = ApiKey.make(
            ApiKeyId(self.ids.new(now)),
            command.actor.user_id,
            name=command.name,
            start=secret.start,
            key_hash=secret.key_hash,
            permissions=command.permissions,
            days=command.days,
            now=now,
        )
        async with self.transactions() as transaction:
            giver = await permitted(transaction, command.actor, Permission.API_KEYS_WRITE)
            check_held(key.permissions, giver.held)
            await transaction.api_keys.add(key)
            transaction.audit.record(api_key_made(key))
            await transaction.mail.add(
                self.letters.api_key_made(giver.account.email, key.user_id, now)
            )
            await transaction.commit()
        return CreatedApiKey(key.id, secret.text)

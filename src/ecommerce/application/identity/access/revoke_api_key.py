"""Ending a machine's key."""

from dataclasses import dataclass

from ecommerce.application.identity.access.audited import api_key_revoked
from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import ApiKeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiKey:
    """End a key, whoever made it."""

    actor: Actor
    key_id: ApiKeyId


@dataclass(frozen=True, slots=True)
class RevokeApiKeyHandler:
    """Ends a key at once. It stays listed, so that what it did can be traced."""

    transactions: TransactionFactory[AccessTransaction]
    clock: Clock

    async def __call__(self, command: RevokeApiKey) -> None:
        """Revoke it; once more is no error. ``ApiKeyNotFoundError`` when there is none."""
        async with self.transactions() as transaction:
            key = await transaction.api_keys.get(command.key_id)
            if key.revoked_at is None:
                key.revoke(self.clock.now())
                await transaction.api_keys.save(key)
                transaction.audit.record(api_key_revoked(key))
            await transaction.commit()

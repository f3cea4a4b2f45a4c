"""Ending a machine's key."""

from dataclasses import dataclass

from ecommerce.application.identity.access.audited import api_key_revoked
from ecommerce.application.identity.access.permitted import permitted
from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.ids import ApiKeyId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiKey:
    """End a key, whoever made it."""

    actor: Actor
    key_id: ApiKeyId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class RevokeApiKeyHandler:
    """Ends a key at once. It stays listed, so that what it did can be traced."""

    transactions: TransactionFactory[AccessTransaction]
    clock: Clock

    async def __call__(self, command: RevokeApiKey) -> None:
        """Revoke it; once more is no error. ``ApiKeyNotFoundError`` when there is none,
        ``StaleVersionError`` when it was revoked since it was read.
        """
        async with self.transactions() as transaction:
            await permitted(transaction, command.actor, Permission.API_KEYS_WRITE)
            key = await transaction.api_keys.get(command.key_id)
            require_version(key.version, command.expected_version)
            if key.revoked_at is None:
                key.revoke(self.clock.now())
                await transaction.api_keys.save(key)
                transaction.audit.record(api_key_revoked(key))
            await transaction.commit()

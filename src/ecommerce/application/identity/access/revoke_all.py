"""Ending every key of an account, with what it was made for."""

from datetime import datetime

from ecommerce.application.identity.access.audited import api_key_revoked
from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.domain.shared.ids import UserId


async def revoke_all(
    transaction: AccessTransaction, user_id: UserId, now: datetime, *, by_owner: bool = False
) -> None:
    """Revoke the keys of a locked account that are not, and write each down."""
    for key in await transaction.api_keys.of(user_id):
        if key.revoked_at is None:
            key.revoke(now)
            await transaction.api_keys.save(key)
            transaction.audit.record(api_key_revoked(key, by_owner=by_owner))

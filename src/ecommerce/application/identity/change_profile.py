"""Changing what an account says of its owner."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.audited import profile_changed
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.application.shared.unset import UNSET, Unset, UnsetType
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProfile:
    """Change one's own account; what is not mentioned stays."""

    actor: Actor
    full_name: str | UnsetType | None = UNSET
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class ChangeProfileHandler:
    """Changes an account for its owner."""

    transactions: TransactionFactory[IdentityTransaction]
    clock: Clock

    async def __call__(self, command: ChangeProfile) -> None:
        """Apply the change, if it is one; ``StaleVersionError`` when the account changed since it
        was read.
        """
        async with self.transactions() as transaction:
            user = await acting(transaction, command.actor)
            require_version(user.version, command.expected_version)
            if not isinstance(command.full_name, Unset) and user.rename(
                command.full_name, self.clock.now()
            ):
                await transaction.users.save(user)
                transaction.audit.record(profile_changed(user, "full_name"))
            await transaction.commit()

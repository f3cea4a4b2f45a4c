"""Leaving the shop."""

from dataclasses import dataclass

from ecommerce.application.identity.access.revoke_all import revoke_all
from ecommerce.application.identity.access.take_all_roles import take_all_roles
from ecommerce.application.identity.acting import acting_on
from ecommerce.application.identity.audited import of_account
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.whole_account import WholeAccountTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.errors import LastAdminError
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAccount:
    """Delete one's own account."""

    actor: Actor
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class DeleteAccountHandler:
    """Forgets whose account it was: address, name, addresses, sign-ins, tokens and the second
    factor go, and so do its roles. Its API keys are revoked, and what they were called goes.

    A nameless row stays, for orders to refer to. The address can be registered again, as another
    account.
    """

    transactions: TransactionFactory[WholeAccountTransaction]
    letters: Letters
    clock: Clock

    async def __call__(self, command: DeleteAccount) -> None:
        """Delete it; ``LastAdminError`` for the only admin, ``StaleVersionError`` when it changed
        since it was read.
        """
        now = self.clock.now()
        async with self.transactions() as transaction:
            accounts = await acting_on(transaction, command.actor, command.actor.user_id)
            user = accounts[command.actor.user_id]
            require_version(user.version, command.expected_version)
            if {u.id for u in accounts.values() if u.is_active_admin} == {user.id}:
                raise LastAdminError("This is the only admin.")
            await transaction.sessions.forget_all(user.id)
            await transaction.mailed_tokens.forget(user.id)
            await transaction.known_clients.forget_all(user.id)
            await transaction.addresses.forget_all(user.id)
            await transaction.mail.forget(user.id)
            factor = await transaction.second_factors.of(user.id)
            if factor is not None:
                await transaction.second_factors.remove(factor)
            await take_all_roles(transaction, user.id)
            await revoke_all(transaction, user.id, now)
            for key in await transaction.api_keys.of(user.id):
                key.forget_name()
                await transaction.api_keys.save(key)
            await transaction.mail.add(self.letters.account_deleted(user.email, now))
            user.delete(now)
            await transaction.users.save(user)
            transaction.audit.record(of_account("deleted", user.id))
            await transaction.commit()

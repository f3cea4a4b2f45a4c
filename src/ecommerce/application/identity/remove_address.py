"""Taking an address out of one's book."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import AddressId
from ecommerce.domain.shared.versions import ExpectedVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAddress:
    """Take an address out of one's own book."""

    actor: Actor
    address_id: AddressId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class RemoveAddressHandler:
    """Removes an address; where it was a default, there is none until another is made one."""

    transactions: TransactionFactory[IdentityTransaction]

    async def __call__(self, command: RemoveAddress) -> None:
        """Remove it, or raise ``AddressNotFoundError`` or ``StaleVersionError``."""
        async with self.transactions() as transaction:
            owner = await acting(transaction, command.actor)
            book = await transaction.addresses.book_of(owner.id)
            entry = book.remove(command.address_id, expected_version=command.expected_version)
            await transaction.addresses.remove(entry)
            await transaction.commit()

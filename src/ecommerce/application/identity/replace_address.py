"""Replacing an address of one's book."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.address_book import AddressDetails
from ecommerce.domain.shared.ids import AddressId
from ecommerce.domain.shared.versions import ExpectedVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceAddress:
    """All that an address of one's own book is to say."""

    actor: Actor
    address_id: AddressId
    details: AddressDetails
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class ReplaceAddressHandler:
    """Replaces an address; orders that were sent to the old one keep their copy of it."""

    transactions: TransactionFactory[IdentityTransaction]
    clock: Clock

    async def __call__(self, command: ReplaceAddress) -> None:
        """Replace it, or raise ``AddressNotFoundError`` or ``StaleVersionError``."""
        async with self.transactions() as transaction:
            owner = await acting(transaction, command.actor)
            book = await transaction.addresses.book_of(owner.id)
            changed = book.replace(
                command.address_id,
                command.details,
                self.clock.now(),
                expected_version=command.expected_version,
            )
            for entry in changed:
                await transaction.addresses.save(entry)
            await transaction.commit()

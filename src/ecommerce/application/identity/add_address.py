"""Adding an address to one's book."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.address_book import AddressDetails
from ecommerce.domain.shared.ids import AddressId


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAddress:
    """Add an address to one's own book."""

    actor: Actor
    details: AddressDetails


@dataclass(frozen=True, slots=True)
class AddAddressHandler:
    """Adds an address; the first is the default of both kinds, and a new default takes the place of
    the one before it.
    """

    transactions: TransactionFactory[IdentityTransaction]
    clock: Clock
    ids: Ids

    async def __call__(self, command: AddAddress) -> AddressId:
        """Add it; ``AddressBookFullError`` when there are too many."""
        now = self.clock.now()
        async with self.transactions() as transaction:
            # Locked first, so that two at once do not both find room for one.
            owner = await acting(transaction, command.actor)
            book = await transaction.addresses.book_of(owner.id)
            entry, stepped_down = book.add(AddressId(self.ids.new(now)), command.details, now)
            for other in stepped_down:
                await transaction.addresses.save(other)
            await transaction.addresses.add(entry)
            await transaction.commit()
        return entry.id

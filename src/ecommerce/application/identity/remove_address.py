"""Taking an address out of one's book."""

from dataclasses import dataclass

from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.errors import UserNotFoundError
from ecommerce.domain.shared.ids import AddressId, UserId
from ecommerce.domain.shared.versions import ExpectedVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAddress:
    """Take an address out of one's own book."""

    user_id: UserId
    address_id: AddressId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class RemoveAddressHandler:
    """Removes an address; where it was a default, there is none until another is made one."""

    transactions: TransactionFactory[IdentityTransaction]

    async def __call__(self, command: RemoveAddress) -> None:
        """Remove it, or raise ``AddressNotFoundError`` or ``StaleVersionError``."""
        async with self.transactions() as transaction:
            if await transaction.users.by_id(command.user_id) is None:
                raise UserNotFoundError("There is no such account.")
            book = await transaction.addresses.book_of(command.user_id)
            entry = book.remove(command.address_id, expected_version=command.expected_version)
            await transaction.addresses.remove(entry)
            await transaction.commit()

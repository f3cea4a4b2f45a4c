"""An account's addresses, and which of them are taken unless another is named."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ecommerce.domain.identity.errors import AddressBookFullError, AddressNotFoundError
from ecommerce.domain.shared.ids import AddressId, UserId
from ecommerce.domain.shared.postal_address import PostalAddress
from ecommerce.domain.shared.versions import ExpectedVersion, require_version

MAX_ADDRESSES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressDetails:
    """What an entry of the book says."""

    address: PostalAddress
    default_shipping: bool = False
    default_billing: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class BookedAddress:
    """An entry of an account's address book."""

    id: AddressId
    user_id: UserId
    details: AddressDetails
    version: int
    created_at: datetime
    updated_at: datetime

    def _change(self, details: AddressDetails, at: datetime) -> bool:
        if details == self.details:
            return False
        self.details = details
        self.version += 1
        self.updated_at = at
        return True


@dataclass(slots=True, eq=False)
class AddressBook:
    """All addresses of one account: at most 50, at most one default of each kind.

    Methods that change entries return those changed, in an order in which they can be written one
    by one without two defaults of a kind at any moment.
    """

    user_id: UserId
    entries: list[BookedAddress]

    def add(
        self, address_id: AddressId, details: AddressDetails, at: datetime
    ) -> tuple[BookedAddress, list[BookedAddress]]:
        """Add an entry; the first one is the default of both kinds. ``AddressBookFullError``."""
        if len(self.entries) >= MAX_ADDRESSES:
            raise AddressBookFullError(f"An account has {MAX_ADDRESSES} addresses at the most.")
        if not self.entries:
            details = AddressDetails(
                address=details.address, default_shipping=True, default_billing=True
            )
        entry = BookedAddress(
            id=address_id,
            user_id=self.user_id,
            details=details,
            version=1,
            created_at=at,
            updated_at=at,
        )
        stepped_down = self._step_down(entry, at)
        self.entries.append(entry)
        return entry, stepped_down

    def replace(
        self,
        address_id: AddressId,
        details: AddressDetails,
        at: datetime,
        *,
        expected_version: ExpectedVersion = None,
    ) -> list[BookedAddress]:
        """Let an entry say this from now on. Raises ``AddressNotFoundError`` and
        ``StaleVersionError``.
        """
        entry = self._entry(address_id)
        require_version(entry.version, expected_version)
        if not entry._change(details, at):  # noqa: SLF001 - the book's own entry
            return []
        return [*self._step_down(entry, at), entry]

    def remove(
        self, address_id: AddressId, *, expected_version: ExpectedVersion = None
    ) -> BookedAddress:
        """Take an entry out; a default that goes leaves none. Raises as ``replace`` does."""
        entry = self._entry(address_id)
        require_version(entry.version, expected_version)
        self.entries.remove(entry)
        return entry

    def _entry(self, address_id: AddressId) -> BookedAddress:
        for entry in self.entries:
            if entry.id == address_id:
                return entry
        raise AddressNotFoundError("There is no such address.")

    def _step_down(self, newest: BookedAddress, at: datetime) -> list[BookedAddress]:
        """No other entry is a default of a kind that the newest is one of."""
        kept = newest.details
        return [
            other
            for other in self.entries
            if other is not newest
            and other._change(  # noqa: SLF001 - the book's own entry
                AddressDetails(
                    address=other.details.address,
                    default_shipping=other.details.default_shipping and not kept.default_shipping,
                    default_billing=other.details.default_billing and not kept.default_billing,
                ),
                at,
            )
        ]

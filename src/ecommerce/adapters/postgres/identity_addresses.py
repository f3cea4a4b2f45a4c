"""Address books in PostgreSQL."""

from dataclasses import asdict
from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import (
    Connection,
    Parameters,
    Row,
    Statement,
    execute,
    fetch_all,
)
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
from ecommerce.domain.identity.address_book import AddressBook, AddressDetails, BookedAddress
from ecommerce.domain.shared.ids import AddressId, UserId
from ecommerce.domain.shared.postal_address import PostalAddress

_entry = t.booked_address

_POSTAL: Final = (
    "full_name",
    "company",
    "line1",
    "line2",
    "city",
    "region",
    "postal_code",
    "country",
    "phone",
)
_BOOK: Final = Statement(
    sa.select(
        _entry.c.id,
        _entry.c.default_shipping,
        _entry.c.default_billing,
        _entry.c.version,
        _entry.c.created_at,
        _entry.c.updated_at,
        *(_entry.c[name] for name in _POSTAL),
    )
    .where(_entry.c.user_id == bound(_entry.c.user_id))
    .order_by(_entry.c.id)
)
_ADD: Final = insert_whole(_entry)
_SAVE: Final = Statement(
    sa.update(_entry)
    .where(_entry.c.id == bound(_entry.c.id, "of"))
    .values({c.name: bound(c) for c in _entry.c if c.name not in {"id", "user_id", "created_at"}})
)
_REMOVE: Final = Statement(sa.delete(_entry).where(_entry.c.id == bound(_entry.c.id)))
_FORGET_ALL: Final = Statement(sa.delete(_entry).where(_entry.c.user_id == bound(_entry.c.user_id)))


class PostgresAddresses:
    """Addresses as rows; one default of each kind is the table's own constraint, too."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def book_of(self, user_id: UserId) -> AddressBook:
        """Read an account's rows; nobody else writes them while the account is locked."""
        rows = await fetch_all(self._connection, _BOOK, {"user_id": user_id})
        return AddressBook(user_id, [_to_entry(user_id, row) for row in rows])

    async def add(self, entry: BookedAddress) -> None:
        """Insert it."""
        await execute(self._connection, _ADD, _values(entry))

    async def save(self, entry: BookedAddress) -> None:
        """Write everything that can change."""
        await execute(self._connection, _SAVE, {**_values(entry), "of": entry.id})

    async def remove(self, entry: BookedAddress) -> None:
        """Delete it."""
        await execute(self._connection, _REMOVE, {"id": entry.id})

    async def forget_all(self, user_id: UserId) -> None:
        """Delete all of an account."""
        await execute(self._connection, _FORGET_ALL, {"user_id": user_id})


def _values(entry: BookedAddress) -> Parameters:
    return {
        **asdict(entry.details.address),
        "id": entry.id,
        "user_id": entry.user_id,
        "default_shipping": entry.details.default_shipping,
        "default_billing": entry.details.default_billing,
        "version": entry.version,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
    }


def _to_entry(user_id: UserId, row: Row) -> BookedAddress:
    entry_id, shipping, billing, version, created, updated = row[:6]
    return BookedAddress(
        id=AddressId(entry_id),
        user_id=user_id,
        details=AddressDetails(
            address=PostalAddress(**dict(zip(_POSTAL, row[6:], strict=True))),
            default_shipping=shipping,
            default_billing=billing,
        ),
        version=version,
        created_at=created,
        updated_at=updated,
    )

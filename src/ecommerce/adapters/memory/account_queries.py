"""Reads of what belongs to accounts, from memory."""

from dataclasses import fields
from datetime import datetime
from typing import Final

from ecommerce.adapters.memory.paging import page_of
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.identity.queries import (
    AccountFilter,
    AccountView,
    AddressView,
    SessionView,
)
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.identity.address_book import BookedAddress
from ecommerce.domain.identity.session import Session
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.ids import AddressId, UserId


class InMemoryAccountQueries:
    """Looks at everything, each time."""

    def __init__(self, transactions: InMemoryTransactions) -> None:
        self._transactions: Final = transactions

    async def accounts(self, criteria: AccountFilter, page: PageRequest) -> Page[AccountView]:
        """Cut a page out of those that match."""
        users = self._transactions.visible.users.values()
        found = [_account(user) for user in users if _matches(user, criteria)]
        return page_of(found, page, lambda each: (None, each.id), descending=True)

    async def account(self, user_id: UserId) -> AccountView | None:
        """Look up by id."""
        user = self._transactions.visible.users.get(user_id)
        return None if user is None or user.deleted_at is not None else _account(user)

    async def sessions(
        self, user_id: UserId, now: datetime, page: PageRequest
    ) -> Page[SessionView]:
        """Cut a page out of the account's that last."""
        sessions = self._transactions.visible.sessions.values()
        found = [_session(s) for s in sessions if s.user_id == user_id and s.is_open(now)]
        return page_of(found, page, lambda each: (None, each.id), descending=True)

    async def addresses(self, user_id: UserId, page: PageRequest) -> Page[AddressView]:
        """Cut a page out of the account's."""
        addresses = self._transactions.visible.addresses.values()
        found = [_address(a) for a in addresses if a.user_id == user_id]
        return page_of(found, page, lambda each: (None, each.id))

    async def address(self, user_id: UserId, address_id: AddressId) -> AddressView | None:
        """Look up by id."""
        found = self._transactions.visible.addresses.get(address_id)
        return None if found is None or found.user_id != user_id else _address(found)


def _matches(user: User, criteria: AccountFilter) -> bool:
    return (
        user.deleted_at is None
        and (criteria.email is None or user.email.key == criteria.email.key)
        and criteria.role in {None, user.role}
        and criteria.disabled in {None, user.disabled}
        and (criteria.created_after is None or user.created_at > criteria.created_after)
    )


def _account(user: User) -> AccountView:
    shown = {f.name: getattr(user, f.name) for f in fields(AccountView)}
    return AccountView(**{**shown, "email": user.email.value})


def _session(session: Session) -> SessionView:
    return SessionView(
        id=session.id,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        expires_at=session.expires_at,
        user_agent=session.client.user_agent,
        client_address=session.client.address,
    )


def _address(entry: BookedAddress) -> AddressView:
    address, details = entry.details.address, entry.details
    return AddressView(
        id=entry.id,
        full_name=address.full_name,
        company=address.company,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
        phone=address.phone,
        default_shipping=details.default_shipping,
        default_billing=details.default_billing,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
        version=entry.version,
    )

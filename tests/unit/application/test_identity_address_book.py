"""Keeping an address book: what it says after each change, and whose it is."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.support.identity import START, Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.add_address import AddAddress
from ecommerce.application.identity.remove_address import RemoveAddress
from ecommerce.application.identity.replace_address import ReplaceAddress
from ecommerce.domain.identity.address_book import AddressDetails
from ecommerce.domain.identity.errors import AddressNotFoundError, SessionEndedError
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import AddressId, UserId
from ecommerce.domain.shared.postal_address import PostalAddress

LATER = START + timedelta(hours=1)
NOBODY = UserId(UUID(int=9))


def at(line: str, *, shipping: bool = False, billing: bool = False) -> AddressDetails:
    address = PostalAddress(full_name="Ada", line1=line, city="London", country="GB")
    return AddressDetails(address=address, default_shipping=shipping, default_billing=billing)


async def a_shop() -> tuple[Identity, MemoryStore, UserId]:
    identity, store = identity_in_memory()
    return identity, store, await identity.open_account()


async def a_book(*details: AddressDetails) -> tuple[Identity, MemoryStore, UserId, list[AddressId]]:
    """Ada's, an hour ago."""
    identity, store, ada = await a_shop()
    added = [
        await identity.add_address(AddAddress(actor=await identity.acting(ada), details=each))
        for each in details
    ]
    identity.clock.move(timedelta(hours=1))
    return identity, store, ada, added


def said(
    store: MemoryStore, user_id: UserId
) -> dict[UUID, tuple[AddressDetails, int, datetime, datetime]]:
    """What the account's book says: each entry with its version, and since when it says so."""
    return {
        key: (entry.details, entry.version, entry.created_at, entry.updated_at)
        for key, entry in store.committed.addresses.items()
        if (entry.id, entry.user_id) == (key, user_id)
    }


async def test_the_first_address_is_the_default_of_both_kinds() -> None:
    identity, store, ada = await a_shop()
    first = await identity.add_address(
        AddAddress(actor=await identity.acting(ada), details=at("1"))
    )
    assert said(store, ada) == {first: (at("1", shipping=True, billing=True), 1, START, START)}
    assert first.int >> 80 == round(START.timestamp() * 1000)


async def test_a_new_default_makes_the_one_before_it_step_down() -> None:
    identity, store, ada, (first,) = await a_book(at("1"))
    second = await identity.add_address(
        AddAddress(actor=await identity.acting(ada), details=at("2", shipping=True))
    )
    assert said(store, ada) == {
        first: (at("1", billing=True), 2, START, LATER),
        second: (at("2", shipping=True), 1, LATER, LATER),
    }


async def test_a_replaced_address_says_what_it_is_told_and_can_become_a_default() -> None:
    identity, store, ada, (first, second) = await a_book(at("1"), at("2"))
    await identity.replace_address(
        ReplaceAddress(
            actor=await identity.acting(ada),
            address_id=second,
            details=at("3", billing=True),
            expected_version=1,
        )
    )
    assert said(store, ada) == {
        first: (at("1", shipping=True), 2, START, LATER),
        second: (at("3", billing=True), 2, START, LATER),
    }


async def test_an_address_that_says_the_same_again_stays_as_it_is() -> None:
    identity, store, ada, (first,) = await a_book(at("1"))
    before = said(store, ada)
    await identity.replace_address(
        ReplaceAddress(
            actor=await identity.acting(ada),
            address_id=first,
            details=at("1", shipping=True, billing=True),
        )
    )
    assert said(store, ada) == before


async def test_a_removed_address_leaves_the_others_as_they_are() -> None:
    identity, store, ada, (first, second) = await a_book(at("1"), at("2"))
    await identity.remove_address(
        RemoveAddress(actor=await identity.acting(ada), address_id=first, expected_version=1)
    )
    assert said(store, ada) == {second: (at("2"), 1, START, START)}
    await identity.remove_address(
        RemoveAddress(actor=await identity.acting(ada), address_id=second)
    )
    assert said(store, ada) == {}


async def test_what_changed_meanwhile_or_is_not_there_is_neither_replaced_nor_removed() -> None:
    identity, store, ada, (first,) = await a_book(at("1"))
    before = said(store, ada)
    for address_id, version, refusal in (
        (first, 2, StaleVersionError),
        (AddressId(UUID(int=9)), None, AddressNotFoundError),
    ):
        with pytest.raises(refusal):
            await identity.replace_address(
                ReplaceAddress(
                    actor=await identity.acting(ada),
                    address_id=address_id,
                    details=at("2"),
                    expected_version=version,
                )
            )
        with pytest.raises(refusal):
            await identity.remove_address(
                RemoveAddress(
                    actor=await identity.acting(ada),
                    address_id=address_id,
                    expected_version=version,
                )
            )
    assert said(store, ada) == before


async def test_nobody_reaches_into_the_book_of_another() -> None:
    identity, store, ada, (first,) = await a_book(at("1"))
    kate = await identity.open_account("kate@example.com")
    before = said(store, ada)
    with pytest.raises(AddressNotFoundError):
        await identity.replace_address(
            ReplaceAddress(actor=await identity.acting(kate), address_id=first, details=at("Eve's"))
        )
    with pytest.raises(AddressNotFoundError):
        await identity.remove_address(
            RemoveAddress(actor=await identity.acting(kate), address_id=first)
        )
    own = await identity.add_address(
        AddAddress(actor=await identity.acting(kate), details=at("2", shipping=True))
    )
    assert said(store, ada) == before
    assert said(store, kate).keys() == {own}


async def test_without_an_account_there_is_no_book() -> None:
    identity, store, _, (first,) = await a_book(at("1"))
    for attempt in (
        identity.add_address(AddAddress(actor=await identity.acting(NOBODY), details=at("2"))),
        identity.replace_address(
            ReplaceAddress(actor=await identity.acting(NOBODY), address_id=first, details=at("2"))
        ),
        identity.remove_address(
            RemoveAddress(actor=await identity.acting(NOBODY), address_id=first)
        ),
    ):
        with pytest.raises(SessionEndedError):
            await attempt
    assert store.committed.addresses.keys() == {first}

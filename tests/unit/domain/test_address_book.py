"""An address book: bounded, and with one default of each kind at the most."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.domain.identity.address_book import (
    MAX_ADDRESSES,
    AddressBook,
    AddressDetails,
    BookedAddress,
)
from ecommerce.domain.identity.errors import AddressBookFullError, AddressNotFoundError
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import AddressId, UserId
from ecommerce.domain.shared.postal_address import PostalAddress

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SOMEWHERE = PostalAddress(full_name="Ada", line1="1", city="London", country="GB")


def number(of: int) -> AddressId:
    return AddressId(UUID(int=of))


def details(name: str = "Ada", *, shipping: bool = False, billing: bool = False) -> AddressDetails:
    address = PostalAddress(full_name=name, line1="1", city="London", country="GB")
    return AddressDetails(address=address, default_shipping=shipping, default_billing=billing)


def book() -> AddressBook:
    return AddressBook(UserId(UUID(int=1)), [])


def defaults(of: AddressBook) -> tuple[list[UUID], list[UUID]]:
    return (
        [entry.id for entry in of.entries if entry.details.default_shipping],
        [entry.id for entry in of.entries if entry.details.default_billing],
    )


def test_the_first_is_the_default_of_both_kinds() -> None:
    ours = book()
    entry, stepped_down = ours.add(number(1), details("Eve"), NOW)
    assert stepped_down == []
    assert defaults(ours) == ([entry.id], [entry.id])
    assert entry.details == details("Eve", shipping=True, billing=True)
    second, stepped_down = ours.add(number(2), details(), NOW)
    assert stepped_down == []
    assert (second.details.default_shipping, second.version) == (False, 1)


def test_a_new_default_takes_the_place_of_the_one_before_it() -> None:
    ours = book()
    first, _ = ours.add(number(1), details(), NOW)
    second, stepped_down = ours.add(number(2), details(shipping=True), LATER)
    assert stepped_down == [first]
    assert (first.version, first.updated_at, first.created_at) == (2, LATER, NOW)
    assert defaults(ours) == ([second.id], [first.id])
    latest = LATER + timedelta(hours=1)
    assert ours.replace(
        first.id, details(shipping=True, billing=True), latest, expected_version=2
    ) == [second, first]
    assert defaults(ours) == ([first.id], [first.id])
    assert (first.version, first.updated_at) == (3, latest)
    assert (second.version, second.updated_at) == (2, latest)


def test_what_changes_nothing_changes_no_version() -> None:
    ours = book()
    first, _ = ours.add(number(1), details(), NOW)
    assert ours.replace(first.id, first.details, LATER) == []
    assert (first.version, first.updated_at) == (1, NOW)


def test_a_stale_or_unknown_entry() -> None:
    ours = book()
    first, _ = ours.add(number(1), details(), NOW)
    with pytest.raises(StaleVersionError):
        ours.replace(first.id, details("Eve"), LATER, expected_version=2)
    with pytest.raises(StaleVersionError):
        ours.remove(first.id, expected_version=2)
    with pytest.raises(AddressNotFoundError):
        ours.replace(number(9), details(), LATER)
    with pytest.raises(AddressNotFoundError):
        ours.remove(number(9))
    assert ours.entries == [first]
    assert ours.remove(first.id, expected_version=1) is first
    assert ours.entries == []


def test_a_book_is_full_at_fifty() -> None:
    ours = book()
    for each in range(MAX_ADDRESSES):
        ours.add(number(each + 1), details(), NOW)
    with pytest.raises(AddressBookFullError):
        ours.add(number(99), details(), NOW)
    assert len(ours.entries) == MAX_ADDRESSES == 50


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "replace", "remove"]),
        st.integers(1, 6),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


@given(STEPS)
def test_there_is_one_default_of_a_kind_at_the_most_whatever_is_done(
    steps: list[tuple[str, int, bool, bool]],
) -> None:
    ours = book()
    written: dict[UUID, AddressDetails] = {}

    def write(entry: BookedAddress) -> None:
        written[entry.id] = entry.details
        for kind in ("default_shipping", "default_billing"):
            assert sum(getattr(each, kind) for each in written.values()) <= 1

    for step, (kind, which, shipping, billing) in enumerate(steps):
        said = details(f"n{step}", shipping=shipping, billing=billing)
        if kind == "add":
            entry, stepped_down = ours.add(number(100 + step), said, NOW)
            for each in (*stepped_down, entry):
                write(each)
        elif len(ours.entries) >= which:
            entry = ours.entries[which - 1]
            if kind == "remove":
                written.pop(ours.remove(entry.id).id)
            else:
                for each in ours.replace(entry.id, said, NOW):
                    write(each)
    assert written == {entry.id: entry.details for entry in ours.entries}

"""Devices that are known again: by which marks, for which account, and at what cost."""

from dataclasses import dataclass
from typing import Final

import pytest
from tests.support.counted import CountedQueries
from tests.support.identity import PASSWORD, Identity, identity_in_memory

from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.security.device_marks import HmacDeviceMarks
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.application.identity.change_password import ChangePassword
from ecommerce.application.identity.known_devices import MOST_MARKS, KnownDevices
from ecommerce.application.shared.unavailable import DatabaseUnavailableError
from ecommerce.domain.shared.ids import UserId

ADA, EVE, NOBODY = "ada@example.com", "eve@example.com", "nobody@example.com"
MALFORMED: Final = "no address"


@dataclass
class Shop:
    """Two accounts, and devices that are known to them or not."""

    identity: Identity
    queries: CountedQueries
    marks: HmacDeviceMarks
    devices: KnownDevices
    ada: UserId

    async def mark(self, address: str = ADA) -> str:
        """The newest mark of a device that has just signed in."""
        marks = await self.devices.new_marks((), address)
        assert marks is not None
        return marks[-1]

    async def change_password(self) -> None:
        acting = await self.identity.acting(self.ada)
        assert acting.session_id is not None
        await self.identity.change_password(
            ChangePassword(
                user_id=self.ada,
                session_id=acting.session_id,
                current_password=PASSWORD,
                new_password="patterns of algebra",
            )
        )


@pytest.fixture
async def shop() -> Shop:
    identity, _ = identity_in_memory()
    assert isinstance(identity.transactions, InMemoryTransactions)
    queries = CountedQueries(identity.transactions)
    marks = HmacDeviceMarks(KeyRing.generate(identity.clock.now()))
    ada = await identity.open_account(ADA)
    await identity.open_account(EVE)
    return Shop(identity, queries, marks, KnownDevices(marks, queries), ada)


async def test_a_device_is_known_by_the_mark_that_it_was_given(shop: Shop) -> None:
    mark = await shop.mark()
    shop.queries.looks = 0
    device = await shop.devices.recognise((mark,), ADA)
    assert device is not None
    assert mark.startswith(f"{device}.")
    assert await shop.devices.recognise((mark,), "ADA@Example.com") == device
    assert shop.queries.looks == 2


async def test_one_good_mark_among_others_is_enough_wherever_it_stands(shop: Shop) -> None:
    good, other = await shop.mark(ADA), await shop.mark(EVE)
    device = await shop.devices.recognise((good,), ADA)
    for shown in ((other, good), (good, other), ("none", good, other)):
        assert await shop.devices.recognise(shown, ADA) == device


async def test_of_two_good_marks_the_older_one_names_the_device(shop: Shop) -> None:
    older, newer = await shop.mark(), await shop.mark()
    assert await shop.devices.recognise((older, newer), ADA) == older.partition(".")[0]


async def test_a_mark_of_another_account_or_of_an_earlier_password_is_a_strangers(
    shop: Shop,
) -> None:
    mark = await shop.mark(ADA)
    assert await shop.devices.recognise((mark,), EVE) is None
    await shop.change_password()
    assert await shop.devices.recognise((mark,), ADA) is None


@pytest.mark.parametrize(("address", "looks"), [(ADA, 1), (NOBODY, 1), (MALFORMED, 0)])
async def test_who_shows_a_mark_costs_one_look_whether_there_is_an_account(
    shop: Shop, address: str, looks: int
) -> None:
    mark = shop.marks.make(address, "")  # as if nobody's secret were the empty one
    assert await shop.devices.recognise((mark,), address) is None
    assert shop.queries.looks == looks


@pytest.mark.parametrize("shown", [(), ("none",), ("",)])
async def test_who_shows_none_costs_no_look(shop: Shop, shown: tuple[str, ...]) -> None:
    assert await shop.devices.recognise(shown, ADA) is None
    assert shop.queries.looks == 0


async def test_only_so_many_marks_are_looked_at_and_those_the_newest(shop: Shop) -> None:
    good = await shop.mark()
    others = [await shop.mark(EVE) for _ in range(MOST_MARKS)]
    assert await shop.devices.recognise((good, *others[1:]), ADA)
    assert await shop.devices.recognise((good, *others), ADA) is None


async def test_a_new_mark_comes_after_those_that_were_shown(shop: Shop) -> None:
    other = await shop.mark(EVE)
    marks = await shop.devices.new_marks(("none", other), ADA)
    assert marks is not None
    assert marks[:-1] == (other,), "what is no mark is not given back"
    assert await shop.devices.recognise(marks[-1:], ADA)


async def test_of_too_many_the_oldest_goes(shop: Shop) -> None:
    others = [await shop.mark(EVE) for _ in range(MOST_MARKS)]
    marks = await shop.devices.new_marks(others, ADA)
    assert marks is not None
    assert list(marks[:-1]) == others[1:]
    assert len(marks) == MOST_MARKS


async def test_a_mark_that_is_good_goes_on_being_good(shop: Shop) -> None:
    mark = await shop.mark()
    assert await shop.devices.new_marks((mark,), ADA) is None
    await shop.change_password()
    assert await shop.devices.new_marks((mark,), ADA) is not None


@pytest.mark.parametrize("address", [NOBODY, MALFORMED])
async def test_nobody_is_given_a_mark_without_an_account(shop: Shop, address: str) -> None:
    assert await shop.devices.new_marks((), address) is None


async def test_a_database_that_is_away_gives_no_mark_and_undoes_nothing(shop: Shop) -> None:
    mark = await shop.mark()
    shop.queries.away = True
    assert await shop.devices.new_marks((), ADA) is None
    with pytest.raises(DatabaseUnavailableError):
        await shop.devices.recognise((mark,), ADA)

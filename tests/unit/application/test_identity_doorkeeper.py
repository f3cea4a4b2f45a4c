"""At what pace passwords are tried, whichever use case tries them, and who is known again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from tests.support.authority import challenged, with_second_factor
from tests.support.counted import CountedQueries
from tests.support.identity import PASSWORD, Identity, identity_in_memory
from tests.support.letters import forget, token_in, written
from typing_extensions import override

from ecommerce.adapters.memory.attempts import InMemoryAttempts
from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.identity.attempts import Attempt, CountedAttempt, LimitedAttempts
from ecommerce.application.identity.change_password import ChangePassword
from ecommerce.application.identity.doorkeeper import UNKNOWN_DEVICE, Device, Doorkeeper, NewMarks
from ecommerce.application.identity.known_devices import KnownDevices
from ecommerce.application.identity.login import Login
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactor
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.application.shared.unavailable import DatabaseUnavailableError
from ecommerce.domain.identity.attempts import OWN, STRANGERS
from ecommerce.domain.identity.errors import (
    InvalidCredentialsError,
    TooManyAttemptsError,
    WeakPasswordError,
    WrongPasswordError,
)
from ecommerce.domain.shared.ids import SessionId, UserId

ADA = "ada@example.com"
ANOTHER = "patterns of algebra"
HOME, ELSEWHERE = Device(network="203.0.113.1"), Device(network="198.51.100.7")


@dataclass
class Door:
    """An account, and how one gets in."""

    identity: Identity
    store: MemoryStore
    user_id: UserId

    async def sign_in(self, device: Device = HOME, password: str = PASSWORD) -> SignedIn:
        return await self.identity.login(Login(email=ADA, password=password, device=device))

    async def guess(self, device: Device, times: int) -> None:
        for _ in range(times):
            with pytest.raises(InvalidCredentialsError):
                await self.sign_in(device, "a wrong guess")

    async def attacked(self) -> None:
        """By so many strangers that nobody whom the account does not know is let in."""
        for n in range(STRANGERS.free // 5):
            await self.guess(Device(network=f"stranger {n}"), 5)

    async def reset(self, device: Device = HOME) -> NewMarks:
        await forget(self.identity)
        token = token_in(written(self.store, "reset_password")[-1])
        command = ResetPassword(token=token, password=ANOTHER, device=device)
        return await self.identity.reset_password(command)

    async def second_step(self, token: str, code: str, device: Device = HOME) -> SignedIn:
        command = LoginWithSecondFactor(challenge_token=token, code=code, device=device)
        return await self.identity.second_step(command)

    async def change(
        self, session_id: SessionId, present: str, new: str = ANOTHER, device: Device = HOME
    ) -> NewMarks:
        return await self.identity.change_password(
            ChangePassword(
                user_id=self.user_id,
                session_id=session_id,
                current_password=present,
                new_password=new,
                device=device,
            )
        )

    async def recognised(self, marks: Sequence[str] | None) -> bool:
        return await self.identity.known_devices.recognise(marks or (), ADA) is not None


@pytest.fixture
async def door() -> Door:
    identity, store = identity_in_memory()
    return Door(identity, store, await identity.open_account(ADA))


async def test_one_client_guesses_at_a_pace_and_hinders_no_other(door: Door) -> None:
    await door.guess(HOME, OWN.free)
    verified = door.identity.hasher.verified
    with pytest.raises(TooManyAttemptsError):
        await door.sign_in(HOME)
    assert door.identity.hasher.verified == verified, "nothing is tried"
    assert (await door.sign_in(ELSEWHERE)).access_token


async def test_a_device_that_signed_in_keeps_its_mark_and_is_known_by_it(door: Door) -> None:
    first = await door.sign_in()
    assert await door.recognised(first.device_marks)
    known = Device(network="anywhere", marks=first.device_marks or ())
    await door.attacked()
    with pytest.raises(TooManyAttemptsError):
        await door.sign_in(ELSEWHERE)
    again = await door.sign_in(known)
    assert again.device_marks is None, "the mark that it has goes on being good"


async def test_a_link_that_was_mailed_is_a_way_in_during_an_attack(door: Door) -> None:
    await door.attacked()
    with pytest.raises(TooManyAttemptsError):
        await door.sign_in(HOME)
    marks = await door.reset(HOME)
    assert await door.recognised(marks)
    assert (await door.sign_in(HOME, ANOTHER)).access_token, "known by where it is"
    known = Device(network="on the way", marks=marks or ())
    assert (await door.sign_in(known, ANOTHER)).access_token, "and by its mark"


async def test_a_second_factor_is_a_way_in_for_the_next_time(door: Door) -> None:
    _, codes = await with_second_factor(door.identity, door.user_id)
    token = await challenged(door.identity)
    await door.attacked()
    signed_in = await door.second_step(token, codes[0])
    assert await door.recognised(signed_in.device_marks)
    known = Device(network="on the way", marks=signed_in.device_marks or ())
    for device in (HOME, known):
        with pytest.raises(InvalidCredentialsError):
            await door.sign_in(device, "a wrong guess")


async def test_the_present_password_is_tried_at_a_pace_that_signing_in_does_not_know(
    door: Door,
) -> None:
    acting = await door.identity.acting(door.user_id)
    assert acting.session_id is not None
    for _ in range(OWN.free):
        with pytest.raises(WrongPasswordError):
            await door.change(acting.session_id, "a wrong guess")
    with pytest.raises(TooManyAttemptsError):
        await door.change(acting.session_id, PASSWORD)
    assert (await door.sign_in()).access_token


async def test_a_new_password_that_will_not_do_is_no_failure(door: Door) -> None:
    acting = await door.identity.acting(door.user_id)
    assert acting.session_id is not None
    for _ in range(OWN.free + 1):
        with pytest.raises(WeakPasswordError):
            await door.change(acting.session_id, PASSWORD, "password123")


async def test_a_new_password_has_the_device_known_by_a_new_mark(door: Door) -> None:
    old = (await door.sign_in()).device_marks or ()
    acting = await door.identity.acting(door.user_id)
    assert acting.session_id is not None
    marks = await door.change(acting.session_id, PASSWORD, device=Device(marks=old))
    assert not await door.recognised(old)
    assert marks is not None
    assert (marks[:-1], await door.recognised(marks[-1:])) == (old, True)


async def test_a_proof_is_not_undone_by_a_database_that_goes_away(door: Door) -> None:
    identity = door.identity
    assert isinstance(identity.transactions, InMemoryTransactions)
    queries = CountedQueries(identity.transactions)
    devices = KnownDevices(identity.known_devices.marks, queries)
    doorkeeper = Doorkeeper(identity.limited_attempts, devices)
    device = Device(marks=(await door.sign_in()).device_marks or ())
    queries.away = True
    assert await doorkeeper.passed(device, ADA) is None
    with pytest.raises(DatabaseUnavailableError):
        await doorkeeper.try_password(device, ADA, door.sign_in)


class ToldAttempts(InMemoryAttempts):
    """Real tallies that say what was tried."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[Attempt] = []

    @override
    async def begin(self, attempt: Attempt, now: datetime) -> CountedAttempt:
        self.tried.append(attempt)
        return await super().begin(attempt, now)


async def test_attempts_are_counted_by_address_network_and_known_device(door: Door) -> None:
    attempts, devices = ToldAttempts(), door.identity.known_devices
    doorkeeper = Doorkeeper(LimitedAttempts(attempts, door.identity.clock), devices)
    marks = (await door.sign_in()).device_marks or ()
    for device in (HOME, Device(network="on the way", marks=marks), UNKNOWN_DEVICE):
        await doorkeeper.try_password(device, ADA, door.sign_in)
    known = await devices.recognise(marks, ADA)
    assert known is not None
    assert attempts.tried == [
        Attempt.at_address(ADA, client="203.0.113.1"),
        Attempt.at_address(ADA, client="on the way", device=known),
        Attempt.at_address(ADA, client="unknown"),
    ]

"""Which rules hold wherever a password is set: by a change, a reset, or the operator."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import pytest
from tests.support.authority import change, with_second_factor
from tests.support.identity import PASSWORD, START, Identity, identity_in_memory
from tests.support.letters import forget, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.change_password import ChangePassword
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.register import Register
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.domain.identity.errors import (
    UnusableTokenError,
    WeakPasswordError,
    WrongPasswordError,
)
from ecommerce.domain.identity.passwords import PasswordPolicy
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import UserId

ANOTHER: Final = "patterns of algebra"
LONG_ENOUGH_FOR_STAFF: Final = "fifteen letters"
ONE_TOO_FEW_FOR_STAFF: Final = "fourteen chars"
ITS_NAME: Final = "Kate-Lovelace-1815"
ITS_ADDRESS: Final = "ada@example.com!"

SetPassword = Callable[[Identity, MemoryStore, UserId, str], Awaitable[None]]


async def by_a_change(
    identity: Identity, store: MemoryStore, user_id: UserId, password: str
) -> None:
    await identity.sign_in()
    session = list(store.committed.sessions.values())[-1]
    await identity.change_password(
        ChangePassword(
            user_id=user_id,
            session_id=session.id,
            current_password=PASSWORD,
            new_password=password,
        )
    )


async def by_a_reset(identity: Identity, store: MemoryStore, _: UserId, password: str) -> None:
    await forget(identity)
    token = token_in(written(store, "reset_password")[-1])
    await identity.reset_password(ResetPassword(token=token, password=password))


EACH_WAY = pytest.mark.parametrize("set_password", [by_a_change, by_a_reset])


async def an_account(role: Role = Role.CUSTOMER) -> tuple[Identity, MemoryStore, UserId]:
    identity, store = identity_in_memory()
    user_id = await identity.open_account(full_name="Kate Lovelace")
    await change(identity, user_id, role=role)
    return identity, store, user_id


@EACH_WAY
@pytest.mark.parametrize("weak", [ITS_NAME, ITS_ADDRESS, "teapots & co"])
async def test_no_password_is_little_more_than_what_is_known_of_its_owner(
    set_password: SetPassword, weak: str
) -> None:
    identity, store, user_id = await an_account()
    with pytest.raises(WeakPasswordError, match="little more"):
        await set_password(identity, store, user_id, weak)
    assert store.committed.users[user_id].password_hash == f"v1:{PASSWORD}"


@EACH_WAY
async def test_staff_set_a_longer_one(set_password: SetPassword) -> None:
    identity, store, user_id = await an_account(Role.STAFF)
    with pytest.raises(WeakPasswordError, match="15 to 1024"):
        await set_password(identity, store, user_id, ONE_TOO_FEW_FOR_STAFF)
    await set_password(identity, store, user_id, LONG_ENOUGH_FOR_STAFF)
    assert store.committed.users[user_id].password_hash == f"v1:{LONG_ENOUGH_FOR_STAFF}"


async def test_with_a_second_factor_staff_may_reset_to_a_shorter_one() -> None:
    identity, store, user_id = await an_account(Role.STAFF)
    store.committed.users[user_id].email_verified = True
    await with_second_factor(identity, user_id)
    await by_a_reset(identity, store, user_id, "8 chars.")
    assert store.committed.users[user_id].password_hash == "v1:8 chars."


async def test_with_a_second_factor_staff_may_change_to_a_shorter_one() -> None:
    identity, store, user_id = await an_account(Role.STAFF)
    await identity.sign_in()
    (session,) = store.committed.sessions.values()
    await with_second_factor(identity, user_id)
    await identity.change_password(
        ChangePassword(
            user_id=user_id,
            session_id=session.id,
            current_password=PASSWORD,
            new_password="8 chars.",
        )
    )
    assert store.committed.users[user_id].password_hash == "v1:8 chars."


@EACH_WAY
async def test_a_second_factor_that_was_only_begun_allows_nothing(
    set_password: SetPassword,
) -> None:
    identity, store, user_id = await an_account(Role.STAFF)
    await identity.begin_second_factor(BeginSecondFactor(actor=await identity.acting(user_id)))
    with pytest.raises(WeakPasswordError, match="15 to 1024"):
        await set_password(identity, store, user_id, ONE_TOO_FEW_FOR_STAFF)


@EACH_WAY
async def test_a_new_password_is_a_new_version_of_the_account(set_password: SetPassword) -> None:
    identity, store, user_id = await an_account()
    identity.clock.move(timedelta(hours=1))
    before = store.committed.users[user_id].version
    await set_password(identity, store, user_id, ANOTHER)
    user = store.committed.users[user_id]
    assert (user.version, user.updated_at) == (before + 1, START + timedelta(hours=1))
    assert user.created_at == START


async def test_a_reset_says_why_the_sessions_are_over() -> None:
    identity, store, user_id = await an_account()
    await identity.sign_in()
    identity.clock.move(timedelta(hours=1))
    await by_a_reset(identity, store, user_id, ANOTHER)
    (session,) = store.committed.sessions.values()
    assert (session.end_reason, session.ended_at) == (
        EndReason.PASSWORD_CHANGED,
        START + timedelta(hours=1),
    )


async def test_a_wrong_present_password_is_named_as_what_is_wrong() -> None:
    identity, store, user_id = await an_account()
    await identity.sign_in()
    (session,) = store.committed.sessions.values()
    with pytest.raises(WrongPasswordError) as refused:
        await identity.change_password(
            ChangePassword(
                user_id=user_id,
                session_id=session.id,
                current_password="a wrong one",
                new_password=ANOTHER,
            )
        )
    assert refused.value.detail == "That is not the present password."
    assert refused.value.violations == (Violation("/current_password", "is not the present one."),)


@pytest.mark.parametrize("weak", ["short", "password123", ITS_NAME, "Correct horse battery staple"])
@pytest.mark.parametrize("present", [PASSWORD, "a wrong one"])
async def test_a_new_one_that_will_not_do_does_not_tell_whether_the_present_one_is_right(
    present: str, weak: str
) -> None:
    identity, store, user_id = await an_account()
    await identity.sign_in()
    (session,) = store.committed.sessions.values()
    verified, said = identity.hasher.verified, len(store.committed.audit_records)
    with pytest.raises(WeakPasswordError) as refused:
        await identity.change_password(
            ChangePassword(
                user_id=user_id,
                session_id=session.id,
                current_password=present,
                new_password=weak,
            )
        )
    assert {violation.pointer for violation in refused.value.violations} == {"/new_password"}
    assert identity.hasher.verified == verified, "nothing is looked at"
    assert len(store.committed.audit_records) == said


async def test_a_password_that_changes_again_and_again_is_looked_at_twice() -> None:
    identity, store, user_id = await an_account()
    looks = 0

    async def and_rehash(password: str, password_hash: str | None) -> bool:
        nonlocal looks
        looks += 1
        store.committed.users[user_id].password_hash = f"v{looks + 1}:{password}"
        return password_hash is not None

    await identity.sign_in()
    identity.hasher.verify = and_rehash  # type: ignore[method-assign]
    (session,) = store.committed.sessions.values()
    with pytest.raises(WrongPasswordError):
        await identity.change_password(
            ChangePassword(
                user_id=user_id,
                session_id=session.id,
                current_password=PASSWORD,
                new_password=ANOTHER,
            )
        )
    assert looks == 2


async def by_the_operator(
    identity: Identity, store: MemoryStore, user_id: UserId, password: str
) -> None:
    assert store.committed.users[user_id].email.value == "ada@example.com"
    await identity.create_admin(CreateAdmin(email="ada@example.com", password=password))


@pytest.mark.parametrize("set_password", [by_a_change, by_the_operator])
async def test_a_new_password_takes_back_the_link_to_reset_it_and_no_other(
    set_password: SetPassword,
) -> None:
    identity, store, user_id = await an_account()
    await forget(identity)
    (to_verify,) = written(store, "verify_email")
    (to_reset,) = written(store, "reset_password")
    await set_password(identity, store, user_id, "another long password")
    with pytest.raises(UnusableTokenError):
        await identity.reset_password(
            ResetPassword(token=token_in(to_reset), password="a third password")
        )
    await identity.verify_email(VerifyEmail(token=token_in(to_verify)))
    assert store.committed.users[user_id].email_verified


async def test_an_admin_made_by_the_operator_is_a_new_version_of_the_account() -> None:
    identity, store, user_id = await an_account()
    before = store.committed.users[user_id].version
    identity.clock.move(timedelta(hours=1))
    await identity.create_admin(CreateAdmin(email="ada@example.com"))
    user = store.committed.users[user_id]
    assert (user.role, user.version) == (Role.ADMIN, before + 1)
    assert user.updated_at == START + timedelta(hours=1)


async def test_no_admin_keeps_a_password_that_is_little_more_than_the_address() -> None:
    identity, store = identity_in_memory()
    kept = await identity.choose_password(ITS_ADDRESS)
    user_id = await identity.register(Register(email="ada@example.com", password=kept))
    with pytest.raises(WeakPasswordError, match="little more"):
        await identity.create_admin(CreateAdmin(email="ada@example.com", password=ITS_ADDRESS))
    assert store.committed.users[user_id].role is Role.CUSTOMER


async def test_a_name_is_known_where_a_password_is_chosen_and_a_breach_named_as_such() -> None:
    identity, _ = identity_in_memory()
    with pytest.raises(WeakPasswordError, match="little more"):
        await identity.choose_password(ITS_NAME, full_name="Kate Lovelace")
    assert (await identity.choose_password(ITS_NAME)).hash == f"v1:{ITS_NAME}"
    with pytest.raises(WeakPasswordError) as refused:
        await identity.choose_password("Correct horse battery staple")
    assert refused.value.detail == (
        "This password was in a breach somewhere: whoever guesses tries it."
    )


async def test_a_shop_sets_how_short_a_password_may_be() -> None:
    identity, _ = identity_in_memory()
    choose = ChoosePasswordHandler(
        identity.hasher,
        identity.choose_password.common,
        identity.choose_password.breached,
        policy=PasswordPolicy(least=10, least_for_staff=20),
    )
    with pytest.raises(WeakPasswordError, match="10 to 1024"):
        await choose("nine char")
    with pytest.raises(WeakPasswordError, match="20 to 1024"):
        choose.check("nineteen characters", Role.STAFF)
    assert (await choose("ten chars.")).hash == "v1:ten chars."

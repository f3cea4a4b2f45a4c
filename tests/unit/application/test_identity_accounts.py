"""Changing one's account, and having an admin: by the state they leave."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.authority import with_second_factor
from tests.support.identity import PASSWORD, START, identity_in_memory

from ecommerce.application.identity.change_profile import ChangeProfile
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.register import Register
from ecommerce.domain.identity.errors import (
    InvalidFullNameError,
    SessionEndedError,
    WeakPasswordError,
)
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import UserId


async def test_a_name_can_be_changed_and_cleared() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account(full_name="Ada")
    identity.clock.move(timedelta(hours=1))
    await identity.change_profile(
        ChangeProfile(actor=await identity.acting(user_id), full_name="Ada King")
    )
    user = store.committed.users[user_id]
    assert (user.full_name, user.version) == ("Ada King", 2)
    assert (user.created_at, user.updated_at) == (START, START + timedelta(hours=1))
    await identity.change_profile(
        ChangeProfile(actor=await identity.acting(user_id), full_name=None)
    )
    assert store.committed.users[user_id].full_name is None
    await identity.change_profile(ChangeProfile(actor=await identity.acting(user_id)))
    assert store.committed.users[user_id].version == 3


async def test_a_change_of_what_changed_meanwhile_is_refused() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account(full_name="Ada")
    await identity.change_profile(
        ChangeProfile(
            actor=await identity.acting(user_id), full_name="Ada King", expected_version=1
        )
    )
    with pytest.raises(StaleVersionError):
        await identity.change_profile(
            ChangeProfile(
                actor=await identity.acting(user_id), full_name="Nobody", expected_version=1
            )
        )
    with pytest.raises(InvalidFullNameError):
        await identity.change_profile(
            ChangeProfile(actor=await identity.acting(user_id), full_name=" ")
        )
    assert store.committed.users[user_id].full_name == "Ada King"
    with pytest.raises(SessionEndedError):
        await identity.change_profile(
            ChangeProfile(actor=await identity.acting(UserId(UUID(int=9))))
        )


async def test_the_first_admin_is_created_once() -> None:
    identity, store = identity_in_memory()
    command = CreateAdmin(email="boss@example.com", password=PASSWORD)
    first = await identity.create_admin(command)
    assert (first.created, first.promoted, first.password_changed) == (True, False, False)
    tokens = await identity.sign_in("boss@example.com")
    again = await identity.create_admin(command)
    assert again.user_id == first.user_id
    assert (again.created, again.promoted, again.password_changed) == (False, False, False)
    assert store.committed.users[first.user_id].version == 1
    assert (await identity.authenticate(tokens.access_token)).may("users:write")


async def test_an_admins_password_is_a_long_one() -> None:
    identity, store = identity_in_memory()
    for password in (None, "fourteen chars", "x" * 1025):
        with pytest.raises(WeakPasswordError):
            await identity.create_admin(CreateAdmin(email="boss@example.com", password=password))
    assert not store.committed.users


async def test_a_customer_is_promoted() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    tokens = await identity.sign_in()
    done = await identity.create_admin(CreateAdmin(email="ADA@example.com"))
    assert (done.user_id, done.created, done.promoted) == (user_id, False, True)
    assert store.committed.users[user_id].role is Role.ADMIN
    assert (await identity.authenticate(tokens.access_token)).role == "admin"


async def test_an_admin_who_is_made_can_sign_in() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    for role in (Role.CUSTOMER, Role.ADMIN):
        user = store.committed.users[user_id]
        user.role, user.disabled = role, True
        await identity.create_admin(CreateAdmin(email="ada@example.com"))
        assert store.committed.users[user_id].role is Role.ADMIN
        assert not store.committed.users[user_id].disabled
        record = list(store.committed.audit_records)[-1]
        assert (record.action, record.subject_id) == ("user.changed", str(user_id))
        assert (record.before, record.after) == ({"disabled": True}, {"disabled": False})
        await identity.sign_in()


async def test_a_new_password_ends_every_session() -> None:
    identity, store = identity_in_memory()
    await identity.create_admin(CreateAdmin(email="boss@example.com", password=PASSWORD))
    tokens = await identity.sign_in("boss@example.com")
    done = await identity.create_admin(
        CreateAdmin(email="boss@example.com", password="another long password")
    )
    assert (done.promoted, done.password_changed) == (False, True)
    with pytest.raises(SessionEndedError):
        await identity.authenticate(tokens.access_token)
    (session,) = store.committed.sessions.values()
    assert session.end_reason is EndReason.PASSWORD_CHANGED
    await identity.sign_in("boss@example.com", "another long password")


async def test_with_a_second_factor_an_admins_password_may_be_shorter() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    store.committed.users[user_id].email_verified = True
    await with_second_factor(identity, user_id)
    await identity.create_admin(CreateAdmin(email="ada@example.com", password="8 chars."))
    assert store.committed.users[user_id].role is Role.ADMIN
    assert store.committed.users[user_id].password_hash == "v1:8 chars."


async def test_a_customers_short_password_will_not_do_for_an_admin() -> None:
    identity, store = identity_in_memory()
    password = await identity.choose_password("8 chars.")
    user_id = await identity.register(Register(email="ada@example.com", password=password))
    with pytest.raises(WeakPasswordError):
        await identity.create_admin(CreateAdmin(email="ada@example.com", password="8 chars."))
    assert store.committed.users[user_id].role is Role.CUSTOMER

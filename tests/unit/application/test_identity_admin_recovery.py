"""An operator who makes an admin makes one who can sign in, whatever was set up before."""

import pytest
from tests.support.aftermath import THE_SHOP, Told, letters, told
from tests.support.authority import challenged, with_second_factor
from tests.support.identity import PASSWORD, Identity, identity_in_memory
from tests.support.letters import kinds

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.shared.ids import UserId

ADA = "ada@example.com"
OPERATORS = "what the operator chose"


async def with_a_factor(*, verified: bool) -> tuple[Identity, MemoryStore, UserId]:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    store.committed.users[user_id].email_verified = verified
    await identity.sign_in()
    await with_second_factor(identity, user_id)
    return identity, store, user_id


def removed(user_id: UserId) -> Told:
    return (THE_SHOP, "second_factor.removed", "user", str(user_id), None, None)


async def test_what_somebody_set_up_at_an_address_that_nobody_verified_goes() -> None:
    identity, store, user_id = await with_a_factor(verified=False)
    made = await identity.create_admin(CreateAdmin(email=ADA, password=OPERATORS))
    assert (made.password_changed, made.second_factor_removed) == (True, True)
    assert (store.committed.second_factors, store.committed.known_clients) == ({}, {})
    assert removed(user_id) in told(store)
    assert kinds(store)[-2:] == ["second_factor_removed", "password_changed"]
    assert not store.committed.users[user_id].email_verified, "nobody has shown to read its mail"
    actor = await identity.authenticate((await identity.sign_in(ADA, OPERATORS)).access_token)
    assert actor.role == "admin"


async def test_a_short_password_will_not_do_where_the_factor_goes() -> None:
    identity, store, user_id = await with_a_factor(verified=False)
    for remove in (False, True):
        with pytest.raises(WeakPasswordError, match="15 to 1024"):
            await identity.create_admin(
                CreateAdmin(email=ADA, password="8 chars.", remove_second_factor=remove)
            )
    assert user_id in store.committed.second_factors


@pytest.mark.parametrize(
    ("verified", "password"), [(True, OPERATORS), (True, PASSWORD), (False, PASSWORD)]
)
async def test_a_factor_stays_where_the_address_is_verified_or_the_password_the_same(
    *, verified: bool, password: str
) -> None:
    identity, store, user_id = await with_a_factor(verified=verified)
    factor = store.committed.second_factors[user_id].recovery_hashes
    made = await identity.create_admin(CreateAdmin(email=ADA, password=password))
    assert not made.second_factor_removed
    assert store.committed.second_factors[user_id].recovery_hashes == factor
    assert user_id in store.committed.known_clients
    assert await challenged(identity, password=password)


@pytest.mark.parametrize("password", [PASSWORD, OPERATORS])
async def test_who_lost_authenticator_and_codes_is_let_in_by_the_operator(password: str) -> None:
    identity, store, user_id = await with_a_factor(verified=True)
    sent = len(letters(store))
    made = await identity.create_admin(
        CreateAdmin(email=ADA, password=password, remove_second_factor=True)
    )
    assert made.second_factor_removed
    assert store.committed.second_factors == {}
    assert told(store).count(removed(user_id)) == 1
    assert "second_factor_removed" in kinds(store)[sent:]
    await identity.sign_in(ADA, password)


async def test_there_may_be_none_to_remove_or_one_that_waits_to_be_confirmed() -> None:
    identity, store = identity_in_memory()
    command = CreateAdmin(email=ADA, password=PASSWORD, remove_second_factor=True)
    assert not (await identity.create_admin(command)).second_factor_removed
    (user_id,) = store.committed.users
    actor = await identity.acting(UserId(user_id))
    await identity.begin_second_factor(BeginSecondFactor(actor=actor))
    assert not (await identity.create_admin(command)).second_factor_removed
    assert store.committed.second_factors == {}
    assert "second_factor_removed" not in kinds(store)

"""Changing other accounts, and leaving: by the state it leaves."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.authority import an_actor, with_second_factor
from tests.support.identity import PASSWORD, Identity, identity_in_memory
from tests.support.letters import forget, kinds, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.access.create_api_key import CreateApiKey
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKey
from ecommerce.application.identity.add_address import AddAddress
from ecommerce.application.identity.change_user import ChangeUser
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.application.shared.unset import UNSET
from ecommerce.domain.identity.address_book import AddressDetails
from ecommerce.domain.identity.errors import (
    InvalidCredentialsError,
    LastAdminError,
    OwnAccountError,
    PermissionDeniedError,
    SessionEndedError,
    UserNotFoundError,
)
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import DomainError, StaleVersionError
from ecommerce.domain.shared.ids import UserId
from ecommerce.domain.shared.postal_address import PostalAddress

SOMEWHERE = PostalAddress(full_name="Ada", line1="1", city="London", country="GB")


async def shop_of(**roles: Role) -> tuple[Identity, MemoryStore, dict[str, UserId]]:
    """A shop with an account of each name and role."""
    identity, store = identity_in_memory()
    people = {}
    for name, role in roles.items():
        people[name] = await identity.open_account(f"{name}@example.com")
        store.committed.users[people[name]].role = role
    return identity, store, people


def let_staff_change_users(store: MemoryStore) -> None:
    role = store.committed.staff_roles[DEFAULT_ROLE]
    role.permissions |= {"users:write"}


def state(store: MemoryStore) -> dict[UUID, tuple[Role, bool, int]]:
    return {u.id: (u.role, u.disabled, u.version) for u in store.committed.users.values()}


async def test_a_role_counts_at_once() -> None:
    identity, store, people = await shop_of(boss=Role.ADMIN, ada=Role.CUSTOMER)
    tokens = await identity.sign_in()
    await identity.change_user(
        ChangeUser(
            actor=await identity.acting(people["boss"]), user_id=people["ada"], role=Role.STAFF
        )
    )
    assert (await identity.authenticate(tokens.access_token)).role == "staff"
    record = store.committed.audit_records[-1]
    assert (record.action, record.subject_id) == ("user.changed", str(people["ada"]))
    assert record.before == {"role": "customer", "disabled": False}
    assert record.after == {"role": "staff", "disabled": False}


async def test_disabling_ends_every_session_and_enabling_brings_none_back() -> None:
    identity, store, people = await shop_of(boss=Role.ADMIN, ada=Role.CUSTOMER)
    tokens = await identity.sign_in()
    for disabled in (True, False):
        await identity.change_user(
            ChangeUser(
                actor=await identity.acting(people["boss"]),
                user_id=people["ada"],
                disabled=disabled,
            )
        )
        with pytest.raises(SessionEndedError):
            await identity.authenticate(tokens.access_token)
    (session,) = [s for s in store.committed.sessions.values() if s.user_id == people["ada"]]
    assert session.end_reason is EndReason.ACCOUNT_DISABLED
    await identity.authenticate((await identity.sign_in()).access_token)


async def test_what_changes_nothing_leaves_the_version() -> None:
    identity, store, people = await shop_of(boss=Role.ADMIN, ada=Role.STAFF)
    before = state(store)
    whom = ChangeUser(actor=await identity.acting(people["boss"]), user_id=people["ada"])
    for same in (
        whom,
        replace(whom, role=Role.STAFF),
        replace(whom, disabled=False),
        replace(whom, role=Role.STAFF, disabled=False),
    ):
        await identity.change_user(same)
    assert state(store) == before
    assert [record.action for record in store.committed.audit_records] == ["user.created"] * 2
    with pytest.raises(StaleVersionError):
        await identity.change_user(
            ChangeUser(
                actor=await identity.acting(people["boss"]),
                user_id=people["ada"],
                expected_version=7,
            )
        )
    with pytest.raises(UserNotFoundError):
        await identity.change_user(
            ChangeUser(
                actor=await identity.acting(people["boss"]),
                user_id=UserId(UUID(int=9)),
                disabled=True,
            )
        )


async def test_each_change_is_one_new_version_as_of_when_it_was_made() -> None:
    identity, store, people = await shop_of(boss=Role.ADMIN, ada=Role.CUSTOMER)
    ada = people["ada"]
    whom = ChangeUser(actor=await identity.acting(people["boss"]), user_id=ada)
    for change, left in (
        (replace(whom, role=Role.STAFF, expected_version=1), (Role.STAFF, False, 2)),
        (replace(whom, disabled=True, expected_version=2), (Role.STAFF, True, 3)),
        (replace(whom, role=Role.CUSTOMER, expected_version=3), (Role.CUSTOMER, True, 4)),
        (replace(whom, disabled=False, expected_version=4), (Role.CUSTOMER, False, 5)),
    ):
        identity.clock.move(timedelta(hours=1))
        await identity.change_user(change)
        assert state(store)[ada] == left
        assert store.committed.users[ada].updated_at == identity.clock.now()


@pytest.mark.parametrize(
    ("actor", "target", "role", "disabled", "refusal"),
    [
        ("boss", "boss", Role.STAFF, UNSET, OwnAccountError),
        ("boss", "boss", UNSET, True, OwnAccountError),
        ("staff", "staff", UNSET, True, OwnAccountError),
        ("staff", "ada", Role.STAFF, UNSET, PermissionDeniedError),
        ("staff", "ada", Role.ADMIN, UNSET, PermissionDeniedError),
        ("staff", "staff", Role.ADMIN, UNSET, PermissionDeniedError),
        ("staff", "boss", UNSET, True, PermissionDeniedError),
        ("staff", "boss", Role.CUSTOMER, UNSET, PermissionDeniedError),
        ("staff", "former", UNSET, False, PermissionDeniedError),
        ("ada", "staff", UNSET, True, PermissionDeniedError),
        ("former", "ada", Role.STAFF, UNSET, SessionEndedError),
        ("nobody", "ada", Role.STAFF, UNSET, SessionEndedError),
    ],
)
async def test_who_may_not(
    actor: str, target: str, role: Role, disabled: bool, refusal: type[DomainError]
) -> None:
    identity, store, people = await shop_of(
        boss=Role.ADMIN,
        second=Role.ADMIN,
        former=Role.ADMIN,
        staff=Role.STAFF,
        ada=Role.CUSTOMER,
    )
    store.committed.users[people["former"]].disabled = True
    people["nobody"] = UserId(UUID(int=9))
    let_staff_change_users(store)
    before = state(store)
    with pytest.raises(refusal):
        await identity.change_user(
            ChangeUser(
                actor=await identity.acting(people[actor]),
                user_id=people[target],
                role=role,
                disabled=disabled,
            )
        )
    assert state(store) == before


async def test_staff_may_lock_a_customer_out() -> None:
    identity, store, people = await shop_of(staff=Role.STAFF, ada=Role.CUSTOMER)
    let_staff_change_users(store)
    await identity.change_user(
        ChangeUser(
            actor=await identity.acting(people["staff"]), user_id=people["ada"], disabled=True
        )
    )
    assert store.committed.users[people["ada"]].disabled


async def test_the_last_admin_stays() -> None:
    identity, store, people = await shop_of(boss=Role.ADMIN, other=Role.ADMIN)
    await identity.change_user(
        ChangeUser(
            actor=await identity.acting(people["boss"]), user_id=people["other"], role=Role.STAFF
        )
    )
    with pytest.raises(LastAdminError):
        await identity.delete_account(DeleteAccount(actor=await identity.acting(people["boss"])))
    await identity.change_user(
        ChangeUser(
            actor=await identity.acting(people["boss"]), user_id=people["other"], role=Role.ADMIN
        )
    )
    await identity.delete_account(DeleteAccount(actor=await identity.acting(people["boss"])))
    with pytest.raises(LastAdminError):
        await identity.delete_account(DeleteAccount(actor=await identity.acting(people["other"])))
    assert not store.committed.users[people["other"]].disabled


async def test_nothing_is_left_of_who_leaves() -> None:
    identity, store, people = await shop_of(ada=Role.CUSTOMER, kate=Role.CUSTOMER)
    ada = people["ada"]
    for name in people:
        await identity.sign_in(f"{name}@example.com")
        await identity.add_address(
            AddAddress(
                actor=await identity.acting(people[name]), details=AddressDetails(address=SOMEWHERE)
            )
        )
        await forget(identity, f"{name}@example.com")
    tokens = await identity.sign_in()
    await identity.delete_account(DeleteAccount(actor=await identity.acting(ada)))
    user = store.committed.users[ada]
    assert (user.email.value, user.full_name) == (f"{ada.hex}@deleted.invalid", None)
    assert (user.password_hash, user.disabled, user.email_verified) == ("", True, False)
    assert user.deleted_at == user.updated_at == identity.clock.now()
    kept = store.committed
    assert {s.user_id for s in kept.sessions.values()} == {people["kate"]}
    assert {t.session_id for t in kept.refresh_tokens.values()} == set(kept.sessions)
    assert {t.user_id for t in kept.mailed_tokens.values()} == {people["kate"]}
    assert {a.user_id for a in kept.addresses.values()} == {people["kate"]}
    assert set(kept.known_clients) == {people["kate"]}
    (goodbye,) = [mail for mail in written(store) if mail.to == "ada@example.com"]
    assert (goodbye.kind, goodbye.account) == ("account_deleted", None)
    with pytest.raises(SessionEndedError):
        await identity.authenticate(tokens.access_token)
    for email in ("ada@example.com", user.email.value):
        with pytest.raises(InvalidCredentialsError):
            await identity.sign_in(email)
    with pytest.raises(InvalidCredentialsError):
        await identity.sign_in(user.email.value, "")
    with pytest.raises(SessionEndedError):
        await identity.delete_account(DeleteAccount(actor=await identity.acting(ada)))


async def test_the_address_can_be_registered_again() -> None:
    identity, store, people = await shop_of(ada=Role.CUSTOMER)
    await identity.delete_account(DeleteAccount(actor=await identity.acting(people["ada"])))
    again = await identity.open_account()
    assert again != people["ada"]
    await identity.sign_in(password=PASSWORD)
    assert len(store.committed.users) == 2
    await forget(identity)
    assert kinds(store)[-1] == "reset_password"


async def test_nobody_leaves_by_a_stale_request() -> None:
    identity, store, people = await shop_of(ada=Role.CUSTOMER)
    with pytest.raises(StaleVersionError):
        await identity.delete_account(
            DeleteAccount(actor=await identity.acting(people["ada"]), expected_version=2)
        )
    assert store.committed.users[people["ada"]].deleted_at is None
    await identity.delete_account(
        DeleteAccount(actor=await identity.acting(people["ada"]), expected_version=1)
    )
    assert store.committed.users[people["ada"]].deleted_at == identity.clock.now()


async def test_who_leaves_takes_the_second_factor_along_and_is_staff_no_more() -> None:
    identity, store, people = await shop_of(ada=Role.STAFF, kate=Role.CUSTOMER)
    for user_id in people.values():
        await with_second_factor(identity, user_id)
    await identity.delete_account(DeleteAccount(actor=await identity.acting(people["ada"])))
    assert store.committed.second_factors.keys() == {people["kate"]}
    assert store.committed.users[people["ada"]].role is Role.CUSTOMER


async def test_who_leaves_takes_the_keys_along_and_what_they_were_called() -> None:
    identity, store, people = await shop_of(ada=Role.ADMIN, kate=Role.ADMIN)
    keys = {
        name: await identity.create_api_key(
            CreateApiKey(
                actor=await an_actor(identity, user_id=people[owner]),
                name=f"{name} Lovelace's phone",
                permissions=["catalog:read"],
                days=30,
            )
        )
        for name, owner in (("Ada", "ada"), ("Augusta", "ada"), ("Kate", "kate"))
    }
    await identity.revoke_api_key(
        RevokeApiKey(actor=await an_actor(identity), key_id=keys["Augusta"].id)
    )
    identity.clock.move(timedelta(hours=1))
    await identity.delete_account(DeleteAccount(actor=await identity.acting(people["ada"])))
    kept = store.committed.api_keys
    gone = identity.clock.now()
    assert {name: (kept[key.id].name, kept[key.id].revoked_at) for name, key in keys.items()} == {
        "Ada": ("deleted", gone),
        "Augusta": ("deleted", gone - timedelta(hours=1)),
        "Kate": ("Kate Lovelace's phone", None),
    }
    for name in ("Ada", "Augusta"):
        assert f"{name} Lovelace" not in repr(store.committed)
    revoked = [r for r in store.committed.audit_records if r.action == "api_key.revoked"]
    assert [record.subject_id for record in revoked] == [
        str(keys["Augusta"].id),
        str(keys["Ada"].id),
    ]
    assert store.committed.audit_records[-1].action == "user.deleted"

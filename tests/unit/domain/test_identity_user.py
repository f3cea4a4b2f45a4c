from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import InvalidFullNameError, WeakPasswordError
from ecommerce.domain.identity.mail_proof import proved_before
from ecommerce.domain.identity.passwords import PasswordPolicy, check_password
from ecommerce.domain.identity.permissions import (
    EVERY,
    FOR_MACHINES,
    MEANINGS,
    Permission,
    permissions_of,
)
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LATEST = LATER + timedelta(days=1)


def a_user(full_name: str | None = "Ada") -> User:
    return User.register(
        UserId(UUID(int=7)), Email("ada@example.com"), "hash", full_name=full_name, now=NOW
    )


def never(_: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("role", "length", "fits"),
    [
        (Role.CUSTOMER, 7, False),
        (Role.CUSTOMER, 8, True),
        (Role.CUSTOMER, 1024, True),
        (Role.CUSTOMER, 1025, False),
        (Role.STAFF, 14, False),
        (Role.STAFF, 15, True),
        (Role.ADMIN, 14, False),
        (Role.ADMIN, 15, True),
        (Role.ADMIN, 1024, True),
        (Role.ADMIN, 1025, False),
    ],
)
def test_how_long_a_password_is(role: Role, length: int, *, fits: bool) -> None:
    password = "é" * length
    if fits:
        check_password(password, role, never)
    else:
        with pytest.raises(WeakPasswordError):
            check_password(password, role, never)


@pytest.mark.parametrize(
    ("policy", "role", "second_factor", "least"),
    [
        (PasswordPolicy(), Role.STAFF, True, 8),
        (PasswordPolicy(), Role.ADMIN, True, 8),
        (PasswordPolicy(), Role.ADMIN, False, 15),
        (PasswordPolicy(), Role.CUSTOMER, False, 8),
        (PasswordPolicy(10, 20), Role.CUSTOMER, False, 10),
        (PasswordPolicy(10, 20), Role.STAFF, False, 20),
        (PasswordPolicy(10, 20), Role.STAFF, True, 10),
        (PasswordPolicy(20, 10), Role.STAFF, False, 20),
    ],
)
def test_how_short_a_password_may_be_is_set_and_a_second_factor_counts(
    policy: PasswordPolicy, role: Role, second_factor: bool, least: int
) -> None:
    def check(length: int) -> None:
        check_password("é" * length, role, never, policy=policy, second_factor=second_factor)

    check(least)
    with pytest.raises(WeakPasswordError, match=f"{least} to 1024"):
        check(least - 1)


def test_a_common_password_is_refused_in_any_case() -> None:
    with pytest.raises(WeakPasswordError):
        check_password("PassWord123", Role.CUSTOMER, {"password123"}.__contains__)


def test_a_new_account() -> None:
    user = a_user()
    assert user.role is Role.CUSTOMER
    assert user.email_verified is False
    assert user.disabled is False
    assert (user.version, user.created_at, user.updated_at) == (1, NOW, NOW)


def test_every_visible_change_makes_a_new_version() -> None:
    user = a_user()
    user.rename("Ada King", LATER)
    assert (user.version, user.updated_at) == (2, LATER)
    user.give_role(Role.STAFF, LATEST)
    assert (user.version, user.updated_at) == (3, LATEST)
    user.set_password("other", LATER)
    assert (user.full_name, user.role, user.password_hash) == ("Ada King", Role.STAFF, "other")
    assert (user.version, user.updated_at) == (4, LATER)
    user.rehash_password("stronger")
    assert (user.version, user.password_hash) == (4, "stronger")


def test_verifying_disabling_and_enabling_are_new_versions_too() -> None:
    user = a_user()
    user.verify_email(LATER)
    assert (user.email_verified, user.version, user.updated_at) == (True, 2, LATER)
    user.disable(LATEST)
    assert (user.disabled, user.version, user.updated_at) == (True, 3, LATEST)
    user.enable(LATER)
    assert (user.disabled, user.version, user.updated_at) == (False, 4, LATER)


def test_what_is_left_of_a_deleted_account_is_a_customers_row_that_says_nothing() -> None:
    user = a_user()
    user.give_role(Role.ADMIN, LATER)
    user.verify_email(LATER)
    user.delete(LATEST)
    assert asdict(user) == {
        "id": UserId(UUID(int=7)),
        "email": {"value": f"{UUID(int=7).hex}@deleted.invalid"},
        "full_name": None,
        "role": Role.CUSTOMER,
        "password_hash": "",
        "email_verified": False,
        "disabled": True,
        "version": 4,
        "created_at": NOW,
        "updated_at": LATEST,
        "deleted_at": LATEST,
        "long_password": None,
        "email_verified_at": None,
    }


def test_when_an_address_was_first_proved_stays_whatever_is_proved_later() -> None:
    by_link, by_reset = a_user(), a_user()
    by_link.verify_email(LATER)
    by_reset.recover("hash", LATER)
    for user in (by_link, by_reset):
        user.recover("another", LATEST)
        assert (user.email_verified, user.email_verified_at) == (True, LATER)


@pytest.mark.parametrize(
    ("set_up_at", "verified", "verified_at", "proved"),
    [
        (None, True, NOW, False),
        (LATER, False, None, False),
        (NOW, True, LATER, False),
        (LATER, True, LATER, False),
        (LATEST, True, LATER, True),
        (NOW, True, None, True),
    ],
)
def test_what_was_set_up_after_the_address_was_proved(
    set_up_at: datetime | None, *, verified: bool, verified_at: datetime | None, proved: bool
) -> None:
    assert (
        proved_before(set_up_at, email_verified=verified, email_verified_at=verified_at) is proved
    )


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 201, "a\0b", "a\nb", "a\u2028b", "a\u2029b", "\ud800"]
)
def test_texts_that_are_no_name(name: str) -> None:
    with pytest.raises(InvalidFullNameError):
        a_user(full_name=name)
    user = a_user()
    with pytest.raises(InvalidFullNameError):
        user.rename(name, LATER)
    assert user.full_name == "Ada"


def test_a_name_is_trimmed_and_may_be_absent() -> None:
    assert a_user(full_name="  Ada King ").full_name == "Ada King"
    assert a_user(full_name=None).full_name is None
    assert a_user(full_name="X").full_name == "X"
    assert a_user(full_name="x" * 200).full_name == "x" * 200


def test_who_may_what() -> None:
    every = {permission.value for permission in Permission}
    assert permissions_of(Role.CUSTOMER) == frozenset()
    assert permissions_of(Role.ADMIN) == every
    assert permissions_of(Role.STAFF) == frozenset()
    given = frozenset({"catalog:write", "no:such"})
    assert permissions_of(Role.STAFF, given) == {"catalog:write"}
    assert permissions_of(Role.CUSTOMER, given) == frozenset()
    assert {"catalog:write", "inventory:write", "users:read", "metrics:read"} <= every
    assert MEANINGS.keys() == set(Permission)


def test_a_machine_never_holds_what_would_let_it_hold_more() -> None:
    people = {
        *("users:read", "users:write", "roles:read", "roles:write"),
        *("api_keys:read", "api_keys:write"),
    }
    assert EVERY - people == FOR_MACHINES

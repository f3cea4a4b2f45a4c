from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import (
    InvalidEmailError,
    InvalidFullNameError,
    WeakPasswordError,
)
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


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.com",
        "a@b",
        "first.last+tag@sub.example.co.uk",
        "o'brien@example.com",
        "用户@例子.公司",
        "jörg@müller.example",
        "x" * 64 + "@example.com",
        "a@" + "b" * 63 + ".com",
        "admin@localhost",
        "दीप@example.com",
    ],
)
def test_addresses_that_mail_can_go_to(text: str) -> None:
    assert Email(text).value == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.com",
        "a@b@c.com",
        "a b@example.com",
        "ada@example.com ",
        " ada@example.com",
        "ada@exam ple.com",
        "ada\n@example.com",
        "ada@example.com\nBcc: all@example.com",
        "ada\0@example.com",
        "ada\u200b@example.com",
        "ada\u202e@example.com",
        "ada\ud800@example.com",
        "ada\uff20evil@example.com",
        "ada@example..com",
        "ada@.example.com",
        "ada@example.com.",
        "ada@example\uff0ecom",
        "ada@-example.com",
        "ada@example-.com",
        "ada@[127.0.0.1]",
        '"ada"@example.com',
        "Ada <ada@example.com>",
        "a,b@example.com",
        "x" * 65 + "@example.com",
        "é" * 33 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + ".".join(["b" * 60] * 5),
    ],
)
def test_texts_that_are_no_address(text: str) -> None:
    with pytest.raises(InvalidEmailError):
        Email(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.com", "ADA@EXAMPLE.COM"),
        ("kelvin@example.com", "\u212aelvin@example.com"),
        ("strasse@example.com", "straße@example.com"),
        ("STRASSE@example.com", "stra\u1e9ee@example.com"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ("σ@example.com", "ς@example.com"),
    ],
)
def test_lookalikes_are_one_account(one: str, other: str) -> None:
    assert Email(one).key == Email(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mike@example.com", "m\u0131ke@example.com"),
        ("mike@example.com", "mіke@example.com"),
        ("a.b@example.com", "ab@example.com"),
        ("ada@example.com", "ada+x@example.com"),
    ],
)
def test_different_letters_are_different_accounts(one: str, other: str) -> None:
    assert Email(one).key != Email(other).key


def test_mail_goes_to_the_address_as_it_was_given() -> None:
    assert Email("Ada.LOVELACE@Example.com").value == "Ada.LOVELACE@Example.com"


@given(st.emails())
def test_a_key_stays_what_it_is(text: str) -> None:
    try:
        email = Email(text)
    except InvalidEmailError:
        return
    assert Email(email.value).key == email.key
    assert email.key == email.key.casefold()


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        email = Email(text)
    except InvalidEmailError:
        return
    assert email.value.count("@") == 1
    assert len(email.value.encode()) <= 254
    assert "\0" not in email.value


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

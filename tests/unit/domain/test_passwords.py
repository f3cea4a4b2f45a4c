"""Passwords that say little more than the words around them."""

import pytest

from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.identity.passwords import PasswordPolicy, Surroundings, check_password
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.text import composed

LITTLE_MORE = "This password is little more than the shop's name, or one's own name or address."

AROUND = Surroundings(
    shop="Teapots & Co", email="ada.king@analytical-engines.example", full_name="Ada Lovelace"
)


def is_common(folded: str) -> bool:
    return folded == "password123"


@pytest.mark.parametrize(
    "password",
    [
        "teapots2026",
        "TEAPOTS-and",
        "ada.king@analytical-engines.example",
        "AdaLovelace!!!",
        "lovelace1815",
        "king-ada-king-ada",
        "Ｌovelace1815",  # full width
        "123analytical456",
        "xx-adalovelace-x",
        "we-teapotsco",
        "teapotstea!",
    ],
)
def test_these_are_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError) as refused:
        check_password(password, Role.CUSTOMER, is_common, AROUND)
    assert refused.value.detail == LITTLE_MORE


def test_a_name_of_short_words_counts_as_a_whole() -> None:
    around = Surroundings(full_name="Bo Li")
    for password in ("boli2026!!", "abc-BoLi-1"):
        with pytest.raises(WeakPasswordError, match="little more"):
            check_password(password, Role.CUSTOMER, is_common, around)
    check_password("bo and li meet", Role.CUSTOMER, is_common, around)


@pytest.mark.parametrize(
    "password",
    [
        "teapotsteas!",
        "notes on the engine",
        "lovelace-weaves",
        "12345678901",
        "ada's engine",
        "привет, мир",
    ],
)
def test_these_will_do(password: str) -> None:
    check_password(password, Role.CUSTOMER, is_common, AROUND)


def test_nothing_around_refuses_nothing() -> None:
    for password in ("teapots2026", "xxxxxxxx", "12345678"):
        check_password(password, Role.CUSTOMER, is_common)
    check_password("teapots2026", Role.CUSTOMER, is_common, Surroundings(email="a@b.co"))


def test_the_other_rules_stay() -> None:
    for password, role in [("short", Role.CUSTOMER), ("x" * 14, Role.STAFF)]:
        with pytest.raises(WeakPasswordError):
            check_password(password, role, is_common, AROUND)
    with pytest.raises(WeakPasswordError, match="everybody"):
        check_password("PassWord123", Role.CUSTOMER, is_common, AROUND)


def refusal(password: str, role: Role = Role.CUSTOMER) -> str | None:
    """Why it will not do."""
    try:
        check_password(password, role, is_common, AROUND)
    except WeakPasswordError as error:
        return error.detail
    return None


def test_characters_are_counted_once_they_are_composed() -> None:
    """What is hashed has the characters that were counted (SP 800-63B)."""
    for few, of in (("e\u0301" * 4, 4), ("e\u0301" * 7, 7), ("q\u0323\u0307" * 2, 6)):
        assert len(composed(few)) == of
        assert refusal(few) == f"A password has 8 to 1024 characters; this one has {of}."
    assert refusal("e\u0301" * 14, Role.STAFF) == (
        "A password has 15 to 1024 characters; this one has 14."
    )
    assert refusal("e\u0301" * 8) is None
    assert refusal("e\u0301" * 15, Role.STAFF) is None


def test_what_is_longer_than_any_password_is_refused_as_it_came() -> None:
    """However short it would be composed; and what composing makes longer is too long then."""
    assert refusal("e\u0301" * 512) is None
    assert refusal("e\u0301" * 512 + "x") == (
        "A password has 8 to 1024 characters; this one has 1025."
    )
    assert refusal("\ufb2c" * 342) == "A password has 8 to 1024 characters; this one has 1026."
    assert refusal("\ufb2c" * 341) is None


def test_what_is_looked_for_is_composed_as_well() -> None:
    common = {"jos\u00e9jos\u00e9jos\u00e9"}.__contains__
    for way in ("jose\u0301" * 3, "jos\u00e9" * 3, "JOSE\u0301" * 3, "JOS\u00c9" * 3):
        with pytest.raises(WeakPasswordError, match="everybody"):
            check_password(way, Role.CUSTOMER, common)
    around = Surroundings(full_name="Jos\u00e9e Ang\u00e9lique")
    with pytest.raises(WeakPasswordError, match="little more"):
        check_password("ange\u0301lique-1", Role.CUSTOMER, is_common, around)


def test_a_refusal_points_at_the_password_by_the_name_it_has_there() -> None:
    for password in ("short", "password123", "teapots2026"):
        with pytest.raises(WeakPasswordError) as refused:
            check_password(
                password, Role.CUSTOMER, is_common, AROUND, policy=PasswordPolicy(), field="secret"
            )
        assert refused.value.violations == (Violation("/secret", refused.value.detail),)

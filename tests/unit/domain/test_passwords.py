"""Passwords that say little more than the words around them."""

import pytest

from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.identity.passwords import Surroundings, check_password
from ecommerce.domain.identity.user import Role

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

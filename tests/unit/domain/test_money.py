"""Money's bounds and currencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.domain.shared.money import (
    MAX_AMOUNT,
    CurrencyNotSupportedError,
    InvalidMoneyError,
    Money,
    minor_digits,
    require_currency,
)


@given(st.integers(0, MAX_AMOUNT))
def test_whole_minor_units_up_to_a_trillion_are_money(amount: int) -> None:
    assert Money(amount, "EUR").amount == amount


@given(st.one_of(st.integers(max_value=-1), st.integers(min_value=MAX_AMOUNT + 1)))
def test_other_amounts_are_not(amount: int) -> None:
    with pytest.raises(InvalidMoneyError):
        Money(amount, "EUR")


@given(st.text(max_size=5))
def test_a_currency_is_three_capital_letters(code: str) -> None:
    valid = len(code) == 3 and all("A" <= letter <= "Z" for letter in code)
    if valid:
        assert Money(0, code).currency == code
    else:
        with pytest.raises(InvalidMoneyError):
            Money(0, code)


@pytest.mark.parametrize("code", ["usd", "US", "USDD", "U5D", "ÜSD", "", "A1B", "A-B"])
def test_lookalikes_are_no_currencies(code: str) -> None:
    with pytest.raises(InvalidMoneyError):
        Money(0, code)


@pytest.mark.parametrize(
    ("code", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XYZ", 2)]
)
def test_minor_units_follow_iso_4217(code: str, digits: int) -> None:
    assert minor_digits(code) == digits


def test_a_shop_has_one_currency() -> None:
    require_currency(Money(1, "USD"), "USD", "price")
    with pytest.raises(CurrencyNotSupportedError):
        require_currency(Money(1, "EUR"), "USD", "price")

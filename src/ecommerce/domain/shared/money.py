"""Money: whole minor units of one currency, never a fraction."""

import re
from dataclasses import dataclass
from typing import Final

from ecommerce.domain.shared.errors import InvalidValueError, Violation

MAX_AMOUNT: Final = 10**12
"""The largest amount the shop handles, in minor units."""

_CURRENCY: Final = re.compile("[A-Z]{3}")
_EXPONENT_OTHER_THAN_TWO: Final = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    "CLF": 4, "UYW": 4,
}  # fmt: skip


class InvalidMoneyError(InvalidValueError):
    """An amount of money lies outside 0 to 1,000,000,000,000 minor units, or its currency is not a
    three-letter ISO 4217 code. Send whole minor units: 19.99 USD is 1999.
    """

    code = "invalid_money"
    title = "Not an amount of money"


class CurrencyNotSupportedError(InvalidValueError):
    """The shop trades in one currency and the amount is in another. Send the shop's currency; every
    price the shop returns names it.
    """

    code = "currency_not_supported"
    title = "The shop does not trade in that currency"


def minor_digits(currency: str) -> int:
    """How many decimal digits a currency's minor unit has (ISO 4217 exponent; JPY has none)."""
    return _EXPONENT_OTHER_THAN_TWO.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units (ISO 4217 exponent) and its currency; never negative."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise InvalidMoneyError(f"{self.amount} is not between 0 and {MAX_AMOUNT} minor units.")
        if not _CURRENCY.fullmatch(self.currency):
            raise InvalidMoneyError(f"{self.currency!r} is not an ISO 4217 currency code.")


def require_currency(money: Money, currency: str, field: str) -> None:
    """Refuse money in any currency but the shop's, with ``CurrencyNotSupportedError``."""
    if money.currency != currency:
        detail = f"The shop trades in {currency}; an amount in {money.currency} was given."
        raise CurrencyNotSupportedError(detail, Violation(f"/{field}/currency", detail))

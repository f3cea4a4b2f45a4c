"""Postal addresses: where parcels and invoices go."""

import re
import unicodedata
from dataclasses import dataclass, fields
from typing import Final

from ecommerce.domain.shared.countries import COUNTRIES
from ecommerce.domain.shared.errors import InvalidValueError, Violation
from ecommerce.domain.shared.text import composed

MAX_LINE: Final = 200
MAX_POSTAL_CODE: Final = 20
MAX_PHONE: Final = 32
_LONGEST: Final = {"postal_code": MAX_POSTAL_CODE, "phone": MAX_PHONE}
_NEEDED: Final = frozenset({"full_name", "line1", "city", "country"})
_POSTAL_CODE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 -]*[A-Za-z0-9])?")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]*")
_DIGITS: Final = range(3, 16)
"""How many digits a telephone number has (15 at the most: ITU-T E.164)."""


class InvalidAddressError(InvalidValueError):
    """A postal address names who gets the mail, a street or box, a city and a country (two letters,
    ISO 3166-1); no line is blank, longer than it may be, or has control characters. ``errors``
    points at what is wrong.
    """

    code = "invalid_address"
    title = "Not a postal address"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """Where something is sent to. Blanks are made one, letters are kept in NFC.

    Post codes and regions differ too much between countries to be needed everywhere.
    """

    full_name: str
    company: str | None = None
    line1: str
    line2: str | None = None
    city: str
    region: str | None = None
    postal_code: str | None = None
    country: str
    phone: str | None = None

    def __post_init__(self) -> None:
        wrong: list[Violation] = []
        for field in fields(self):
            value: str | None = getattr(self, field.name)
            if value is not None:
                value = " ".join(filter(None, composed(value).split(" ")))
                object.__setattr__(self, field.name, value)
            fault = _fault(field.name, value)
            if fault is not None:
                wrong.append(Violation(f"/{field.name}", fault))
        if wrong:
            raise InvalidAddressError("That is not a postal address.", *wrong)


def _fault(name: str, value: str | None) -> str | None:
    if value is None:
        return "is needed." if name in _NEEDED else None
    if not value:
        return "is blank."
    most = _LONGEST.get(name, MAX_LINE)
    if len(value) > most:
        return f"has {len(value)} characters; {most} are the most."
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in value):
        return "has a control character in it."
    return _fault_of_form(name, value)


def _fault_of_form(name: str, value: str) -> str | None:
    if name == "country" and value not in COUNTRIES:
        return "is no country's code (ISO 3166-1: two capital letters)."
    if name == "postal_code" and not _POSTAL_CODE.fullmatch(value):
        return "has other characters than letters, digits, blanks and hyphens."
    if name == "phone" and not (
        _PHONE.fullmatch(value) and sum(c.isdigit() for c in value) in _DIGITS
    ):
        return "is no telephone number."
    return None

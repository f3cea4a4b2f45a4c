"""What a postal address is."""

from dataclasses import fields, replace

import pytest

from ecommerce.domain.shared.countries import COUNTRIES
from ecommerce.domain.shared.postal_address import InvalidAddressError, PostalAddress

LEAST = PostalAddress(full_name="Ada", line1="12 St James's Square", city="London", country="GB")
FULL = replace(
    LEAST,
    company="Analytical Engines",
    line2="2nd floor",
    region="Greater London",
    postal_code="SW1Y 4JH",
    phone="+44 (0)20 7946-0958",
)


def test_blanks_are_made_one_and_letters_composed() -> None:
    address = replace(LEAST, full_name="  Jose\u0301   Ramos ", line1="a  b")
    assert (address.full_name, address.line1) == ("Jos\u00e9 Ramos", "a b")


def test_every_country_has_a_code_of_two_capital_letters() -> None:
    assert len(COUNTRIES) == 249
    assert all(len(code) == 2 and code.isalpha() and code.isupper() for code in COUNTRIES)
    for code in ("DE", "US", "JP", "AX", "SS", "ZW"):
        assert replace(LEAST, country=code).country == code


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"country": "XX"}, ["/country"]),
        ({"country": "gb"}, ["/country"]),
        ({"country": "UK"}, ["/country"]),
        ({"country": "GBR"}, ["/country"]),
        ({"full_name": "  "}, ["/full_name"]),
        ({"line1": "a\nb"}, ["/line1"]),
        ({"line1": "a\u2028b"}, ["/line1"]),
        ({"city": "x" * 201}, ["/city"]),
        ({"company": ""}, ["/company"]),
        ({"postal_code": "SW1Y_4JH"}, ["/postal_code"]),
        ({"postal_code": "-12"}, ["/postal_code"]),
        ({"postal_code": "1" * 21}, ["/postal_code"]),
        ({"phone": "call me"}, ["/phone"]),
        ({"phone": "+4"}, ["/phone"]),
        ({"phone": "+" + "1" * 16}, ["/phone"]),
        ({"phone": "12;34"}, ["/phone"]),
        ({"city": " ", "country": "ZZ"}, ["/city", "/country"]),
    ],
)
def test_what_is_none_is_said_of_each_line(change: dict[str, str], pointers: list[str]) -> None:
    with pytest.raises(InvalidAddressError) as refused:
        replace(FULL, **change)
    assert [violation.pointer for violation in refused.value.violations] == pointers


@pytest.mark.parametrize("code", ["12345", "SW1Y 4JH", "1012 AB", "K1A 0B1", "150-0001", "1"])
def test_post_codes_of_the_world(code: str) -> None:
    assert replace(LEAST, postal_code=code).postal_code == code


def test_what_may_be_left_out() -> None:
    optional = {f.name for f in fields(PostalAddress) if getattr(LEAST, f.name) is None}
    assert optional == {"company", "line2", "region", "postal_code", "phone"}
    for name in optional:
        without: dict[str, str] = {f.name: getattr(FULL, f.name) for f in fields(FULL)}
        del without[name]
        assert getattr(PostalAddress(**without), name) is None

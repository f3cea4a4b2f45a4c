"""Authenticator codes against the RFC's own vectors; recovery codes; sealed secrets."""

import hashlib
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import pytest
from tests.support.authority import Authenticator

from ecommerce.adapters.security.aes_sealer import AesSealer
from ecommerce.adapters.security.one_time_codes import RandomRecoveryCodes, TotpCodes
from ecommerce.domain.identity.access_errors import SecondFactorUnreadableError
from ecommerce.domain.shared.ids import UserId

OWNER, OTHER = UserId(UUID(int=1)), UserId(UUID(int=2))
RFC_SECRET = b"12345678901234567890"
CODES = TotpCodes("A shop")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_of_rfc_6238(seconds: int, code: str) -> None:
    """Appendix B, the last six of its eight digits."""
    now = datetime.fromtimestamp(seconds, UTC)
    assert CODES.step_of(RFC_SECRET, code, now) == seconds // 30
    assert Authenticator(CODES.written(RFC_SECRET)).code(now) == code


def test_a_step_to_either_side_and_no_further() -> None:
    at = 1_000_000_000 // 30
    for beside in range(-3, 4):
        moment = datetime.fromtimestamp((at + beside) * 30, UTC)
        code = Authenticator(CODES.written(RFC_SECRET)).code(moment)
        found = CODES.step_of(RFC_SECRET, code, datetime.fromtimestamp(at * 30 + 29, UTC))
        assert found == (at + beside if abs(beside) <= 1 else None)


@pytest.mark.parametrize("code", ["", "28708", "2870820", "28708\u0662", "\ud800", "287 082"])
def test_what_is_no_code(code: str) -> None:
    assert CODES.step_of(RFC_SECRET, code, datetime.fromtimestamp(59, UTC)) is None


@pytest.mark.parametrize(
    ("shop", "shown"),
    [
        ("Teapots & Co", "Teapots & Co"),
        ("https://shop.example", "https //shop.example"),
        ("Teapots: the shop", "Teapots the shop"),
        ("A/B+C? #1 50%", "A/B+C? #1 50%"),
        ("Th\u00e9i\u00e8res", "Th\u00e9i\u00e8res"),
    ],
)
def test_an_authenticator_shows_the_shop_and_the_account(shop: str, shown: str) -> None:
    """The key URI format: no colon in either, and the label's issuer is that of the parameter."""
    made = TotpCodes(shop).address(RFC_SECRET, "ada+1/2@example.com")
    address = urlsplit(made)
    assert (address.scheme, address.netloc, address.fragment) == ("otpauth", "totp", "")
    root, label = address.path.split("/")
    issuer, account = label.split(":")
    assert (root, unquote(issuer), unquote(account)) == ("", shown, "ada+1/2@example.com")
    assert parse_qs(address.query, strict_parsing=True) == {
        "secret": [CODES.written(RFC_SECRET)],
        "issuer": [shown],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }
    assert "+" not in made, "some authenticators show a plus as it is"
    assert ":" not in unquote(issuer)


def test_a_shop_that_has_nothing_to_show_is_left_out() -> None:
    address = TotpCodes(" : ").address(RFC_SECRET, "ada@example.com")
    assert address == (
        "otpauth://totp/ada%40example.com"
        "?digits=6&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&period=30"
    )


def test_secrets_are_160_bits_and_different() -> None:
    made = {CODES.new_secret() for _ in range(100)}
    assert {len(secret) for secret in made} == {20}
    assert len(made) == 100
    assert CODES.written(RFC_SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_recovery_codes_are_120_bits_and_forgive_how_they_are_typed() -> None:
    recovery = RandomRecoveryCodes()
    made = [recovery.new() for _ in range(100)]
    assert len(set(made)) == 100
    for code in made:
        plain = code.replace("-", "")
        assert len(plain) == 24
        assert set(plain) <= set("abcdefghijklmnopqrstuvwxyz234567")
        assert recovery.hash(code) == hashlib.sha256(plain.encode()).digest()
        assert recovery.hash(f" {plain.upper()[:5]} {plain[5:]}") == recovery.hash(code)
    assert len({recovery.hash(code) for code in made}) == 100
    recovery.hash("\ud800")


def test_a_sealed_secret_opens_for_its_owner_alone() -> None:
    sealer = AesSealer(bytes(32))
    sealed = sealer.seal(RFC_SECRET, OWNER)
    assert RFC_SECRET not in sealed
    assert sealer.open(sealed, OWNER) == RFC_SECRET
    assert sealer.seal(RFC_SECRET, OWNER) != sealed
    with pytest.raises(SecondFactorUnreadableError):
        sealer.open(sealed, OTHER)
    with pytest.raises(SecondFactorUnreadableError):
        AesSealer(bytes([1]) * 32).open(sealed, OWNER)
    for place in range(len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SecondFactorUnreadableError):
            sealer.open(altered, OWNER)
    for cut in (b"", sealed[:1], sealed[:12], sealed[:-1]):
        with pytest.raises(SecondFactorUnreadableError):
            sealer.open(cut, OWNER)

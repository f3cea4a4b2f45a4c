import hashlib

import pytest

from ecommerce.adapters.security.common_passwords import ZxcvbnCommonPasswords
from ecommerce.adapters.security.secret_tokens import RandomTokens


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = RandomTokens()
    made = {tokens.new() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(token) for token in made} == {43}


def test_any_text_has_a_hash() -> None:
    tokens = RandomTokens()
    assert tokens.hash("abc") == hashlib.sha256(b"abc").digest()
    assert tokens.hash("abc") != tokens.hash("abd")
    for text in ("", "é", "\ud800", "x" * 10_000):
        assert len(tokens.hash(text)) == 32


@pytest.fixture(scope="module")
def common() -> ZxcvbnCommonPasswords:
    return ZxcvbnCommonPasswords()


@pytest.mark.parametrize(
    "password", ["password", "12345678", "password123", "qwertyuiop", "iloveyou", "football"]
)
def test_what_everybody_tries_first(common: ZxcvbnCommonPasswords, password: str) -> None:
    assert common.contain(password)


@pytest.mark.parametrize("password", ["notes on the engine", "a long enough passphrase 1"])
def test_what_hardly_anybody_tries(common: ZxcvbnCommonPasswords, password: str) -> None:
    assert not common.contain(password)

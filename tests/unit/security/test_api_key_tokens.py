"""The texts of API keys."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ecommerce.adapters.security.api_key_tokens import ApiKeyTokens

TOKENS = ApiKeyTokens()


def test_a_key_has_a_prefix_256_random_bits_and_a_checksum() -> None:
    made = [TOKENS.new() for _ in range(200)]
    for secret in made:
        assert re.fullmatch(r"ek_live_[0-9A-Za-z]{49}", secret.text)
        assert secret.text.startswith(secret.start)
        assert len(secret.start) == 12
        assert TOKENS.looks_like_one(secret.text)
        assert TOKENS.hash(secret.text) == secret.key_hash
        assert len(secret.key_hash) == 32
    assert len({secret.text for secret in made}) == 200
    assert len({secret.key_hash for secret in made}) == 200


def test_a_typing_error_is_seen() -> None:
    text = TOKENS.new().text
    for place in range(len(text)):
        for other in "0aZ_":
            if text[place] != other:
                assert TOKENS.hash(text[:place] + other + text[place + 1 :]) is None
        assert TOKENS.hash(text[:place] + text[place + 1 :]) is None
        swapped = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
        assert swapped == text or TOKENS.hash(swapped) is None


@given(st.text())
def test_any_other_text_is_none(text: str) -> None:
    assert TOKENS.hash(text) is None
    assert TOKENS.hash(f"ek_live_{text}") is None
    assert TOKENS.looks_like_one(f"ek_{text}")


def test_a_json_web_token_does_not_look_like_one() -> None:
    assert not TOKENS.looks_like_one("eyJhbGciOiJFZERTQSJ9.e30.c2ln")

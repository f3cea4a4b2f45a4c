"""Nothing but an untouched, current token of this shop gets in."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.domain.identity.errors import InvalidTokenError
from ecommerce.domain.shared.ids import SessionId, UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
USER = UserId(UUID("01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6e"))
SESSION = SessionId(UUID("01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6f"))
RING = KeyRing.generate(NOW)
KID = RING.active.kid


def tokens(ring: KeyRing = RING, issuer: str = "shop", audience: str = "shop") -> JwtTokens:
    return JwtTokens(ring, issuer=issuer, audience=audience)


def issued(ring: KeyRing = RING) -> str:
    return tokens(ring).issue(USER, SESSION, NOW).token


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(decoded(token.split(".")[1]))
    return claims


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(value: object) -> str:
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def signed(
    header: Mapping[str, object],
    claims: Mapping[str, object],
    key: Ed25519PrivateKey = RING.active.private,
) -> str:
    text = f"{encoded(header)}.{encoded(claims)}"
    return f"{text}.{encoded(key.sign(text.encode()))}"


HEADER = {"alg": "EdDSA", "typ": "at+jwt", "kid": KID}


def refused(token: str, now: datetime = NOW, ring: KeyRing = RING) -> None:
    with pytest.raises(InvalidTokenError):
        tokens(ring).verify(token, now)


def test_a_token_says_whose_it_is() -> None:
    made = tokens().issue(USER, SESSION, NOW)
    assert made.expires_in == 600
    found = tokens().verify(made.token, NOW)
    assert (found.user_id, found.session_id) == (USER, SESSION)
    assert jwt.get_unverified_header(made.token) == HEADER
    claims = claims_of(made.token)
    assert claims == {
        "iss": "shop",
        "aud": "shop",
        "sub": str(USER),
        "sid": str(SESSION),
        "jti": claims["jti"],
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 600,
    }
    assert claims_of(issued())["jti"] != claims["jti"]


def test_what_this_test_signs_by_hand_is_good() -> None:
    assert tokens().verify(signed(HEADER, claims_of(issued())), NOW).user_id == USER


@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_character_counts(part: int) -> None:
    parts = issued().split(".")
    for place, old in enumerate(parts[part]):
        for new in {"A", "B", "_", "="} - {old}:
            text = parts[part][:place] + new + parts[part][place + 1 :]
            refused(".".join([*parts[:part], text, *parts[part + 1 :]]))
        text = parts[part][:place] + "!" + parts[part][place:]
        refused(".".join([*parts[:part], text, *parts[part + 1 :]]))
    last = parts[part][-1]
    for new in set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") - {last}:
        refused(".".join([*parts[:part], parts[part][:-1] + new, *parts[part + 1 :]]))


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"alg": "EdDSA"},
        {"alg": "EdDSA", "typ": "at+jwt"},
        {"alg": "EdDSA", "kid": KID},
        {"typ": "at+jwt", "kid": KID},
        HEADER | {"typ": "JWT"},
        HEADER | {"typ": "AT+JWT"},
        HEADER | {"typ": None},
        HEADER | {"alg": "none"},
        HEADER | {"alg": "None"},
        HEADER | {"alg": "HS256"},
        HEADER | {"alg": "RS256"},
        HEADER | {"alg": "eddsa"},
        HEADER | {"alg": ["EdDSA"]},
        HEADER | {"kid": "other"},
        HEADER | {"kid": ""},
        HEADER | {"kid": None},
        HEADER | {"kid": [KID]},
        HEADER | {"kid": {"a": 1}},
        HEADER | {"kid": "../../etc/passwd"},
        HEADER | {"crit": ["exp"]},
        HEADER | {"crit": []},
        HEADER | {"b64": False},
        HEADER | {"jku": "https://example.com/keys"},
        HEADER | {"jwk": {"kty": "OKP"}},
        HEADER | {"x5u": "https://example.com/cert"},
        HEADER | {"zip": "DEF"},
    ],
)
def test_every_header_counts(header: Mapping[str, object]) -> None:
    refused(signed(header, claims_of(issued())))


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "jti", "iat", "exp"])
def test_every_claim_is_required(claim: str) -> None:
    claims = claims_of(issued())
    del claims[claim]
    refused(signed(HEADER, claims))
    refused(signed(HEADER, claims | {claim: None}))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "other"},
        {"iss": ""},
        {"iss": ["shop"]},
        {"aud": "other"},
        {"aud": ["shop"]},
        {"aud": ["shop", "other"]},
        {"aud": []},
        {"sub": "ada@example.com"},
        {"sub": ""},
        {"sub": 7},
        {"sid": "x"},
        {"sid": ""},
        {"iat": "1768469400"},
        {"iat": True},
        {"iat": 1768469400.5},
        {"exp": "1768470000"},
        {"exp": 1e400},
        {"exp": 1768470000.5},
        {"exp": True},
        {"exp": 0},
        {"exp": -1},
        {"jti": 7},
    ],
)
def test_every_claim_counts(change: Mapping[str, object]) -> None:
    refused(signed(HEADER, {**claims_of(issued()), **change}))


def test_a_token_signed_by_another_key() -> None:
    stranger = Ed25519PrivateKey.generate()
    refused(signed(HEADER, claims_of(issued()), stranger))
    other = KeyRing.generate(NOW)
    refused(issued(other))
    refused(signed(HEADER | {"kid": other.active.kid}, claims_of(issued()), stranger))


def test_a_token_without_signature() -> None:
    header, claims, _ = issued().split(".")
    refused(f"{header}.{claims}.")
    refused(f"{encoded(HEADER | {'alg': 'none'})}.{claims}.")


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    public = RING.active.private.public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    claims = encoded(claims_of(issued()))
    for key in (pem, public.public_bytes_raw()):
        for header in (HEADER | {"alg": "HS256"}, HEADER):
            text = f"{encoded(header)}.{claims}"
            refused(f"{text}.{encoded(hmac.digest(key, text.encode(), hashlib.sha256))}")


def test_instants_have_thirty_seconds_of_leeway() -> None:
    token = issued()
    end = NOW + timedelta(minutes=10)
    tokens().verify(token, end + timedelta(seconds=29))
    refused(token, end + timedelta(seconds=30))
    tokens().verify(token, NOW - timedelta(seconds=30))
    refused(token, NOW - timedelta(seconds=31))


def test_another_shops_token() -> None:
    for issuer, audience in (("other", "shop"), ("shop", "other")):
        token = tokens(issuer=issuer, audience=audience).issue(USER, SESSION, NOW).token
        refused(token)


def test_a_replaced_key_is_accepted_until_it_retires() -> None:
    token = issued()
    ring = RING.rotated(NOW, timedelta(minutes=5))
    tokens(ring).verify(token, NOW + timedelta(minutes=5) - timedelta(seconds=1))
    refused(token, NOW + timedelta(minutes=5), ring)
    new = tokens(ring).issue(USER, SESSION, NOW).token
    assert jwt.get_unverified_header(new)["kid"] == ring.active.kid != KID
    tokens(ring).verify(new, NOW)
    refused(new)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "é.é.é",
        "\ud800.a.b",
        "x" * 3000,
        f"{encoded(b'[' * 1200)}.e30.AAAA",
        f"{encoded(b'[1]')}.e30.AAAA",
        f"{encoded(b'null')}.e30.AAAA",
        f"{encoded(bytes([255, 254]))}.e30.AAAA",
        f"{encoded(b'{')}.e30.AAAA",
        "e30.e30.AA\n",
    ],
)
def test_what_is_no_token_at_all(text: str) -> None:
    refused(text)


def test_signed_claims_that_are_no_object() -> None:
    for claims in (b"[]", b"null", b"7", b"{", bytes([255])):
        text = f"{encoded(HEADER)}.{encoded(claims)}"
        refused(f"{text}.{encoded(RING.active.private.sign(text.encode()))}")


JUNK: tuple[object, ...] = (
    *(None, True, False, 0, 1, -1, 2**63, 10**400, 1.5, "", " ", "x", "x" * 3000),
    *([], {}, ["x"], {"x": 1}, [["x"]], "\ud800", "\0", "null", "0"),
)
"""A value of every type that JSON has."""


@pytest.mark.parametrize("name", ["alg", "typ", "kid"])
@pytest.mark.parametrize("junk", JUNK, ids=lambda value: repr(value)[:12])
def test_every_header_field_with_a_value_of_every_type(name: str, junk: object) -> None:
    refused(signed(HEADER | {name: junk}, claims_of(issued())))


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "sid", "iat", "exp"])
@pytest.mark.parametrize("junk", JUNK, ids=lambda value: repr(value)[:12])
def test_every_claim_with_a_value_of_every_type(name: str, junk: object) -> None:
    """Only whole numbers can be instants: in the past for one, in the future for the other."""
    token = signed(HEADER, claims_of(issued()) | {name: junk})
    instant = type(junk) is int and len(token) < 2048
    now = NOW.timestamp()
    past, future = (instant and junk <= now), (instant and junk > now)  # type: ignore[operator]
    if (name == "iat" and past) or (name == "exp" and future):
        tokens().verify(token, NOW)
    else:
        refused(token)


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "sid", "exp", "iat"])
def test_every_claim_is_of_this_token(name: str) -> None:
    """Changed without signing anew, any of them breaks the signature."""
    header, _, signature = issued().split(".")
    claims = claims_of(issued())
    claims[name] = claims[name] + 1 if isinstance(claims[name], int) else f"{claims[name]}x"
    refused(f"{header}.{encoded(claims)}.{signature}")


@cache
def keys_of_other_kinds() -> dict[str, Any]:
    return {
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "ES512": ec.generate_private_key(ec.SECP521R1()),
        "RS256": rsa.generate_private_key(65537, 2048),
        "PS256": rsa.generate_private_key(65537, 2048),
        "Ed448": Ed448PrivateKey.generate(),
        "HS256": RING.active.private.public_key().public_bytes_raw(),
        "none": None,
    }


@pytest.mark.parametrize("name", ["ES256", "ES512", "RS256", "PS256", "Ed448", "HS256", "none"])
def test_keys_of_other_kinds(name: str) -> None:
    algorithm = "EdDSA" if name == "Ed448" else name
    headers = {"kid": KID, "typ": "at+jwt"}
    token = jwt.encode(
        claims_of(issued()), keys_of_other_kinds()[name], algorithm=algorithm, headers=headers
    )
    refused(token)
    # The same signature under our own algorithm's name.
    _, claims, signature = token.split(".")
    refused(f"{encoded(HEADER)}.{claims}.{signature}")

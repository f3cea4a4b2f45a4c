"""Access tokens: JSON Web Tokens (RFC 9068) signed with Ed25519."""

import base64
import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import jwt

from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.live_keys import LiveKeys
from ecommerce.adapters.security.signing_key import ALGORITHM, SigningKey
from ecommerce.application.identity.ports import AccessClaims, IssuedAccessToken
from ecommerce.domain.identity.errors import InvalidTokenError
from ecommerce.domain.shared.ids import SessionId, UserId

_TYPE: Final = "at+jwt"
_CLAIMS: Final = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")
_MAX_LENGTH: Final = 2048
_PART: Final = re.compile(r"(?:[A-Za-z0-9_-]{4})*[A-Za-z0-9_-]{2,4}")


class JwtTokens:
    """Signs with the ring's signing key; accepts what any key of it signed until that retires.

    Nothing a token says chooses how it is checked: the algorithm and the type are fixed, the key is
    looked up in the ring alone, and a header with anything else in it is refused.
    """

    def __init__(
        self,
        keys: KeyRing | LiveKeys,
        *,
        issuer: str,
        audience: str,
        lifetime: timedelta = timedelta(minutes=10),
        leeway: timedelta = timedelta(seconds=30),
    ) -> None:
        self._keys: Final = LiveKeys(keys) if isinstance(keys, KeyRing) else keys
        self._issuer: Final = issuer
        self._audience: Final = audience
        self._lifetime: Final = lifetime
        self._leeway: Final = leeway

    def issue(self, user_id: UserId, session_id: SessionId, now: datetime) -> IssuedAccessToken:
        """Sign a token for a session."""
        issued_at = int(now.timestamp())
        seconds = int(self._lifetime.total_seconds())
        key = self._keys.signing_key(now)
        token = jwt.encode(
            {
                "iss": self._issuer,
                "aud": self._audience,
                "sub": str(user_id),
                "sid": str(session_id),
                "jti": str(uuid.uuid4()),
                "iat": issued_at,
                "exp": issued_at + seconds,
            },
            key.private,
            algorithm=ALGORITHM,
            headers={"kid": key.kid, "typ": _TYPE},
        )
        return IssuedAccessToken(token, seconds)

    def verify(self, token: str, now: datetime) -> AccessClaims:
        """Check the header, the signature and every claim, in that order."""
        if len(token) > _MAX_LENGTH or not _is_canonical(token):
            raise InvalidTokenError("The access token is not valid.")
        try:
            key = self._key(jwt.get_unverified_header(token), now)
            claims = jwt.decode(
                token,
                key.private.public_key(),
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                audience=self._audience,
                # The instants are compared with the shop's clock, below.
                options={
                    "require": list(_CLAIMS),
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, RecursionError) as error:
            raise InvalidTokenError("The access token is not valid.") from error
        self._check_instants(claims, now)
        return AccessClaims(UserId(_id(claims, "sub")), SessionId(_id(claims, "sid")))

    def _key(self, header: Mapping[str, object], now: datetime) -> SigningKey:
        kid = header.get("kid")
        key = self._keys.key(kid) if isinstance(kid, str) else None
        if (
            key is None
            or not key.is_accepted(now)
            or header != {"alg": ALGORITHM, "typ": _TYPE, "kid": kid}
        ):
            raise InvalidTokenError("The access token is not one of this shop's.")
        return key

    def _check_instants(self, claims: Mapping[str, object], now: datetime) -> None:
        issued_at, expires_at = claims["iat"], claims["exp"]
        if type(issued_at) is not int or type(expires_at) is not int:
            raise InvalidTokenError("The access token's instants are not whole seconds.")
        leeway = self._leeway.total_seconds()
        if issued_at > now.timestamp() + leeway:
            raise InvalidTokenError("The access token is from the future.")
        if expires_at <= now.timestamp() - leeway:
            raise InvalidTokenError("The access token has expired.")


def _is_canonical(token: str) -> bool:
    """Whether each part is base64url in its one spelling: decoders skip what does not belong, and
    the signature does not cover its own spelling.
    """
    return all(
        _PART.fullmatch(part)
        and base64.urlsafe_b64encode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        .decode()
        .rstrip("=")
        == part
        for part in token.split(".")
    )


def _id(claims: Mapping[str, object], name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(claims[name]))
    except ValueError as error:
        raise InvalidTokenError(f"The access token's {name} is not an id.") from error

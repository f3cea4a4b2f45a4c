"""Codes of authenticators (TOTP, RFC 6238), and those for when the authenticator is lost."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_SECRET_BYTES: Final = 20
_DIGITS: Final = 6
_STEP: Final = 30
_BESIDE: Final = (0, -1, 1)
_RECOVERY_BYTES: Final = 15


class TotpCodes:
    """SHA-1, six digits, thirty seconds: what every authenticator knows.

    SHA-1 inside HMAC is not weakened by its collisions. One step to either side is accepted, for
    clocks that are off and for people who type.
    """

    def __init__(self, shop: str) -> None:
        """``shop`` is what authenticators call it; a colon ends such a name, so it has none."""
        self._issuer: Final = " ".join(shop.replace(":", " ").split())

    def new_secret(self) -> bytes:
        """160 random bits, as RFC 4226 recommends."""
        return secrets.token_bytes(_SECRET_BYTES)

    def written(self, secret: bytes) -> str:
        """Base 32, without padding."""
        return base64.b32encode(secret).decode().rstrip("=")

    def address(self, secret: bytes, account: str) -> str:
        """An ``otpauth://totp/`` address (the key URI format), whose label begins with the issuer.

        Written here, as the library leaves slashes as they are and writes blanks as a plus, which
        some authenticators show.
        """
        issuer = {"issuer": self._issuer} if self._issuer else {}
        label = ":".join(quote(part, safe="") for part in (*issuer.values(), account))
        known = {"digits": _DIGITS, "secret": self.written(secret), "algorithm": "SHA1"}
        return f"otpauth://totp/{label}?" + urlencode(
            {**known, **issuer, "period": _STEP}, quote_via=quote
        )

    def step_of(self, secret: bytes, code: str, now: datetime) -> int | None:
        """Compare with the codes of this step and of those beside it, each in constant time."""
        totp, step = _totp(secret), int(now.timestamp()) // _STEP
        given = code.encode("utf-8", "surrogatepass")
        found: int | None = None
        for beside in _BESIDE:
            here = step + beside
            if hmac.compare_digest(totp.generate(here * _STEP), given) and found is None:
                found = here
        return found


class RandomRecoveryCodes:
    """120 random bits each, so that an unsalted SHA-256 cannot be searched."""

    def new(self) -> str:
        """Twenty-four letters and digits of base 32, in fours."""
        text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
        return "-".join(text[place : place + 4] for place in range(0, len(text), 4))

    def hash(self, code: str) -> bytes:
        """Hash it without hyphens, spaces and capitals."""
        plain = "".join(c for c in code.casefold() if c not in "- ")
        return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), _STEP)  # noqa: S303 - what authenticators know  # nosec B303

"""One Ed25519 key (RFC 8032) that access tokens are signed and checked with."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ecommerce.application.identity.ports import PublicKey


class KeyRingError(Exception):
    """The keys cannot be used; the message says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair. It signs from ``sign_from`` on, so that everybody knows it by then; from
    ``retire_after`` on nothing signed with it is accepted.
    """

    private: Ed25519PrivateKey
    created_at: datetime
    retire_after: datetime | None = None
    sign_from: datetime | None = None

    @classmethod
    def generate(cls, now: datetime, *, sign_from: datetime | None = None) -> "SigningKey":
        """Make a new one."""
        return cls(Ed25519PrivateKey.generate(), now, sign_from=sign_from)

    @classmethod
    def read(cls, fields: Mapping[str, object]) -> "SigningKey":
        """Read what ``written`` wrote; ``KeyRingError`` when it is something else."""
        try:
            private = Ed25519PrivateKey.from_private_bytes(
                base64.b64decode(str(fields["private_key"]), validate=True)
            )
            created_at = _instant(fields["created_at"])
            key = cls(
                private,
                created_at,
                _optional(fields, "retire_after"),
                _optional(fields, "sign_from"),
            )
        except (KeyError, ValueError, binascii.Error) as error:
            raise KeyRingError(f"A signing key is not readable: {error!r}.") from error
        if fields.get("kid") != key.kid:
            raise KeyRingError(f"The key with kid {fields.get('kid')!r} is another: {key.kid!r}.")
        return key

    def written(self) -> Mapping[str, str]:
        """Say it in JSON's terms, private half included."""
        fields = {
            "kid": self.kid,
            "private_key": base64.b64encode(self.private.private_bytes_raw()).decode(),
            "created_at": self.created_at.isoformat(),
        }
        if self.retire_after is not None:
            fields["retire_after"] = self.retire_after.isoformat()
        if self.sign_from is not None:
            fields["sign_from"] = self.sign_from.isoformat()
        return fields

    def retiring(self, after: datetime) -> "SigningKey":
        """Keep it for checking only, until an instant."""
        return replace(self, retire_after=after)

    def is_accepted(self, now: datetime) -> bool:
        """Whether what it signed is accepted at this instant."""
        return self.retire_after is None or now < self.retire_after

    def may_sign(self, now: datetime) -> bool:
        """Whether everybody knows it by this instant, and accepts what it signs."""
        return self.is_accepted(now) and (self.sign_from is None or now >= self.sign_from)

    @property
    def kid(self) -> str:
        """Its name: the JWK thumbprint (RFC 7638) of the public half."""
        members = {"crv": "Ed25519", "kty": "OKP", "x": self._x}
        canonical = json.dumps(members, sort_keys=True, separators=(",", ":"))
        return _base64url(hashlib.sha256(canonical.encode()).digest())

    @property
    def public_key(self) -> PublicKey:
        """The public half, for those who check tokens themselves."""
        return PublicKey(
            kty="OKP", crv="Ed25519", x=self._x, kid=self.kid, use="sig", alg=ALGORITHM
        )

    @property
    def _x(self) -> str:
        return _base64url(self.private.public_key().public_bytes_raw())


ALGORITHM: Final = "EdDSA"


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _optional(fields: Mapping[str, object], name: str) -> datetime | None:
    value = fields.get(name)
    return None if value is None else _instant(value)


def _instant(value: object) -> datetime:
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return instant

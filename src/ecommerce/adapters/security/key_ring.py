"""The shop's keys: those that sign access tokens, and the secret that others are derived from."""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from ecommerce.adapters.security.key_file import create_once, exclusively, replace_file
from ecommerce.adapters.security.signing_key import KeyRingError, SigningKey
from ecommerce.application.identity.key_times import LEAD
from ecommerce.application.identity.ports import PublicKey

_SECRET_BYTES: Final = 32
OVERLAP: Final = timedelta(days=1)
"""How long a replaced key is still accepted: far longer than any token made with it lasts."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of all instances behind one address; one signs, every one accepted checks.

    ``active`` is the newest: it signs as soon as everybody knows it.
    """

    active: SigningKey
    previous: tuple[SigningKey, ...]
    secret: bytes

    @classmethod
    def generate(cls, now: datetime) -> "KeyRing":
        """Make a new ring."""
        return cls(SigningKey.generate(now), (), secrets.token_bytes(_SECRET_BYTES))

    @classmethod
    def from_json(cls, text: str) -> "KeyRing":
        """Read a ring from the text of its file; ``KeyRingError`` says what is wrong with it."""
        try:
            fields = json.loads(text)
            keys = [SigningKey.read(key) for key in fields["signing"]]
            active = next(key for key in keys if key.kid == fields["active"])
            secret = base64.b64decode(str(fields["secret"]), validate=True)
        except KeyRingError:
            raise
        except StopIteration as error:
            raise KeyRingError("The active key is not among the signing keys.") from error
        except (AttributeError, KeyError, TypeError, ValueError, binascii.Error) as error:
            raise KeyRingError("That is not a key ring in JSON.") from error
        if len(secret) < _SECRET_BYTES:
            raise KeyRingError(f"The secret has fewer than {_SECRET_BYTES} bytes.")
        if active.retire_after is not None:
            raise KeyRingError("The active key is retiring.")
        return cls(active, tuple(key for key in keys if key is not active), secret)

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read a ring's file."""
        try:
            return cls.from_json(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise KeyRingError(f"{path} cannot be read: {error}.") from error
        except KeyRingError as error:
            raise KeyRingError(f"{path}: {error}") from error

    @classmethod
    def load_or_create(cls, path: Path) -> "KeyRing":
        """Read a ring's file, made first where there is none.

        Of several processes that start at once one makes it, whole, and all read the same.
        """
        if not path.exists():
            try:
                create_once(path, cls.generate(datetime.now(UTC)).to_json())
            except OSError as error:
                raise KeyRingError(f"{path} cannot be written: {error}.") from error
        return cls.load(path)

    @classmethod
    def rotate(
        cls, path: Path, now: datetime, *, overlap: timedelta = OVERLAP, lead: timedelta = LEAD
    ) -> "KeyRing":
        """Add a key that signs once its lead is over; the one before is accepted until the overlap
        ends. Running instances follow the file.
        """
        return cls._change(path, lambda ring: ring.rotated(now, overlap, lead))

    @classmethod
    def remove(cls, path: Path, kid: str) -> "KeyRing":
        """Take a key out of the file: nothing signed with it is accepted from then on.

        ``KeyRingError`` for the newest key, and for one that the ring does not have.
        """
        return cls._change(path, lambda ring: ring.without(kid))

    @classmethod
    def _change(cls, path: Path, change: Callable[["KeyRing"], "KeyRing"]) -> "KeyRing":
        try:
            with exclusively(path):
                ring = change(cls.load(path))
                replace_file(path, ring.to_json())
        except OSError as error:
            raise KeyRingError(f"{path} cannot be written: {error}.") from error
        return ring

    @property
    def keys(self) -> tuple[SigningKey, ...]:
        """Every key, the newest first."""
        return (self.active, *self.previous)

    def signing_key(self, now: datetime) -> SigningKey:
        """The newest key that everybody knows; the newest of all where there is none."""
        return next((key for key in self.keys if key.may_sign(now)), self.active)

    def called(self, name: str) -> SigningKey:
        """The key of that name, or the only one whose name begins so."""
        found = [key for key in self.keys if key.kid == name]
        found = found or [key for key in self.keys if name and key.kid.startswith(name)]
        if not found:
            raise KeyRingError(f"There is no key {name!r} in the ring.")
        if len(found) > 1:
            kids = ", ".join(key.kid for key in found)
            raise KeyRingError(f"{name!r} is the beginning of several keys ({kids}): give more.")
        return found[0]

    def to_json(self) -> str:
        """Say the ring in the words of its file, private keys included."""
        return json.dumps(
            {
                "active": self.active.kid,
                "signing": [dict(key.written()) for key in self.keys],
                "secret": base64.b64encode(self.secret).decode(),
            },
            indent=2,
        )

    def derive(self, purpose: str) -> bytes:
        """Make the key for one purpose, which says nothing of the secret or of other purposes."""
        return hmac.digest(self.secret, f"ecommerce/{purpose}".encode(), "sha256")

    def public_keys(self, now: datetime) -> tuple[PublicKey, ...]:
        """List the public halves of the keys accepted now, the one that signs first."""
        signing = self.signing_key(now)
        others = (key for key in self.keys if key is not signing)
        return tuple(key.public_key for key in (signing, *others) if key.is_accepted(now))

    def rotated(
        self, now: datetime, overlap: timedelta = OVERLAP, lead: timedelta = timedelta(0)
    ) -> "KeyRing":
        """Make the ring that signs with a new key, without those that have retired by now."""
        kept = tuple(key for key in self.previous if key.is_accepted(now))
        return replace(
            self,
            active=SigningKey.generate(now, sign_from=now + lead if lead else None),
            previous=(self.active.retiring(now + lead + overlap), *kept),
        )

    def without(self, kid: str) -> "KeyRing":
        """Make the ring without one of its replaced keys."""
        gone = self.called(kid)
        if gone is self.active:
            raise KeyRingError("That is the newest key; rotate first, then remove it.")
        return replace(self, previous=tuple(key for key in self.previous if key is not gone))

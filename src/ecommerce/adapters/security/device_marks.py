"""Marks of devices: a random name, and a MAC over it, the account and a secret of it."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.domain.identity.email import address_key

_MARK: Final = re.compile(r"([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})")
_NAME_BYTES: Final = 16


class HmacDeviceMarks:
    """HMAC-SHA-256 under a key derived from the ring's secret, so that nothing is stored."""

    def __init__(self, keys: KeyRing) -> None:
        self._key: Final = keys.derive("device")

    def make(self, address: str, secret: str) -> str:
        """Name a device at random and sign the name for the address and the secret."""
        name = secrets.token_urlsafe(_NAME_BYTES)
        return f"{name}.{self._sign(name, address, secret)}"

    def looks_like_one(self, text: str) -> bool:
        """Look at its form."""
        return _MARK.fullmatch(text) is not None

    def device(self, mark: str, address: str, secret: str) -> str | None:
        """Check the signature."""
        found = _MARK.fullmatch(mark)
        if found is None or not hmac.compare_digest(
            found[2], self._sign(found[1], address, secret)
        ):
            return None
        return found[1]

    def _sign(self, name: str, address: str, secret: str) -> str:
        # Parts of one length before the one of any.
        hashed = hashlib.sha256(secret.encode()).hexdigest()
        message = f"{name}\n{hashed}\n{address_key(address)}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(self._key, message, "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

"""Marks of devices: a random name, and a MAC over it and the account."""

import base64
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

    def make(self, address: str) -> str:
        """Name a device at random and sign the name for the address."""
        name = secrets.token_urlsafe(_NAME_BYTES)
        return f"{name}.{self._sign(name, address)}"

    def device(self, mark: str, address: str) -> str | None:
        """Check the signature."""
        found = _MARK.fullmatch(mark)
        if found is None or not hmac.compare_digest(found[2], self._sign(found[1], address)):
            return None
        return found[1]

    def _sign(self, name: str, address: str) -> str:
        message = f"{name}\n{address_key(address)}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(self._key, message, "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

"""Encryption of what the shop has to read again: AES-256-GCM with a key of the ring."""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ecommerce.domain.identity.access_errors import SecondFactorUnreadableError
from ecommerce.domain.shared.ids import UserId

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"second factor of "


class AesSealer:
    """A version byte, a random nonce, and what AES-GCM makes of the secret.

    The owner is authenticated with it: what was sealed for one account opens for no other, so rows
    cannot be swapped. The key is derived from the ring's secret, which rotating the signing keys
    leaves as it is.
    """

    def __init__(self, key: bytes) -> None:
        self._aes: Final = AESGCM(key)

    def seal(self, secret: bytes, owner: UserId) -> bytes:
        """Encrypt under a nonce of its own."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + self._aes.encrypt(nonce, secret, _PURPOSE + owner.bytes)

    def open(self, sealed: bytes, owner: UserId) -> bytes:
        """Decrypt and authenticate."""
        version, nonce, text = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if version != _VERSION:
            raise _unreadable()
        try:
            return self._aes.decrypt(nonce, text, _PURPOSE + owner.bytes)
        except (InvalidTag, ValueError) as error:
            raise _unreadable() from error


def _unreadable() -> SecondFactorUnreadableError:
    return SecondFactorUnreadableError(
        "The second factor was sealed with another key ring.", retry_after=60
    )

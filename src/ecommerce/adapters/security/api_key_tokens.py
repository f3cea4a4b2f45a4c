"""The texts of API keys: a prefix that scanners know, 256 random bits, a checksum."""

import hashlib
import secrets
import string
import zlib
from typing import Final

from ecommerce.application.identity.access.ports import NewApiKeySecret

PREFIX: Final = "ek_live_"
_FAMILY: Final = "ek_"
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BYTES: Final = 32
_SECRET: Final = 43
"""So many digits of base 62 hold 256 bits."""

_CHECKSUM: Final = 6
_LENGTH: Final = len(PREFIX) + _SECRET + _CHECKSUM
_START: Final = len(PREFIX) + 4


class ApiKeyTokens:
    """``ek_live_``, the secret in base 62, and the CRC-32 of both in base 62.

    The checksum is no protection, it only tells a typing error or a cut text from a key without
    asking the database, here and in secret scanners. The secret is random and long, so an unsalted
    SHA-256 of it cannot be searched: a slow hash would add a second to each request and nothing to
    what a thief of the database cannot do anyway.
    """

    def new(self) -> NewApiKeySecret:
        """Make one, and remember its first twelve characters to know it by."""
        secret = int.from_bytes(secrets.token_bytes(_BYTES), "big")
        body = PREFIX + _base62(secret, _SECRET)
        text = body + _checksum(body)
        return NewApiKeySecret(text, text[:_START], _hash(text))

    def looks_like_one(self, text: str) -> bool:
        """Look at how it begins; no JSON Web Token begins like that."""
        return text.startswith(_FAMILY)

    def hash(self, text: str) -> bytes | None:
        """Check prefix, length and checksum, then hash with SHA-256."""
        if len(text) != _LENGTH or not text.startswith(PREFIX) or not text.isascii():
            return None
        body, checksum = text[:-_CHECKSUM], text[-_CHECKSUM:]
        return _hash(text) if _checksum(body) == checksum else None


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECKSUM)


def _base62(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()

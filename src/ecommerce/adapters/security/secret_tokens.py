"""Opaque tokens: random, and kept as hashes."""

import hashlib
import secrets
from typing import Final

_BYTES: Final = 32


class RandomTokens:
    """256 random bits each, so that an unsalted SHA-256 cannot be searched."""

    def new(self) -> str:
        """Make a token of 43 URL-safe characters."""
        return secrets.token_urlsafe(_BYTES)

    def hash(self, token: str) -> bytes:
        """Hash a token with SHA-256."""
        return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()

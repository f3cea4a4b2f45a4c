"""Which environment variable sets which setting."""

from typing import Final

PREFIX: Final = "ECOMMERCE_"
_UNPREFIXED: Final = {
    "database_url": "DATABASE_URL",
    "database_replica_url": "DATABASE_REPLICA_URL",
    "trusted_proxies": "TRUSTED_PROXIES",
}


def variable(field: str) -> str:
    """The environment variable that sets a field."""
    return _UNPREFIXED.get(field, PREFIX + field.upper())

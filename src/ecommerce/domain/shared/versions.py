"""Versions: how a change says what it was made from."""

from ecommerce.domain.shared.errors import StaleVersionError


def require_version(present: int, expected: int | None) -> None:
    """Refuse a change made from another version than the present; ``None`` expects nothing."""
    if expected is not None and expected != present:
        raise StaleVersionError(f"This is version {present}; the change was made from {expected}.")

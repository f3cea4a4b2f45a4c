"""Which passwords will do."""

from collections.abc import Callable
from typing import Final

from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.identity.user import Role

MAX_PASSWORD_LENGTH: Final = 1024
MIN_PASSWORD_LENGTH: Final = 8
MIN_STAFF_PASSWORD_LENGTH: Final = 15
"""For those who sign in to work here, with nothing but a password (NIST SP 800-63B-4, 3.1.1.2)."""


def check_password(password: str, role: Role, is_common: Callable[[str], bool]) -> None:
    """Refuse, with ``WeakPasswordError``, a password that is too short or long for the role, or
    that everybody tries first, in whatever case.
    """
    least = MIN_PASSWORD_LENGTH if role is Role.CUSTOMER else MIN_STAFF_PASSWORD_LENGTH
    if not least <= len(password) <= MAX_PASSWORD_LENGTH:
        raise WeakPasswordError(
            f"A password has {least} to {MAX_PASSWORD_LENGTH} characters; this one has"
            f" {len(password)}."
        )
    if is_common(password.casefold()):
        raise WeakPasswordError("This password is among those that everybody tries first.")

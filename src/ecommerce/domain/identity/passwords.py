"""Which passwords will do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.identity.user import Role

MAX_PASSWORD_LENGTH: Final = 1024
MIN_PASSWORD_LENGTH: Final = 8
MIN_STAFF_PASSWORD_LENGTH: Final = 15
"""For those who sign in to work here, with nothing but a password (NIST SP 800-63B-4, 3.1.1.2)."""


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """How short a password may be: for staff with nothing beside it, longer than for others."""

    least: int = MIN_PASSWORD_LENGTH
    least_for_staff: int = MIN_STAFF_PASSWORD_LENGTH

    def least_for(self, role: Role, *, second_factor: bool) -> int:
        """The fewest characters for somebody of this role, with or without a second factor."""
        if role is Role.CUSTOMER or second_factor:
            return self.least
        return max(self.least, self.least_for_staff)


def check_password(
    password: str,
    role: Role,
    is_common: Callable[[str], bool],
    *,
    policy: PasswordPolicy | None = None,
    second_factor: bool = False,
) -> None:
    """Refuse, with ``WeakPasswordError``, a password that is too short or long for its owner, or
    that everybody tries first, in whatever case.
    """
    least = (policy or PasswordPolicy()).least_for(role, second_factor=second_factor)
    if not least <= len(password) <= MAX_PASSWORD_LENGTH:
        raise WeakPasswordError(
            f"A password has {least} to {MAX_PASSWORD_LENGTH} characters; this one has"
            f" {len(password)}."
        )
    if is_common(password.casefold()):
        raise WeakPasswordError("This password is among those that everybody tries first.")

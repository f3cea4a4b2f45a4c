"""Accounts."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import EmailAlreadyVerifiedError, InvalidFullNameError
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import UserId
from ecommerce.domain.shared.text import composed

MAX_FULL_NAME_LENGTH: Final = 200


class Role(Enum):
    """What an account is in the shop."""

    CUSTOMER = "customer"
    STAFF = "staff"
    ADMIN = "admin"


@dataclass(slots=True, eq=False, kw_only=True)
class User:
    """Somebody with an account; mail goes to ``email`` as it was registered.

    ``long_password`` is whether the password will do for somebody who works here and has no second
    factor; ``None`` while that is not known, since the hash does not tell. Nor is it known when an
    address was verified (``email_verified_at``) that an earlier release verified.
    """

    id: UserId
    email: Email
    full_name: str | None
    role: Role
    password_hash: str
    email_verified: bool
    disabled: bool
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    long_password: bool | None = None
    email_verified_at: datetime | None = None

    @classmethod
    def register(
        cls,
        id: UserId,  # noqa: A002 - the account's own field
        email: Email,
        password_hash: str,
        *,
        full_name: str | None,
        now: datetime,
        role: Role = Role.CUSTOMER,
        long_password: bool | None = None,
    ) -> "User":
        """Open an account, whose address nobody has verified yet."""
        return cls(
            id=id,
            email=email,
            full_name=_checked(full_name),
            role=role,
            password_hash=password_hash,
            email_verified=False,
            disabled=False,
            version=1,
            created_at=now,
            updated_at=now,
            long_password=long_password,
        )

    @property
    def is_active_admin(self) -> bool:
        """Whether its owner is an admin who can sign in."""
        return self.role is Role.ADMIN and not self.disabled

    def rename(self, full_name: str | None, now: datetime) -> bool:
        """Call the account something else, or nothing; whether that changed anything."""
        name = _checked(full_name)
        if name == self.full_name:
            return False
        self.full_name = name
        self._changed(now)
        return True

    def verify_email(self, now: datetime) -> None:
        """Take note that its owner reads the mail that goes to the address."""
        if self.email_verified:
            raise EmailAlreadyVerifiedError("The address is verified already.")
        self._email_proved(now)
        self._changed(now)

    def give_role(self, role: Role, now: datetime) -> None:
        """Make the account something else in the shop; effective at once.

        Whoever comes to work here with a password that nobody knows the length of is not trusted to
        have a long one.
        """
        if self.role is Role.CUSTOMER and role is not Role.CUSTOMER:
            self.long_password = bool(self.long_password)
        self.role = role
        self._changed(now)

    def roles_given(self, now: datetime) -> None:
        """Take note that other named roles are its own from now on."""
        self._changed(now)

    def disable(self, now: datetime) -> None:
        """Let nobody use it until it is enabled again; effective at once."""
        self.disabled = True
        self._changed(now)

    def enable(self, now: datetime) -> None:
        """Let its owner sign in again."""
        self.disabled = False
        self._changed(now)

    def delete(self, now: datetime) -> None:
        """Forget who it belongs to: what is left is a number for orders to refer to.

        The address is free for another account; nobody can sign in to this one, ever.
        """
        self.email = Email(f"{self.id.hex}@deleted.invalid")
        self.full_name = None
        self.role = Role.CUSTOMER
        self.password_hash = ""
        self.long_password = None
        self.email_verified = False
        self.email_verified_at = None
        self.disabled = True
        self.deleted_at = now
        self._changed(now)

    def set_password(
        self, password_hash: str, now: datetime, *, long_password: bool | None = None
    ) -> None:
        """Replace the password by another one."""
        self.password_hash = password_hash
        self.long_password = long_password
        self._changed(now)

    def recover(
        self, password_hash: str, now: datetime, *, long_password: bool | None = None
    ) -> None:
        """Set a password for whoever reads the mail of the address, which is verified thereby."""
        if not self.email_verified:
            self._email_proved(now)
        self.set_password(password_hash, now, long_password=long_password)

    def rehash_password(self, password_hash: str) -> None:
        """Keep the same password under a stronger hash: nothing that anybody can see changes."""
        self.password_hash = password_hash

    def learn_password(self, *, long_password: bool) -> bool:
        """Take note of what the password that was just given is like; whether that is news. Nothing
        that anybody can see changes.
        """
        news = self.long_password is not long_password
        self.long_password = long_password
        return news

    def _email_proved(self, now: datetime) -> None:
        self.email_verified = True
        self.email_verified_at = now

    def _changed(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = now


def _checked(full_name: str | None) -> str | None:
    if full_name is None:
        return None
    name = composed(full_name).strip()
    if not 1 <= len(name) <= MAX_FULL_NAME_LENGTH or any(
        unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in name
    ):
        raise InvalidFullNameError(
            f"A name has 1 to {MAX_FULL_NAME_LENGTH} characters and no control characters.",
            Violation("/full_name", "is not a name."),
        )
    return name

"""Which passwords will do."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.text import composed

MAX_PASSWORD_LENGTH: Final = 1024
MIN_PASSWORD_LENGTH: Final = 8
MIN_STAFF_PASSWORD_LENGTH: Final = 15
"""For those who sign in to work here, with nothing but a password (NIST SP 800-63B-4, 3.1.1.2)."""

_PARTS: Final = re.compile(r"[\W\d_]+")
_SHORTEST_WORD: Final = 3
_LETTERS_OF_ITS_OWN: Final = 4


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

    def is_long(self, password: str) -> bool:
        """Whether it will do for those who work here and have nothing beside it."""
        least = self.least_for(Role.STAFF, second_factor=False)
        return len(composed(password)) >= least


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Whose password it is and for which shop: what somebody who knows that much tries early."""

    shop: str | None = None
    email: str | None = None
    full_name: str | None = None

    def words(self) -> list[str]:
        """All of each, and the words in them, case folded, the longest first; the address's last
        label is no word.
        """
        shop, name, email = map(_folded, (self.shop or "", self.full_name or "", self.email or ""))
        parts = {shop, name, email, _PARTS.sub("", shop), _PARTS.sub("", name)}
        for text in (shop, name, email.rpartition(".")[0]):
            parts.update(_PARTS.split(text))
        return sorted((p for p in parts if len(p) >= _SHORTEST_WORD), key=len, reverse=True)


NOWHERE: Final = Surroundings()


def check_password(
    password: str,
    role: Role,
    is_common: Callable[[str], bool],
    surroundings: Surroundings = NOWHERE,
    *,
    policy: PasswordPolicy | None = None,
    second_factor: bool = False,
    field: str = "password",
) -> None:
    """Refuse, with ``WeakPasswordError``, a password that is too short or long for its owner, that
    everybody tries first, in whatever case, or that is little more than the words around it.

    It is counted, looked up and hashed in NFC, since keyboards and systems compose the same letters
    differently (SP 800-63B: each code point is one character then). What is longer than any
    password is refused as it came, before work is done on it; ``field`` is what the password is
    called there.
    """
    least = (policy or PasswordPolicy()).least_for(role, second_factor=second_factor)
    plain = password if len(password) > MAX_PASSWORD_LENGTH else composed(password)
    if not least <= len(plain) <= MAX_PASSWORD_LENGTH:
        raise weak(
            field,
            f"A password has {least} to {MAX_PASSWORD_LENGTH} characters; this one has"
            f" {len(plain)}.",
        )
    if is_common(composed(plain.casefold())):
        raise weak(field, "This password is among those that everybody tries first.")
    if _says_little_more(_folded(plain), surroundings.words()):
        raise weak(
            field,
            "This password is little more than the shop's name, or one's own name or address.",
        )


def weak(field: str, detail: str) -> WeakPasswordError:
    """The refusal of a password, which points at it by the name that it has there."""
    return WeakPasswordError(detail, Violation(f"/{field}", detail))


def _says_little_more(folded: str, words: list[str]) -> bool:
    """Whether it has one of the words in it, and fewer than four letters beside them all."""
    rest = folded
    for word in words:
        rest = rest.replace(word, " ")
    return rest != folded and len(_PARTS.sub("", rest)) < _LETTERS_OF_ITS_OWN


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()

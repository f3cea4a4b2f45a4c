"""E-mail addresses: as people write them, and as the shop tells them apart."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Self

from ecommerce.domain.identity.errors import InvalidEmailError
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.text import composed, identity_key

MAX_EMAIL_BYTES: Final = 254
"""What fits between the angle brackets of an SMTP envelope (RFC 5321 4.5.3.1.3)."""
_MAX_LOCAL_BYTES: Final = 64
_LOCAL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")
_ENCODED: Final = "=?"
"""How an encoded word begins (RFC 2047), behind which some program on the way may see anything."""
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
"""Both as the HTML standard has them; letters, marks and digits of other scripts count as ``x``."""


def _ascii_form(text: str) -> str:
    return "".join(
        "x" if not c.isascii() and unicodedata.category(c)[0] in "LMN" else c for c in text
    )


def host_in_lower_case(host: str) -> str:
    """A host as IDNA 2008 takes it: NFC, and each letter in lower case, whatever stands beside it.

    Case folding would make one host of two: ``ß`` and ``ς`` are letters of their own in a host.
    """
    lowered = "".join(letter.lower() for letter in composed(host))
    return composed(lowered)


def address_key(text: str) -> str:
    """What makes two addresses the same account, for whatever was given as one.

    Before the ``@``, NFC and case folding; behind it, the host as the DNS knows it, in A-labels
    (RFC 5890), so that no other host reaches the account and every spelling of its own does.
    """
    if text.isascii():
        return text.lower()
    local, at, host = text.rpartition("@")
    return (
        f"{identity_key(local)}{at}{'.'.join(map(_a_label, host_in_lower_case(host).split('.')))}"
    )


def _a_label(label: str) -> str:
    """The label in the DNS's own letters, for labels that IDNA allows and all others."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Email:
    """An address that mail can go to, kept in NFC (RFC 6532) and otherwise as it was given."""

    value: str

    def __post_init__(self) -> None:
        value = composed(self.value)
        object.__setattr__(self, "value", value)
        local, at, host = value.rpartition("@")
        if not (
            at
            and _fits(value, MAX_EMAIL_BYTES)
            and _fits(local, _MAX_LOCAL_BYTES)
            and _LOCAL.fullmatch(_ascii_form(local))
            and _ENCODED not in local
            and all(_LABEL.fullmatch(_ascii_form(label)) for label in host.split("."))
        ):
            raise InvalidEmailError(
                "That is not an e-mail address.",
                Violation("/email", "is not an e-mail address."),
            )

    @classmethod
    def kept(cls, value: str) -> Self:
        """An address that was accepted long ago: an account outlives a change of the rules."""
        email = object.__new__(cls)
        object.__setattr__(email, "value", value)
        return email

    @property
    def key(self) -> str:
        """What makes two addresses the same account."""
        return address_key(self.value)

    @property
    def host(self) -> str:
        """Where its mail is taken in, as it was given."""
        return self.value.rpartition("@")[2]

    def at(self, host: str) -> Self:
        """The same mailbox at a host in another spelling."""
        return type(self)(f"{self.value.rpartition('@')[0]}@{host}")


def _fits(text: str, most: int) -> bool:
    return len(text.encode(errors="replace")) <= most

"""Bodies of the second factor and of step-up."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from ecommerce.entrypoints.http.identity.schemas import Password

Code = Annotated[
    str,
    Meta(
        min_length=6,
        max_length=40,
        description="Six digits of the authenticator, or a recovery code.",
    ),
]
"""Both kinds in one field."""


class SecondStepBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The challenge that the right password was given, and a code."""

    challenge_token: Annotated[str, Meta(min_length=1, max_length=512)]
    code: Code


class StepUpBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A proof: the code where there is a second factor, elsewhere the password."""

    password: Password | None = None
    code: Code | None = None

    def __post_init__(self) -> None:
        """Refuse a body without any proof, before anybody counts it."""
        if self.password is None and self.code is None:
            raise ValueError("Object has neither `password` nor `code`")


class ConfirmSecondFactorBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code that the authenticator shows."""

    code: Annotated[str, Meta(min_length=6, max_length=7, description="Six digits.")]


class NewSecondFactor(msgspec.Struct, frozen=True):
    """The secret for the authenticator, to type or (as a QR code of the address) to scan."""

    secret: str
    otpauth_uri: str


class RecoveryCodeList(msgspec.Struct, frozen=True):
    """Recovery codes, each good once; they are shown this once."""

    recovery_codes: tuple[str, ...]


EXAMPLE_CHALLENGE: Final = "Yk3n0gYq1mJb3t7rX9w2u5d8f1h4k6p0s3v6z9c2e5g"
EXAMPLE_RECOVERY: Final = {
    "recovery_codes": ["q4zt-m6ow-2hcx-7kfa-5dun-y3be", "w2nb-c5yr-gt3l-ze6d-7mqk-a4xh"]
}
EXAMPLE_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - an example

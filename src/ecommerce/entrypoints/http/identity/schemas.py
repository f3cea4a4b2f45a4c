"""What accounts and sign-ins look like on the wire."""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.identity.ports import PublicKey
from ecommerce.application.identity.queries import SessionView
from ecommerce.application.shared.paging import Total
from ecommerce.domain.identity.email import MAX_EMAIL_BYTES
from ecommerce.domain.identity.passwords import MAX_PASSWORD_LENGTH
from ecommerce.domain.identity.user import MAX_FULL_NAME_LENGTH
from ecommerce.domain.shared.ids import SessionId
from ecommerce.entrypoints.http.operation import PathParameter

TAG: Final = "Identity"

EmailAddress = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_EMAIL_BYTES,
        description="An e-mail address; upper and lower case make no difference.",
        extra_json_schema={"format": "email"},
    ),
]
Password = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_PASSWORD_LENGTH,
        description="Letters may be composed either way (Unicode NFC is compared); nothing else is "
        "changed, cut or re-cased.",
        extra_json_schema={"format": "password"},
    ),
]
NewPassword = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_PASSWORD_LENGTH,
        description="8 to 1024 characters of any kind, counted in Unicode's composed form (NFC), "
        "not one that everybody tries first, nor "
        "little more than the shop's name or one's own.",
        extra_json_schema={"format": "password"},
    ),
]
FullName = Annotated[str, Meta(min_length=1, max_length=MAX_FULL_NAME_LENGTH)]
RefreshTokenText = Annotated[
    str,
    Meta(min_length=1, max_length=512, description="The newest refresh token of the session."),
]


MailedTokenText = Annotated[
    str, Meta(min_length=1, max_length=512, description="The token of the newest mail of its kind.")
]


class RegisterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new account."""

    email: EmailAddress
    password: NewPassword
    full_name: FullName | None = None


class LoginBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address and its password."""

    email: EmailAddress
    password: Password


class RefreshBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A refresh token to trade for new tokens."""

    refresh_token: RefreshTokenText


class LogoutBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A refresh token of the session to end."""

    refresh_token: RefreshTokenText


class VerifyEmailBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of a mail that asks whether an address is one's own."""

    token: MailedTokenText


class ForgotPasswordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The address whose password is forgotten."""

    email: EmailAddress


class ResetPasswordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of a mail, and the password to have from now on."""

    token: MailedTokenText
    password: NewPassword


class ChangePasswordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password one has, and the one to have from now on."""

    current_password: Password
    new_password: NewPassword


class OwnSession(msgspec.Struct, frozen=True):
    """A sign-in to one's account; `current` marks the one that asks."""

    id: SessionId
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str | None
    client_address: str | None
    current: bool

    @classmethod
    def of(cls, view: SessionView, *, current: bool) -> "OwnSession":
        """Show a session to its owner."""
        return cls(
            id=view.id,
            created_at=view.created_at,
            last_used_at=view.last_used_at,
            expires_at=view.expires_at,
            user_agent=view.user_agent,
            client_address=view.client_address,
            current=current,
        )


class SessionPage(msgspec.Struct, frozen=True):
    """Some sessions in order; `total` is there when asked for."""

    items: tuple[OwnSession, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


class ChangeProfileBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change of one's account: a field that is absent stays, ``null`` clears it."""

    full_name: FullName | UnsetType | None = UNSET


class Tokens(msgspec.Struct, frozen=True):
    """The tokens of a session; each says for how many seconds it is good."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    refresh_expires_in: int


class KeySet(msgspec.Struct, frozen=True):
    """A JSON Web Key Set (RFC 7517)."""

    keys: tuple[PublicKey, ...]


EXAMPLE_USER: Final[dict[str, object]] = {
    "id": "01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6e",
    "email": "ada@example.com",
    "full_name": "Ada Lovelace",
    "role": "customer",
    "email_verified": False,
    "created_at": "2026-01-15T09:30:00Z",
    "version": 1,
}
EXAMPLE_TOKENS: Final[dict[str, object]] = {
    "access_token": "eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl",
    "token_type": "Bearer",
    "expires_in": 600,
    "refresh_token": "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "refresh_expires_in": 2_592_000,
}
EXAMPLE_MAILED_TOKEN: Final = "q3L1xv0AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # noqa: S105 - nobody's
SESSION_ID: Final = PathParameter(
    description="The session's id.", example="01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6f", format="uuid"
)
EXAMPLE_SESSIONS: Final[dict[str, object]] = {
    "items": [
        {
            "id": "01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6f",
            "created_at": "2026-01-15T09:30:00Z",
            "last_used_at": "2026-01-15T09:40:00Z",
            "expires_at": "2026-02-14T09:40:00Z",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "client_address": "203.0.113.7",
            "current": True,
        }
    ],
    "next_cursor": None,
    "previous_cursor": None,
}
EXAMPLE_KEYS: Final[dict[str, object]] = {
    "keys": [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            "use": "sig",
            "alg": "EdDSA",
        }
    ]
}

"""What can be refused to somebody who signs up, signs in or asks for something."""

from ecommerce.domain.shared.errors import (
    ConflictError,
    ForbiddenError,
    InvalidValueError,
    NotFoundError,
    RuleViolatedError,
    UnauthenticatedError,
)


class InvalidEmailError(InvalidValueError):
    """An e-mail address has one @, something before it and a host after it, no spaces or control
    characters, and 254 bytes at the most. Check what was typed.
    """

    code = "invalid_email"
    title = "Not an e-mail address"


class InvalidFullNameError(InvalidValueError):
    """A name has between 1 and 200 characters, and no control characters. Send null where there is
    none.
    """

    code = "invalid_full_name"
    title = "Not a name"


class WeakPasswordError(RuleViolatedError):
    """A password has 8 to 1024 characters (15 at least for staff and admins without a second
    factor; a shop can set both) and is not one of those that everybody tries first. Any characters
    will do: choose a longer one, or a few words.
    """

    code = "weak_password"
    title = "The password is too easy to guess"


class EmailTakenError(ConflictError):
    """An account with this address exists; upper and lower case make no difference. Sign in to it
    instead, or register with another address.
    """

    code = "email_taken"
    title = "The address has an account already"


class UserNotFoundError(NotFoundError):
    """There is no such account (any more). Check the id; an account that was deleted does not
    come back.
    """

    code = "user_not_found"
    title = "No such account"


class InvalidCredentialsError(UnauthenticatedError):
    """The address and the password do not belong together, or the account may not sign in. Which of
    these it is, the shop does not say.
    """

    code = "invalid_credentials"
    title = "The address or the password is wrong"


class InvalidTokenError(UnauthenticatedError):
    """The token is not one of this shop's, was altered, or has expired. With an access token: get a
    new one with the refresh token. With a refresh token: sign in again.
    """

    code = "invalid_token"
    title = "The token is not valid"


class SessionEndedError(UnauthenticatedError):
    """The token's session is over: signed out, expired, ended because one of its refresh tokens was
    used twice, or the account was disabled. Sign in again.
    """

    code = "session_ended"
    title = "The session is over"


class TokenReplayedError(UnauthenticatedError):
    """The refresh token was used before. Either a client sent it twice, or somebody else has a
    copy, so the whole session is over: sign in again, and keep only the newest refresh token.
    """

    code = "token_replayed"
    title = "The refresh token was used before"


class PermissionDeniedError(ForbiddenError):
    """The caller's role does not hold the permission that this operation needs; each operation's
    description names it. Ask an admin of the shop.
    """

    code = "permission_denied"
    title = "Not allowed"

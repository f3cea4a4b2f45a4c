"""What can be refused to somebody who signs up, signs in or asks for something."""

from ecommerce.domain.shared.errors import (
    ConflictError,
    ForbiddenError,
    InvalidValueError,
    NotFoundError,
    RateLimitedError,
    RuleViolatedError,
    UnauthenticatedError,
)


class InvalidEmailError(InvalidValueError):
    """An e-mail address has one @, something before it and a host after it that mail can be sent
    to (IDNA 2008), no spaces or control characters, no =? (which begins an encoded word), and 254
    bytes at the most. Check what was typed.
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
    factor; a shop can set both) and is not one of those that everybody tries first, nor little
    more than the shop's name, one's own name or address. Any characters will do: choose a longer
    one, or a few words.
    """

    code = "weak_password"
    title = "The password is too easy to guess"


class EmailTakenError(ConflictError):
    """An account with this address exists; upper and lower case make no difference. Sign in to it
    instead, or register with another address.
    """

    code = "email_taken"
    title = "The address has an account already"


class EmailAlreadyVerifiedError(ConflictError):
    """The owner of the address has shown already that they read its mail. Nothing is left to do."""

    code = "email_already_verified"
    title = "The address is verified already"


class UnusableTokenError(RuleViolatedError):
    """The token of a mail is good once, for its own purpose, while its time lasts, and until the
    next mail of the kind replaces it. Ask for another mail and use the newest.
    """

    code = "unusable_token"
    title = "The token of the mail is not good any more"


class WrongPasswordError(RuleViolatedError):
    """The present password, which has to be given to set another, is not that of the account. Who
    has forgotten it can have it reset by mail.
    """

    code = "wrong_password"
    title = "That is not the present password"


class OwnAccountError(RuleViolatedError):
    """Nobody can disable their own account here or take a role away from themself: a slip would
    lock them out. Ask another admin.
    """

    code = "own_account"
    title = "Not to oneself"


class LastAdminError(ConflictError):
    """The account is the only admin that can sign in, and without one nobody could run the shop.
    Make somebody else an admin first.
    """

    code = "last_admin"
    title = "The shop needs an admin"


class SessionNotFoundError(NotFoundError):
    """There is no such sign-in of yours, or it is over. List those that last."""

    code = "session_not_found"
    title = "No such sign-in"


class AddressNotFoundError(NotFoundError):
    """There is no such address in your book (any more). List those that are there."""

    code = "address_not_found"
    title = "No such address"


class AddressBookFullError(ConflictError):
    """An account keeps 50 addresses. Delete or replace one that is not needed."""

    code = "address_book_full"
    title = "The address book is full"


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


class TooManyAttemptsError(RateLimitedError):
    """Too many attempts have failed, at this account or from this client, so that the next has to
    wait: a little longer after each. Send it again after the time in Retry-After. Whether there is
    such an account, this does not tell. A device that has signed in before is not hindered by the
    failures of others.
    """

    code = "too_many_attempts"
    title = "Too many failed attempts"


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

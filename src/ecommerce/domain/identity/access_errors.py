"""What can be refused to somebody who gives permissions, or who has not proved enough."""

from typing import Final

from ecommerce.domain.shared.errors import (
    ConflictError,
    ForbiddenError,
    InvalidValueError,
    NotFoundError,
    RateLimitedError,
    RuleViolatedError,
    UnauthenticatedError,
    UnavailableError,
)


class InvalidRoleError(InvalidValueError):
    """A role has a name of 1 to 64 characters without control characters, and a description of 500
    at the most. Check what was typed.
    """

    code = "invalid_role"
    title = "Not a role"


class UnknownPermissionError(InvalidValueError):
    """A permission named does not exist. `GET /v1/permissions` lists those that do; `errors` names
    those that do not.
    """

    code = "unknown_permission"
    title = "No such permission"


class RoleNotFoundError(NotFoundError):
    """There is no such role (any more). `GET /v1/roles` lists those there are."""

    code = "role_not_found"
    title = "No such role"


class RoleNameTakenError(ConflictError):
    """Another role has this name; upper and lower case make no difference. Choose another name."""

    code = "role_name_taken"
    title = "Another role has the name"


class RoleInUseError(ConflictError):
    """Somebody has this role, so it cannot be deleted: they would hold the permissions of the
    default role in its place. Give them other roles first.
    """

    code = "role_in_use"
    title = "Somebody has the role"


class DefaultRoleError(ConflictError):
    """The default role is what staff hold to whom no role is given, so it stays. Its name and its
    permissions can be changed.
    """

    code = "default_role"
    title = "The default role stays"


class UnknownRoleError(InvalidValueError):
    """A role named in the request does not exist. `GET /v1/roles` lists those there are."""

    code = "unknown_role"
    title = "No such role to give"


class NotStaffError(RuleViolatedError):
    """Roles made of permissions are for staff: a customer holds none, an admin holds them all. Make
    the account staff first (`PATCH /v1/users/{id}`).
    """

    code = "not_staff"
    title = "The account is not staff"


class PermissionNotHeldError(ForbiddenError):
    """Nobody gives a permission that they do not hold themselves; `detail` names them. Ask somebody
    who holds them.
    """

    code = "permission_not_held"
    title = "More than you hold yourself"


class InvalidApiKeyError(InvalidValueError):
    """An API key has a name of 1 to 100 characters, lasts 1 to 365 days, and holds at least one
    permission. Check what was sent.
    """

    code = "invalid_api_key"
    title = "Not an API key"


class NotForApiKeysError(InvalidValueError):
    """An API key never holds this permission: accounts, roles and keys are managed by people, who
    can prove who they are. `GET /v1/permissions` says which a key can hold.
    """

    code = "not_for_api_keys"
    title = "No permission for a machine"


class ApiKeyNotFoundError(NotFoundError):
    """There is no such API key. `GET /v1/api-keys` lists those there are."""

    code = "api_key_not_found"
    title = "No such API key"


class ApiKeyEndedError(UnauthenticatedError):
    """The API key is not known, has expired or was revoked, or the account that made it may not
    sign in any more. Make another with `POST /v1/api-keys`.
    """

    code = "api_key_ended"
    title = "The API key is not valid"


class ApiKeyNotAllowedError(ForbiddenError):
    """The operation is for people who signed in; an API key cannot do it, whatever it holds. Send
    the access token of a session.
    """

    code = "api_key_not_allowed"
    title = "Not with an API key"


class StepUpRequiredError(ForbiddenError):
    """The operation is dangerous in the wrong hands, and the session proved a while ago who it is.
    Send the password, or a code of the second factor where there is one (`detail` says which), to
    `POST /v1/auth/step-up`, then send the request again (RFC 9470; `max_age` says for how many
    seconds a proof is good).
    """

    code = "step_up_required"
    title = "Prove again who you are"

    def __init__(self, detail: str, *, max_age: int) -> None:
        super().__init__(detail)
        self.max_age: Final = max_age


class StepUpRefusedError(ForbiddenError):
    """The password or the code is wrong: after five wrong ones in a row the session is over. Or the
    one that is wanted was not sent: `errors` points at it then, and nothing was counted.
    """

    code = "step_up_refused"
    title = "That does not prove it"


class SecondFactorNeededError(ForbiddenError):
    """Who works here needs a second factor, or a long password where the shop leaves the choice
    (`detail` says which), and this account has neither. Set a second factor up with
    `POST /v1/me/second-factor` and `POST /v1/me/second-factor/confirm`, or a longer password with
    `PUT /v1/me/password`: nothing else is open to it until then.
    """

    code = "second_factor_needed"
    title = "Set up a second factor first"


class SecondFactorRequiredError(UnauthenticatedError):
    """The password is right, and the account has a second factor. Send the answer's
    `challenge_token` with a code of the authenticator, or a recovery code, to
    `POST /v1/auth/login/second-factor` within `challenge_expires_in` seconds.
    """

    code = "second_factor_required"
    title = "A code of the second factor is needed"

    def __init__(self, detail: str, *, challenge_token: str, expires_in: int) -> None:
        super().__init__(detail)
        self.members = {
            "challenge_token": challenge_token,
            "challenge_expires_in": expires_in,
        }


class ChallengeEndedError(UnauthenticatedError):
    """The challenge is not known, was used, has expired, had five wrong codes, or the account has
    changed since. Sign in with the password again.
    """

    code = "challenge_ended"
    title = "The challenge is over"


class WrongSecondFactorCodeError(UnauthenticatedError):
    """The code is wrong, or was used before: each is good once. Take the next one that the
    authenticator shows, see that its clock is right, or send a recovery code that was not used.
    """

    code = "wrong_second_factor_code"
    title = "The code is wrong"


class SecondFactorPausedError(RateLimitedError):
    """Too many wrong codes were sent for this account. Codes of the authenticator are not looked at
    until the time in Retry-After; a recovery code is.
    """

    code = "second_factor_paused"
    title = "Too many wrong codes"


class SecondFactorExistsError(ConflictError):
    """The account has a second factor. Remove it first (`DELETE /v1/me/second-factor`)."""

    code = "second_factor_exists"
    title = "There is a second factor already"


class SecondFactorNotFoundError(NotFoundError):
    """The account has no second factor, or none that waits to be confirmed. Begin with
    `POST /v1/me/second-factor`.
    """

    code = "second_factor_not_found"
    title = "No second factor"


class InvalidSecondFactorCodeError(RuleViolatedError):
    """The code is not the one that the new second factor shows now. Take the next one, and see that
    the clock of the authenticator is right.
    """

    code = "invalid_second_factor_code"
    title = "That is not its code"


class SecondFactorUnreadableError(UnavailableError):
    """The shop cannot read this second factor: its key ring is not the one it was sealed with.
    Whoever runs the shop has to bring the key ring back; a recovery code works meanwhile.
    """

    code = "second_factor_unreadable"
    title = "The second factor cannot be read"

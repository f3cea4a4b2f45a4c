"""The kinds of error that business rules know; what each means on the wire is decided elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong, and where: an RFC 6901 pointer into what was sent."""

    pointer: str
    detail: str


class DomainError(Exception):
    """A fact about the shop that stops what was asked.

    Concrete errors carry a stable ``code`` and a ``title``; their docstring says what happened and
    what to do about it, and is what ``/problems/{code}`` shows.
    """

    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, *violations: Violation) -> None:
        super().__init__(detail)
        self.detail = detail
        self.violations = violations
        self.members: Mapping[str, str | int] = {}
        """What the refusal hands out beside its words, for the client to go on with."""


class NotFoundError(DomainError):
    """Something named in the request does not exist, or is not the caller's to know of."""


class ConflictError(DomainError):
    """The request conflicts with the present state."""


class RuleViolatedError(DomainError):
    """The request is well formed and a business rule refuses it."""


class InvalidValueError(DomainError):
    """A value has the right shape and no meaning in the shop."""


class ForbiddenError(DomainError):
    """The caller is known and not allowed."""


class UnauthenticatedError(DomainError):
    """The caller's credentials are absent or not valid."""


class RateLimitedError(DomainError):
    """Too many requests; ``retry_after`` says when to try again, in seconds."""

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class UnavailableError(DomainError):
    """Something the shop needs is away or busy; ``retry_after``: when to try again, in seconds."""

    def __init__(self, detail: str, *, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class StaleVersionError(ConflictError):
    """The thing changed since it was read. Read it again, apply the change to what is there now,
    and send it with the new ETag.
    """

    code = "precondition_failed"
    title = "The resource has changed since it was read"

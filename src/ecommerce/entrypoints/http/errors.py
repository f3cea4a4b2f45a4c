"""What each refusal looks like on the wire: one table of statuses, one body (RFC 9457)."""

import inspect
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from ecommerce.domain.identity.access_errors import StepUpRequiredError
from ecommerce.domain.shared.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidValueError,
    NotFoundError,
    RateLimitedError,
    RuleViolatedError,
    StaleVersionError,
    UnauthenticatedError,
    UnavailableError,
    Violation,
)
from ecommerce.entrypoints.http import problem_types as http
from ecommerce.entrypoints.http.answers import Answer, encode, raw_headers
from ecommerce.entrypoints.http.auth import CHALLENGE
from ecommerce.entrypoints.http.problem_types import HttpProblemError, ProblemType
from ecommerce.entrypoints.http.request import REQUEST_ID

PROBLEM_JSON: Final = "application/problem+json"

STATUS_OF_KIND: Final[Mapping[type[DomainError], int]] = {
    NotFoundError: 404,
    StaleVersionError: 412,
    ConflictError: 409,
    RuleViolatedError: 422,
    InvalidValueError: 422,
    ForbiddenError: 403,
    UnauthenticatedError: 401,
    RateLimitedError: 429,
    UnavailableError: 503,
}
"""The one place where kinds of error become statuses."""

_OF_STATUS: Final[Mapping[int, ProblemType]] = {
    400: http.BAD_REQUEST_OTHER,
    401: http.NOT_AUTHENTICATED,
    404: http.NOT_FOUND,
    405: http.METHOD_NOT_ALLOWED,
    406: http.NOT_ACCEPTABLE,
    408: http.REQUEST_TIMEOUT,
    413: http.PAYLOAD_TOO_LARGE,
    414: http.URI_TOO_LONG,
    415: http.UNSUPPORTED_MEDIA_TYPE,
    421: http.MISDIRECTED_REQUEST,
    428: http.PRECONDITION_REQUIRED,
}
_DETAILS: Final[Mapping[int, str]] = {
    404: "Nothing has this address.",
    405: "This address does not take that method.",
}

_NONE: Final[Mapping[str, str | int]] = {}

_log: Final = structlog.get_logger("ecommerce.http")


def status_of(error: type[DomainError]) -> int:
    """The status of a domain error: that of the nearest kind it is of."""
    for kind in error.__mro__:
        if kind in STATUS_OF_KIND:
            return STATUS_OF_KIND[kind]
    raise LookupError(f"{error.__name__} is of no kind that has a status.")


def type_of(error: type[DomainError]) -> ProblemType:
    """A domain error as a kind of refusal, explained by its docstring."""
    explanation = " ".join((inspect.getdoc(error) or "").split())
    return ProblemType(error.code, status_of(error), error.title, explanation)


def domain_errors(root: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every concrete error of the shop that is known by now."""
    for error in root.__subclasses__():
        if "code" in vars(error) and error.__module__.startswith("ecommerce."):
            yield error
        yield from domain_errors(error)


def catalogue() -> Mapping[str, ProblemType]:
    """Every refusal by its code: the shop's own and those of HTTP."""
    known = {problem.code: problem for problem in http.HTTP_PROBLEMS}
    known.update((error.code, type_of(error)) for error in domain_errors())
    return dict(sorted(known.items()))


def problem(
    kind: ProblemType,
    detail: str,
    *,
    request_id: str,
    violations: tuple[Violation, ...] = (),
    members: Mapping[str, str | int] = _NONE,
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """A refusal as an answer; ``members`` are what RFC 9457 calls extensions."""
    content: dict[str, object] = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "code": kind.code,
        "request_id": request_id,
    }
    if violations:
        content["errors"] = violations
    content.update(members)
    every = raw_headers((("Content-Type", PROBLEM_JSON), *headers))
    return Answer(kind.status, every, encode(content))


def answer_of(error: Exception, scope: Mapping[str, Any]) -> Answer:
    """The answer that an exception is; one that nobody foresaw is logged and tells nothing."""
    request_id = str(scope.get(REQUEST_ID, ""))
    if isinstance(error, HttpProblemError):
        return problem(
            error.problem,
            error.detail,
            request_id=request_id,
            violations=error.violations,
            headers=error.headers,
        )
    if isinstance(error, DomainError):
        return problem(
            type_of(type(error)),
            error.detail,
            request_id=request_id,
            violations=error.violations,
            members=error.members,
            headers=_headers_of(error, scope),
        )
    if isinstance(error, HTTPException) and error.status_code in _OF_STATUS:
        return _of_framework(error, request_id)
    _log.error("unforeseen", exc_info=error, path=scope.get("path"), method=scope.get("method"))
    return problem(
        http.INTERNAL_ERROR,
        "The service failed; the request id finds out why.",
        request_id=request_id,
    )


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's exception handler for everything."""
    answer = answer_of(error, request.scope)
    headers = {name.decode(): value.decode("latin-1") for name, value in answer.headers}
    return Response(
        answer.body,
        status_code=answer.status,
        headers={n: v for n, v in headers.items() if n != "content-type"},
        media_type=PROBLEM_JSON,
    )


def allow(methods: AbstractSet[str]) -> str:
    """The ``Allow`` header: HEAD goes wherever GET does, OPTIONS nowhere."""
    also = {"HEAD"} if "GET" in methods else set()
    return ", ".join(sorted((methods | also) - {"OPTIONS"}))


def _of_framework(error: HTTPException, request_id: str) -> Answer:
    headers: tuple[tuple[str, str], ...] = ()
    if error.status_code == http.METHOD_NOT_ALLOWED.status:
        allowed = {m.strip() for m in (error.headers or {}).get("allow", "").split(",") if m}
        headers = (("Allow", allow(allowed)),)
    detail = _DETAILS.get(error.status_code, error.detail or "The request is refused.")
    return problem(_OF_STATUS[error.status_code], detail, request_id=request_id, headers=headers)


def _headers_of(error: DomainError, scope: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    if isinstance(error, RateLimitedError | UnavailableError):
        return (("Retry-After", str(error.retry_after)),)
    if isinstance(error, StepUpRequiredError):
        challenge = f'{CHALLENGE}, error="insufficient_user_authentication"'
        return (("WWW-Authenticate", f'{challenge}, max_age="{error.max_age}"'),)
    if isinstance(error, UnauthenticatedError):
        presented = any(name == b"authorization" for name, _ in scope.get("headers", ()))
        challenge = f'{CHALLENGE}, error="invalid_token"' if presented else CHALLENGE
        return (("WWW-Authenticate", challenge),)
    return ()

"""Who is asking, and whether they may: decided for every route before its body is read, and again
after a body that was waited for.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.freshness import demand_fresh_reads
from ecommerce.application.shared.origin import Origin, Principal, come_from
from ecommerce.domain.identity.access_errors import (
    ApiKeyNotAllowedError,
    SecondFactorNeededError,
    StepUpRequiredError,
)
from ecommerce.domain.identity.errors import PermissionDeniedError
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.errors import UnauthenticatedError
from ecommerce.domain.shared.ids import SessionId, UserId
from ecommerce.entrypoints.http.body import refuse_any_body
from ecommerce.entrypoints.http.operation import Operation, operation_of
from ecommerce.entrypoints.http.problem_types import (
    METHOD_NOT_ALLOWED,
    NOT_AUTHENTICATED,
    PRECONDITION_REQUIRED,
    HttpProblemError,
    malformed,
)
from ecommerce.entrypoints.http.rate_limits import RateLimits
from ecommerce.entrypoints.http.request import (
    CALLER,
    LOOK_AGAIN,
    REQUEST_ID,
    HttpRequest,
    caller_of,
    client_of,
    header,
    note,
    noted,
)

Authenticate = Callable[[str], Awaitable[Actor]]
"""Finds out who an access token or an API key speaks for, or raises an ``UnauthenticatedError``."""

CHALLENGE: Final = 'Bearer realm="ecommerce"'
_BEARER: Final = re.compile(r"^[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9\-._~+/]+=*)$")
_MAX_TOKEN: Final = 4096
_READS: Final = frozenset({"GET", "HEAD"})


class Gate:
    """Runs before every route: a route without an ``operation`` is closed to everybody."""

    def __init__(
        self,
        authenticate: Authenticate,
        *,
        allowed: Mapping[str, str],
        require_if_match: bool,
        step_up_seconds: int,
        staff_password_min: int,
        limits: RateLimits | None = None,
    ) -> None:
        self._authenticate: Final = authenticate
        self._limits: Final = limits or RateLimits.off()
        self._allowed: Final = allowed
        self._require_if_match: Final = require_if_match
        self._step_up_seconds: Final = step_up_seconds
        self._staff_password_min: Final = staff_password_min

    async def __call__(self, request: HttpRequest) -> None:
        """Let the request pass, or refuse it with 401, 403, 428, 429, or 400."""
        handler = request.route_handler
        operation = operation_of(handler)
        if operation is None:
            if request.method == "OPTIONS":
                raise self._no_options(request)
            raise PermissionDeniedError("This route is not open to anybody.")
        if operation.query is None and request.scope["query_string"]:
            raise malformed("This operation takes no query parameters.")
        demand_fresh_reads(demanded=False)
        access = operation.access
        given = None if access.kind == "public" else header(request, b"authorization")
        if given is None:
            await self._limits.take(request, operation, None)
            if access.kind not in ("public", "optional"):
                raise unauthenticated("This operation needs an access token.")
        else:
            actor = await self._identify(request, operation, given)
            await self._limits.take(request, operation, actor)
            self._check(actor, operation)
        if request.method not in _READS:
            come_from(_origin_of(request))
            if given is not None:
                note(request, LOOK_AGAIN, self._look_again)
            if operation.body is None:
                await refuse_any_body(request)
        if (
            self._require_if_match
            and operation.conditional == "write"
            and header(request, b"if-match") is None
        ):
            raise HttpProblemError(
                PRECONDITION_REQUIRED, "Send the ETag of the resource as If-Match."
            )

    async def _identify(self, request: HttpRequest, operation: Operation, given: str) -> Actor:
        """Who is asking; what cannot be believed is counted as the client's."""
        try:
            actor = await self._authenticate(_token(given))
        except (UnauthenticatedError, HttpProblemError):
            await self._limits.take(request, operation, None)
            raise
        return _known(request, actor)

    async def _look_again(self, request: HttpRequest) -> None:
        """Whoever took their time over the body may have been disabled, signed out or given another
        role since the head came; the request was counted then.
        """
        operation, given = operation_of(request.route_handler), header(request, b"authorization")
        if operation is not None and given is not None:
            actor = await self._authenticate(_token(given))
            self._check(_known(request, actor), operation)

    def _check(self, actor: Actor, operation: Operation) -> None:
        """Refuse, with 403, whoever may not do this, or not yet."""
        people_only = operation.access.kind == "signed_in" or operation.step_up
        if actor.api_key_id is not None and people_only:
            raise ApiKeyNotAllowedError("This operation is for people who signed in.")
        if actor.lacks_second_factor and not operation.sets_up_second_factor:
            raise SecondFactorNeededError("Who works here needs a second factor.")
        if actor.short_password and not operation.sets_up_second_factor:
            raise SecondFactorNeededError(
                f"Who works here needs a password of {self._staff_password_min} characters, or a"
                " second factor."
            )
        if operation.access.permission is not None:
            require(actor, operation.access.permission)
        if operation.step_up and not actor.proved:
            wanted = "a code of the second factor" if actor.has_second_factor else "the password"
            raise StepUpRequiredError(
                f"This session has not proved lately who it is: {wanted} is wanted.",
                max_age=self._step_up_seconds,
            )

    def _no_options(self, request: HttpRequest) -> HttpProblemError:
        """Litestar adds OPTIONS to every path, with the methods of one of its handlers only."""
        allowed = ", ".join(self._allowed[path] for path in request.route_handler.paths)
        return HttpProblemError(
            METHOD_NOT_ALLOWED,
            "This address does not take that method.",
            headers=(("Allow", allowed),),
        )


def caller(request: HttpRequest) -> Actor | None:
    """Who is asking; ``None`` for an anonymous caller."""
    return caller_of(request.scope)


def signed_in(request: HttpRequest) -> Actor:
    """Who is asking, where the route takes nobody anonymous."""
    actor = caller_of(request.scope)
    if actor is None:
        raise unauthenticated("This operation needs an access token.")
    return actor


def session_of(request: HttpRequest) -> tuple[UserId, SessionId]:
    """Whose session it is, and which, where the route is for people who signed in."""
    actor = signed_in(request)
    if actor.session_id is None:
        raise ApiKeyNotAllowedError("This operation is for people who signed in.")
    return actor.user_id, actor.session_id


def require(actor: Actor, permission: Permission) -> None:
    """Refuse a caller who does not hold a permission."""
    if not actor.may(permission.value):
        raise PermissionDeniedError(f"The permission {permission.value!r} is needed.")


def unauthenticated(detail: str) -> HttpProblemError:
    """A 401 that asks for a bearer token."""
    return HttpProblemError(NOT_AUTHENTICATED, detail, headers=(("WWW-Authenticate", CHALLENGE),))


def _origin_of(request: HttpRequest) -> Origin:
    actor, request_id = caller_of(request.scope), noted(request, REQUEST_ID)
    request_id = request_id if isinstance(request_id, str) else None
    return Origin(_principal(actor), request_id, client_of(request.scope))


def _principal(actor: Actor | None) -> Principal:
    if actor is None:
        return Principal("anonymous")
    if actor.api_key_id is not None:
        return Principal("api_key", str(actor.api_key_id))
    return Principal("user", str(actor.user_id))


def _known(request: HttpRequest, actor: Actor) -> Actor:
    note(request, CALLER, actor)
    demand_fresh_reads(demanded=_may_write(actor))
    return actor


def _may_write(actor: Actor) -> bool:
    return any(name.endswith(":write") for name in actor.permissions)


def _token(authorization: str) -> str:
    found = _BEARER.match(authorization)
    if found is None or len(found[1]) > _MAX_TOKEN:
        raise unauthenticated("Authorization is not of the form: Bearer <token>.")
    return found[1]

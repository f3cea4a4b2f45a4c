"""Responses of an operation: what it answers, and every refusal it can give."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from ecommerce.application.shared.idempotency import (
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
)
from ecommerce.application.shared.unavailable import (
    ConcurrentChangeError,
    DatabaseUnavailableError,
    OutcomeUnknownError,
)
from ecommerce.domain.identity.access_errors import (
    ApiKeyEndedError,
    ApiKeyNotAllowedError,
    SecondFactorNeededError,
    SecondFactorRequiredError,
    StepUpRequiredError,
)
from ecommerce.domain.identity.errors import (
    InvalidTokenError,
    PermissionDeniedError,
    SessionEndedError,
)
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.entrypoints.http import problem_types as http
from ecommerce.entrypoints.http.errors import type_of
from ecommerce.entrypoints.http.openapi.schemas import Json, Problem, Schemas
from ecommerce.entrypoints.http.operation import PUBLIC_OPTIONAL, CanGive, Operation
from ecommerce.entrypoints.http.paging import PageQuery
from ecommerce.entrypoints.http.problem_types import ProblemType

_RENAMED: Final = {413: "Content Too Large", 422: "Unprocessable Content"}
"""RFC 9110's names, which Python has from 3.13 on: the document is the same on every version."""


def phrase_of(status: int) -> str:
    """The name of a status (RFC 9110, section 15)."""
    return _RENAMED.get(status) or HTTPStatus(status).phrase


HEADERS: Final[Json] = {
    "X-Request-ID": {
        "description": "Names the exchange in the service's log: yours when you sent one.",
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "Names this state of the resource, for `If-Match` and `If-None-Match`.",
        "schema": {"type": "string"},
        "example": '"1-9f2c7d3e1a4b5c6d-3b8e0f5a7c2d9146"',
    },
    "Location": {
        "description": "Where it is.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Link": {
        "description": "The neighbouring pages (RFC 8288): `next`, `prev`, `first`.",
        "schema": {"type": "string"},
        "example": '</v1/products?limit=20>; rel="first"',
    },
    "Idempotent-Replayed": {
        "description": "`true` when this is the answer to an earlier request with the same key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {"description": "In how many seconds.", "schema": {"type": "integer"}},
    "RateLimit": {
        "description": "What is left of the limit: `r` requests, and all of them in `t` seconds.",
        "schema": {"type": "string"},
        "example": '"reads";r=5999;t=1',
    },
    "RateLimit-Policy": {
        "description": "The limit that this request counted for: `q` in `w` seconds.",
        "schema": {"type": "string"},
        "example": '"reads";q=6000;w=60',
    },
    "Vary": {
        "description": "What else the answer depends on, for caches (RFC 9110, 12.5.5).",
        "schema": {"type": "string"},
    },
    "WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}},
}
_OF_STATUS: Final = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", "RateLimit", "RateLimit-Policy"),
    503: ("Retry-After",),
}


def responses(operation: Operation, method: str, schemas: Schemas) -> Json:
    """By status, in order."""
    found: Json = {str(operation.status): _answer(operation, schemas)}
    if operation.conditional == "read":
        found["304"] = {
            "description": "Nothing changed since the ETag in `If-None-Match`.",
            "headers": _refs(*_headers_of(operation)),
        }
    for status, description in operation.other_responses.items():
        found[str(status)] = {
            "description": description,
            "headers": _refs("X-Request-ID", "Location"),
        }
    kinds: dict[int, dict[str, ProblemType]] = {}
    for given in (*operation.problems, *_general(operation, method)):
        kind = given if isinstance(given, ProblemType) else type_of(given)
        kinds.setdefault(kind.status, {})[kind.code] = kind
    for status, by_code in kinds.items():
        found[str(status)] = _refusals(status, by_code, schemas)
    return dict(sorted(found.items()))


def _answer(operation: Operation, schemas: Schemas) -> Json:
    answer: Json = {
        "description": phrase_of(operation.status),
        "headers": {
            **_refs(*_headers_of(operation)),
            **{
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in operation.response_headers.items()
            },
        },
    }
    if operation.returns is not None:
        answer["content"] = {
            kind: _content(operation, kind, schemas) for kind in operation.media_types
        }
    return answer


def _headers_of(operation: Operation) -> list[str]:
    headers, created = ["X-Request-ID"], operation.status == 201  # noqa: PLR2004 - Created
    if operation.pace != "none":
        headers += ["RateLimit", "RateLimit-Policy"]
    if operation.returns is not None and (operation.conditional != "none" or created):
        headers.append("ETag")
    if created or operation.status == 302:  # noqa: PLR2004 - Found
        headers.append("Location")
    if operation.idempotency != "none":
        headers.append("Idempotent-Replayed")
    if _has_pages(operation):
        headers.append("Link")
    if operation.access == PUBLIC_OPTIONAL or http.NOT_ACCEPTABLE in operation.problems:
        headers.append("Vary")
    return headers


def _content(operation: Operation, kind: str, schemas: Schemas) -> Json:
    if kind != "application/json":
        return {"schema": {"type": "string"}}
    content: Json = {"schema": schemas.of(operation.returns)}
    if operation.response_example is not None:
        content["example"] = operation.response_example
    return content


def _refs(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _refusals(status: int, by_code: dict[str, ProblemType], schemas: Schemas) -> Json:
    lines = [f"- [`{k.code}`](/problems/{k.code}): {k.title}." for k in by_code.values()]
    names = ["X-Request-ID", *_OF_STATUS.get(status, ())]
    if StepUpRequiredError.code in by_code:
        names.append("WWW-Authenticate")
    return {
        "description": "\n".join((f"{phrase_of(status)}.", "", *lines)),
        "headers": _refs(*names),
        "content": {
            "application/problem+json": {
                "schema": schemas.of(Problem),
                "examples": {c: {"$ref": f"#/components/examples/{c}"} for c in by_code},
            }
        },
    }


_MEMBERS: Final[dict[str, Json]] = {
    SecondFactorRequiredError.code: {
        "challenge_token": "Yk3n0gYq1mJb3t7rX9w2u5d8f1h4k6p0s3v6z9c2e5g",
        "challenge_expires_in": 300,
    }
}
"""What some refusals hand out beside their words."""


def example(kind: ProblemType) -> Json:
    """A refusal as it looks."""
    return {
        "summary": kind.title,
        "value": {
            "type": f"/problems/{kind.code}",
            "title": kind.title,
            "status": kind.status,
            "detail": f"{kind.title}.",
            "code": kind.code,
            "request_id": "5f1d2c3b4a59687706152433",
            **_MEMBERS.get(kind.code, {}),
        },
    }


def _general(operation: Operation, method: str) -> Iterator[CanGive]:
    """What any operation of this kind can refuse."""
    yield http.MALFORMED_REQUEST
    if _has_pages(operation):
        yield http.INVALID_CURSOR
    yield from _of_access(operation)
    yield http.REQUEST_TIMEOUT
    if method != "GET":
        # Whether it takes a body or not: what is sent is measured alike.
        yield http.PAYLOAD_TOO_LARGE
    if operation.body is not None:
        yield http.UNSUPPORTED_MEDIA_TYPE
    yield from _of_conditions(operation)
    if operation.tag != "Service":
        yield DatabaseUnavailableError
        if method != "GET":
            yield from (OutcomeUnknownError, ConcurrentChangeError)
    if operation.pace != "none":
        # What balancers ask has no limit, and is asked by address.
        yield from (http.RATE_LIMITED, http.MISDIRECTED_REQUEST)
    yield from (http.OVERLOADED, http.SHUTTING_DOWN, http.HEADERS_TOO_LARGE)
    yield http.INTERNAL_ERROR


def _has_pages(operation: Operation) -> bool:
    return operation.query is not None and issubclass(operation.query, PageQuery)


def _of_access(operation: Operation) -> Iterator[CanGive]:
    access = operation.access
    if access.kind != "public":
        yield from (http.NOT_AUTHENTICATED, InvalidTokenError, SessionEndedError)
        if access.kind == "signed_in" or operation.step_up:
            yield ApiKeyNotAllowedError
        else:
            yield ApiKeyEndedError
        if not operation.sets_up_second_factor:
            yield SecondFactorNeededError
    if access.kind == "permission":
        yield PermissionDeniedError
    if operation.step_up:
        yield StepUpRequiredError


def _of_conditions(operation: Operation) -> Iterator[CanGive]:
    if operation.conditional in ("write", "honoured"):
        yield StaleVersionError
    if operation.conditional == "write":
        yield http.PRECONDITION_REQUIRED
    if operation.idempotency != "none":
        yield from (IdempotencyInProgressError, IdempotencyKeyReusedError)
    if operation.idempotency == "required":
        yield http.IDEMPOTENCY_KEY_REQUIRED

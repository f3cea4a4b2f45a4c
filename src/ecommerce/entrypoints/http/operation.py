"""What a route declares about itself: who may call it, what it takes, gives and can refuse."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypedDict

import msgspec
from litestar.handlers.base import BaseRouteHandler

from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.errors import DomainError
from ecommerce.entrypoints.http.problem_types import ProblemType

Idempotency: TypeAlias = Literal["none", "honoured", "required"]
Conditional: TypeAlias = Literal["none", "read", "honoured", "write"]
"""``read``: ETag and If-None-Match; ``honoured``: If-Match may be sent; ``write``: a deployment can
require it.
"""

PaceGroup: TypeAlias = Literal[
    "none", "reads", "writes", "bulk", "sign_in", "register", "mail", "tokens"
]
"""Whose budget a route draws on (``rate_limits``): ``sign_in`` where a secret may be guessed,
``register`` where an account is made, ``mail`` where somebody is sent mail, ``tokens`` where a
token speaks for itself; ``none`` is not limited.
"""

CanGive: TypeAlias = "type[DomainError] | ProblemType"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route."""

    kind: Literal["public", "optional", "signed_in", "permission"]
    permission: Permission | None = None


PUBLIC: Final = Access("public")
"""Anybody; credentials are not looked at."""

PUBLIC_OPTIONAL: Final = Access("optional")
"""Anybody; credentials that are sent must be valid, and may show more."""

SIGNED_IN: Final = Access("signed_in")
"""Anybody who is signed in."""


def permission(needed: Permission) -> Access:
    """Those who hold a permission."""
    return Access("permission", needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathParameter:
    """A part of the address."""

    description: str
    example: str
    format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path, as the OpenAPI document describes it and the gate enforces it."""

    operation_id: str
    summary: str
    description: str
    tag: str
    access: Access
    status: int
    body: type[msgspec.Struct] | None = None
    body_media_type: str = "application/json"
    body_limit_bytes: int | None = None
    query: type[msgspec.Struct] | None = None
    returns: object = None
    media_types: tuple[str, ...] = ("application/json",)
    path: Mapping[str, PathParameter] = field(default_factory=dict)
    response_headers: Mapping[str, str] = field(default_factory=dict)
    other_responses: Mapping[int, str] = field(default_factory=dict)
    request_examples: Mapping[str, object] = field(default_factory=dict)
    response_example: object = None
    problems: tuple[CanGive, ...] = ()
    idempotency: Idempotency = "none"
    conditional: Conditional = "none"
    step_up: bool = False
    """Whether the session must have proved a little while ago who its owner is."""

    sets_up_second_factor: bool = False
    """Whether it is open to those who work here and have neither the second factor that they need
    nor a password that makes up for it yet.
    """

    pace: PaceGroup | None = None
    """Without one, reads draw on ``reads`` and the rest on ``writes``."""

    caller_may_store: bool = False
    """Whether callers may keep copies, asking each time whether they are good still. Where anybody
    may read, anybody may keep; elsewhere nobody may until it is said here.
    """


class RouteOptions(TypedDict):
    """The keyword arguments of a Litestar route decorator that carry an operation."""

    opt: dict[str, object]


def operation(
    operation_id: str,
    summary: str,
    *,
    description: str = "",
    tag: str,
    access: Access,
    status: int = 200,
    body: type[msgspec.Struct] | None = None,
    body_media_type: str = "application/json",
    body_limit_bytes: int | None = None,
    query: type[msgspec.Struct] | None = None,
    returns: object = None,
    media_types: tuple[str, ...] = ("application/json",),
    path: Mapping[str, PathParameter] | None = None,
    response_headers: Mapping[str, str] | None = None,
    other_responses: Mapping[int, str] | None = None,
    request_examples: Mapping[str, object] | None = None,
    response_example: object = None,
    problems: tuple[CanGive, ...] = (),
    idempotency: Idempotency = "none",
    conditional: Conditional = "none",
    step_up: bool = False,
    sets_up_second_factor: bool = False,
    pace: PaceGroup | None = None,
    caller_may_store: bool = False,
) -> RouteOptions:
    """Describe a route: ``@get("/v1/things", **operation("listThings", ...))``.

    ``returns`` is the type that the answer's body is encoded from (``None``: no body), ``problems``
    what it can refuse beside what any route can, ``other_responses`` further statuses below 400.
    ``body_limit_bytes`` lets a route without parameters in its path take larger bodies than the
    deployment lets others take.
    """
    described = Operation(
        operation_id=operation_id,
        summary=summary,
        description=description,
        tag=tag,
        access=access,
        status=status,
        body=body,
        body_media_type=body_media_type,
        body_limit_bytes=body_limit_bytes,
        query=query,
        returns=returns,
        media_types=media_types,
        path=path or {},
        response_headers=response_headers or {},
        other_responses=other_responses or {},
        request_examples=request_examples or {},
        response_example=response_example,
        problems=problems,
        idempotency=idempotency,
        conditional=conditional,
        step_up=step_up,
        sets_up_second_factor=sets_up_second_factor,
        pace=pace,
        caller_may_store=caller_may_store,
    )
    return {"opt": {"operation": described}}


def operation_of(handler: BaseRouteHandler) -> Operation | None:
    """What a route declared, if it did."""
    found = handler.opt.get("operation")
    return found if isinstance(found, Operation) else None

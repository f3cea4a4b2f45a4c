"""The HTTP application: routes, the gate before them, the edge around them."""

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from ecommerce.entrypoints.http import errors
from ecommerce.entrypoints.http.access import routes as access
from ecommerce.entrypoints.http.admission import Admission
from ecommerce.entrypoints.http.audit import routes as audit
from ecommerce.entrypoints.http.auth import Gate
from ecommerce.entrypoints.http.binding import bound
from ecommerce.entrypoints.http.catalog import routes as catalog
from ecommerce.entrypoints.http.edge import Edge
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.identity import routes as identity
from ecommerce.entrypoints.http.inventory import routes as inventory
from ecommerce.entrypoints.http.merchandising import routes as merchandising
from ecommerce.entrypoints.http.openapi.document import build_document
from ecommerce.entrypoints.http.operation import operation_of
from ecommerce.entrypoints.http.paging import Cursors
from ecommerce.entrypoints.http.service import metrics_routes as metrics
from ecommerce.entrypoints.http.service import routes as service
from ecommerce.entrypoints.http.service.published import Published
from ecommerce.entrypoints.http.services import Services

ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    *service.ROUTES,
    *identity.ROUTES,
    *access.ROUTES,
    *catalog.ROUTES,
    *inventory.ROUTES,
    *merchandising.ROUTES,
    *audit.ROUTES,
    *metrics.ROUTES,
)
"""Every route of the service."""


Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]
"""What runs around the application's whole life, such as opening the database."""


class UndeclaredRouteError(Exception):
    """A route has no ``operation``, so nobody has said who may call it."""


def create_app(
    services: Services,
    *,
    routes: Sequence[HTTPRouteHandler] = ROUTES,
    lifespan: Sequence[Lifespan] = (),
) -> ASGIApp:
    """The ASGI application; fails when a route does not declare its operation."""
    settings = services.settings
    admission = Admission(
        create_litestar(services, routes=routes, lifespan=lifespan),
        in_flight=settings.in_flight,
        apart=_hashing(routes),
    )
    return Edge(
        admission,
        turns_away=admission.turns_away,
        crowded_from=admission.crowded_from,
        cursors=Cursors(settings.secret),
        body_limit_bytes=settings.body_limit_bytes,
        larger_bodies=_larger_bodies(routes, settings.body_limit_bytes),
        receive_timeout_seconds=settings.receive_timeout_seconds,
        access_log=services.access_log if settings.access_log else None,
        observers=services.observers,
        perimeter=services.perimeter,
    )


def create_litestar(
    services: Services,
    *,
    routes: Sequence[HTTPRouteHandler] = ROUTES,
    lifespan: Sequence[Lifespan] = (),
) -> Litestar:
    """The application without its edge: the route table is found here."""
    for route in routes:
        if operation_of(route) is None or route.before_request is not None:
            raise UndeclaredRouteError(f"{sorted(route.paths)}: who may call it?")
    gate = Gate(
        services.authenticate,
        allowed=_allowed(routes),
        require_if_match=services.settings.require_if_match,
        step_up_seconds=services.settings.step_up_seconds,
        staff_password_min=services.settings.staff_password_min,
        limits=services.limits,
    )
    given = _given(services, routes)
    return Litestar(
        route_handlers=[bound(route, given) for route in routes],
        before_request=gate,
        exception_handlers={Exception: errors.handle},
        lifespan=list(lifespan),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
        debug=False,
    )


def _hashing(routes: Sequence[HTTPRouteHandler]) -> frozenset[str]:
    """The paths whose requests wait for password hashes, most of their time."""
    return frozenset(
        path
        for route in routes
        if (operation := operation_of(route)) is not None
        and operation.pace in ("sign_in", "register")
        for path in route.paths
    )


def _larger_bodies(routes: Sequence[HTTPRouteHandler], usual: int) -> dict[str, int]:
    """The limits of the paths that take larger bodies than is usual."""
    limits: dict[str, int] = {}
    for route in routes:
        operation = operation_of(route)
        limit = None if operation is None else operation.body_limit_bytes
        if limit is not None and limit > usual:
            limits.update((path, limit) for path in route.paths)
    return limits


def _allowed(routes: Sequence[HTTPRouteHandler]) -> dict[str, str]:
    """The methods of each path, as ``Allow`` lists them."""
    methods: dict[str, set[str]] = {}
    for route in routes:
        for path in route.paths:
            methods.setdefault(path, set()).update(map(str, route.http_methods))
    return {path: errors.allow(found) for path, found in methods.items()}


def _given(services: Services, routes: Sequence[HTTPRouteHandler]) -> dict[str, object]:
    """What routes can ask for, by name."""
    settings = services.settings
    given: dict[str, object] = {
        "writing": Writing(services.once, settings.secret),
        "readiness": services.readiness,
        "scrape": services.scrape,
        "published": Published(
            document=build_document(tuple(routes), version=settings.version),
            problems=errors.catalogue(),
        ),
    }
    for context in (
        services.catalog,
        services.inventory,
        services.merchandising,
        services.identity,
        services.audit,
        services.access,
    ):
        for field in dataclasses.fields(context):
            if field.name in given:
                raise UndeclaredRouteError(f"Two services are named {field.name}.")
            given[field.name] = getattr(context, field.name)
    return given

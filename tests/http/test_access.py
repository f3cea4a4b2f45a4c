"""Every route is closed unless it is declared public: asked of each, from the route table."""

import re
from collections.abc import Iterator

import httpx
import pytest
from litestar import get
from litestar.handlers import HTTPRouteHandler
from tests.http.conftest import services

from ecommerce.entrypoints.http.answers import Answer, no_content
from ecommerce.entrypoints.http.app import ROUTES, UndeclaredRouteError, create_app
from ecommerce.entrypoints.http.operation import operation_of

OPEN = {
    "GET /",
    "GET /docs",
    "GET /docs/{name}",
    "GET /openapi.json",
    "GET /problems",
    "GET /problems/{code}",
    "GET /problems.css",
    "GET /health/live",
    "GET /health/ready",
    "GET /.well-known/jwks.json",
    "POST /v1/auth/register",
    "POST /v1/auth/login",
    "POST /v1/auth/login/second-factor",
    "POST /v1/auth/refresh",
    "POST /v1/auth/logout",
    "POST /v1/auth/verify-email",
    "POST /v1/auth/password/forgot",
    "POST /v1/auth/password/reset",
    "GET /v1/products",
    "GET /v1/products/{product_id}",
    "GET /v1/products/{product_id}/variants/{variant_id}",
    "GET /v1/search/suggest",
    "GET /v1/categories",
    "GET /v1/categories/tree",
    "GET /v1/categories/{category_id}",
}
"""What the contract opens to everybody. Opening another route means saying so here."""

_ID = "019a8f00-5a00-7000-8000-000000000001"
_PARAMETER = re.compile(r"\{\w+\}")


def _table() -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in ROUTES:
        for path in route.paths:
            for method in route.http_methods:
                yield str(method), path.replace(":str", ""), route


def _address(path: str) -> str:
    return _PARAMETER.sub(_ID, path)


CLOSED = [(m, p, r) for m, p, r in _table() if f"{m} {p}" not in OPEN]


def test_what_is_declared_open_is_what_the_contract_opens() -> None:
    declared = {
        f"{method} {path}"
        for method, path, route in _table()
        if (operation := operation_of(route)) and operation.access.kind in ("public", "optional")
    }
    assert declared == OPEN


@pytest.mark.parametrize(("method", "path"), [(m, p) for m, p, _ in CLOSED])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer forged"}], ids=["none", "bad"])
async def test_a_closed_route_takes_nobody_anonymous(
    client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await client.request(method, _address(path), headers=headers, content=b"{")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


@get("/v1/forgotten", sync_to_thread=False)
def _undeclared() -> Answer:
    return no_content()


def test_a_route_that_declares_nothing_stops_the_start() -> None:
    with pytest.raises(UndeclaredRouteError, match="forgotten"):
        create_app(services(), routes=[*ROUTES, _undeclared])

"""Every route is closed unless it is declared public: asked of each, from the route table."""

from collections.abc import Iterator

import httpx
import pytest
from litestar import get
from litestar.handlers import HTTPRouteHandler
from tests.http.conftest import bearer, services

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
_PARAMETERS = (
    "product_id", "variant_id", "category_id", "synonym_id", "pin_id", "sku", "name", "code",
    "role_id", "api_key_id",
    "user_id", "session_id", "address_id",
)  # fmt: skip


def _table() -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in ROUTES:
        for path in route.paths:
            for method in route.http_methods:
                yield str(method), path.replace(":str", ""), route


def _address(path: str) -> str:
    for name in _PARAMETERS:
        path = path.replace(f"{{{name}}}", _ID)
    assert "{" not in path, path
    return path


CLOSED = [(m, p, r) for m, p, r in _table() if f"{m} {p}" not in OPEN]
PERMITTED = [
    (m, p, o.access.permission)
    for m, p, r in CLOSED
    if (o := operation_of(r)) is not None and o.access.permission is not None
]


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


@pytest.mark.parametrize(("method", "path", "permission"), PERMITTED)
async def test_a_customer_lacks_the_permission(
    client: httpx.AsyncClient, method: str, path: str, permission: str
) -> None:
    answer = await client.request(method, _address(path), headers=bearer("customer"), content=b"{")
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"
    assert permission in answer.json()["detail"]


@pytest.mark.parametrize(("method", "path", "permission"), PERMITTED)
async def test_reading_does_not_permit_writing(
    client: httpx.AsyncClient, method: str, path: str, permission: str
) -> None:
    answer = await client.request(method, _address(path), headers=bearer("reader"), content=b"{")
    assert (answer.status_code == 403) is not permission.endswith(":read")


@get("/v1/forgotten", sync_to_thread=False)
def _undeclared() -> Answer:
    return no_content()


def test_a_route_that_declares_nothing_stops_the_start() -> None:
    with pytest.raises(UndeclaredRouteError, match="forgotten"):
        create_app(services(), routes=[*ROUTES, _undeclared])

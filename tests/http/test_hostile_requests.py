"""Every route against every hostile thing: none breaks, and every refusal is a problem.

The other corpus says what must come of each request; this one says that of no request comes
anything worse than a refusal, and it grows with the routes by itself.
"""

import re
from typing import Final

import msgspec
import pytest
from litestar.types import ASGIApp
from tests.http.conftest import services, settings
from tests.http.hostile import (
    ADMIN,
    BODIES,
    HEADERS,
    ID,
    LIMIT,
    MEDIA_TYPES,
    METHODS,
    PARAMETERS,
    TARGETS,
    VALUES,
)
from tests.http.raw import Header, RawAnswer, exchange
from tests.http.shared import application

from ecommerce.entrypoints.http.app import ROUTES
from ecommerce.entrypoints.http.errors import catalogue
from ecommerce.entrypoints.http.operation import operation_of

JSON: Final = (b"content-type", b"application/json")
PATCH: Final = (b"content-type", b"application/merge-patch+json")

ROUTE_METHODS: Final = sorted(
    {
        (method, re.sub(r"\{[a-z_]+:str\}", ID, path), operation.body is not None)
        for route in ROUTES
        if (operation := operation_of(route)) is not None
        for path in route.paths
        for method in map(str, route.http_methods)
        if method != "OPTIONS"
    }
)
QUERIES: Final = sorted(
    {
        (re.sub(r"\{[a-z_]+:str\}", ID, path), field.encode_name)
        for route in ROUTES
        if (operation := operation_of(route)) is not None and operation.query is not None
        for path in route.paths
        for field in msgspec.structs.fields(operation.query)
    }
)
WRITES: Final = [(method, path) for method, path, takes in ROUTE_METHODS if takes]
PATHS: Final = sorted({path for _, path, _ in ROUTE_METHODS})


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return application(services(settings=settings(body_limit_bytes=LIMIT)))


CODES: Final = frozenset(catalogue())


def check(answer: RawAnswer, what: str) -> None:
    """Nothing worse than a refusal, in the form of refusals, and heads that nobody wrote into."""
    assert answer.status < 500, f"{what}: {answer.body[:500]!r}"
    for name, value in answer.headers.items():
        assert not re.search(r"[\r\n\0]", name + value), what
    assert "set-cookie" not in answer.headers, what
    assert answer.headers["x-content-type-options"] == "nosniff", what
    assert answer.headers["x-request-id"], what
    if answer.status < 400:
        return
    assert answer.headers["content-type"] == "application/problem+json", what
    problem = answer.json()
    assert problem["status"] == answer.status, what
    assert problem["code"] in CODES, what
    assert problem["request_id"] == answer.headers["x-request-id"], what
    assert len(answer.body) < 20_000, f"{what}: what was sent comes back"
    text = answer.body.decode()
    for leak in ("Traceback", 'File "', "psycopg", "sqlalchemy", "litestar", "msgspec."):
        assert leak not in text, what


def headers_of(method: str) -> list[Header]:
    return [ADMIN, PATCH if method == "PATCH" else JSON]


@pytest.mark.parametrize("name", BODIES)
async def test_every_body_to_every_route_that_takes_one(app: ASGIApp, name: str) -> None:
    body = BODIES[name]
    for method, path in WRITES:
        for chunks in ([body], [body[: len(body) // 2], b"", body[len(body) // 2 :]]):
            answer = await exchange(
                app, method, path.encode(), headers=headers_of(method), chunks=chunks
            )
            check(answer, f"{method} {path} {name}")
            assert answer.status >= 400, f"{method} {path} takes {name}"


@pytest.mark.parametrize("media_type", MEDIA_TYPES, ids=lambda each: repr(each[:30]))
async def test_every_media_type_to_every_route_that_takes_a_body(
    app: ASGIApp, media_type: bytes
) -> None:
    for method, path in WRITES:
        answer = await exchange(
            app,
            method,
            path.encode(),
            headers=[ADMIN, (b"content-type", media_type)],
            chunks=[b"{}"],
        )
        check(answer, f"{method} {path} {media_type!r}")
        assert answer.status == 415, f"{method} {path} {media_type!r}"


async def test_a_parameter_that_is_empty_says_nothing(app: ASGIApp) -> None:
    """RFC 9110, section 5.6.6, has them: such a body is JSON, and is looked at."""
    for method, path in WRITES:
        answer = await exchange(
            app,
            method,
            path.encode(),
            headers=[ADMIN, (b"content-type", b"application/json;;")],
            chunks=[b"{]"],
        )
        check(answer, f"{method} {path}")
        assert (answer.status, answer.json()["code"]) == (400, "malformed_request"), path


@pytest.mark.parametrize("name", HEADERS)
async def test_every_header_to_every_route(app: ASGIApp, name: str) -> None:
    for method, path, takes in ROUTE_METHODS:
        answer = await exchange(
            app,
            method,
            path.encode(),
            headers=[*headers_of(method), *HEADERS[name]],
            chunks=[b"{}" if takes else b""],
        )
        check(answer, f"{method} {path} {name}")


@pytest.mark.parametrize("method", METHODS, ids=lambda each: repr(each[:12]))
async def test_every_method_on_every_path(app: ASGIApp, method: str) -> None:
    for path in PATHS:
        answer = await exchange(app, method, path.encode(), headers=[ADMIN])
        check(answer, f"{method!r} {path}")
        assert answer.status in ((404, 405) if method else (400,))


@pytest.mark.parametrize("target", TARGETS, ids=lambda each: repr(each[:40]))
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
async def test_every_target_that_is_none(app: ASGIApp, method: str, target: bytes) -> None:
    answer = await exchange(app, method, target, headers=headers_of(method), chunks=[b"{}"])
    if method == "HEAD":
        assert answer.status < 500
        assert answer.body == b""
    else:
        check(answer, f"{method} {target[:60]!r}")


@pytest.mark.parametrize("value", VALUES, ids=lambda each: each[:20])
async def test_every_name_in_every_place_of_every_path(app: ASGIApp, value: str) -> None:
    for method, path, takes in ROUTE_METHODS:
        if ID not in path:
            continue
        target = path.replace(ID, value).encode()
        answer = await exchange(
            app, method, target, headers=headers_of(method), chunks=[b"{}" if takes else b""]
        )
        check(answer, f"{method} {target[:80]!r}")


@pytest.mark.parametrize("value", PARAMETERS, ids=lambda each: each[:30])
async def test_every_value_of_every_parameter(app: ASGIApp, value: str) -> None:
    for path, name in QUERIES:
        for target in (f"{path}?{name}={value}", f"{path}?{name}.{value}={value}"):
            answer = await exchange(app, "GET", target.encode(), headers=[ADMIN])
            check(answer, f"GET {target[:120]}")


def test_the_corpus_is_a_corpus() -> None:
    kinds = len(BODIES) + len(MEDIA_TYPES) + len(HEADERS) + len(METHODS) + 4 * len(TARGETS)
    assert kinds >= 300

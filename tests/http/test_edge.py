"""What the edge adds to every answer, and how long it waits."""

import asyncio
from typing import Any

import pytest
from litestar.types import ASGIApp
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from tests.http.conftest import SECRET, STAFF, client_of, services, settings
from tests.http.raw import exchange

from ecommerce.entrypoints.http.app import create_app
from ecommerce.entrypoints.http.edge import Edge
from ecommerce.entrypoints.http.paging import Cursors

JSON = (b"content-type", b"application/json")
BEARER = (b"authorization", b"Bearer staff")


def _edge(app: Any, *, seconds: float = 10.0) -> Edge:  # noqa: ANN401
    return Edge(
        app,
        cursors=Cursors(SECRET),
        body_limit_bytes=1_000,
        larger_bodies={},
        receive_timeout_seconds=seconds,
        access_log=None,
    )


async def _trickle(app: ASGIApp, pause: float) -> list[dict[str, Any]]:
    """Send a body of which a piece is late."""
    sent: list[dict[str, Any]] = []
    pieces = iter((b'{"name":', b'"Shoes"}'))
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/categories",
        "raw_path": b"/v1/categories",
        "query_string": b"",
        "headers": [(b"host", b"shop.test"), BEARER, JSON],
    }

    async def receive() -> dict[str, Any]:
        piece = next(pieces)
        if piece.endswith(b"}"):
            await asyncio.sleep(pause)
        return {"type": "http.request", "body": piece, "more_body": not piece.endswith(b"}")}

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]
    return sent


async def test_a_body_that_trickles_is_given_up() -> None:
    app = create_app(services(settings=settings(receive_timeout_seconds=0.05)))
    start, body = await _trickle(app, 5.0)
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
    assert b"request_timeout" in body["body"]


async def test_a_body_that_is_slow_but_in_time_is_taken() -> None:
    app = create_app(services(settings=settings(receive_timeout_seconds=5.0)))
    start, _ = await _trickle(app, 0.02)
    assert start["status"] == 201


async def test_answers_carry_what_browsers_need() -> None:
    async with client_of(services()) as client:
        for address in ("/v1/products", "/nothing", "/docs", "/problems"):
            headers = (await client.get(address)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert len(headers.get_list("content-security-policy")) == 1
            assert "access-control-allow-origin" not in headers


async def test_every_request_is_written_down() -> None:
    async with client_of(services(settings=settings(access_log=True))) as client:
        with capture_logs(processors=[merge_contextvars]) as logs:
            await client.get("/v1/inventory/Mug%201", headers={**STAFF, "X-Request-ID": "find-me"})
    (line,) = (entry for entry in logs if entry["event"] == "request")
    assert line["log_level"] == "info"
    assert line["method"] == "GET"
    assert line["route"] == "/v1/inventory/{sku}"
    assert line["status"] == 404
    assert line["request_id"] == "find-me"
    assert line["principal"]
    assert line["ms"] >= 0


async def test_what_fails_outside_the_framework_is_a_problem_too() -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("hunter2")

    with capture_logs() as logs:
        answer = await exchange(_edge(broken), "GET", b"/v1/products")
    assert answer.status == 500
    assert answer.json()["code"] == "internal_error"
    assert b"hunter2" not in answer.body
    assert [entry["event"] for entry in logs] == ["unforeseen"]


async def test_what_fails_after_the_start_is_not_answered_twice() -> None:
    async def broken(scope: object, receive: object, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("too late")

    with pytest.raises(RuntimeError, match="too late"):
        await exchange(_edge(broken), "GET", b"/v1/products")


async def test_authentication_comes_before_the_body() -> None:
    async def never() -> dict[str, Any]:
        raise AssertionError("The body was read.")

    app = create_app(services())
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/products",
        "raw_path": b"/v1/products",
        "query_string": b"",
        "headers": [(b"host", b"shop.test"), JSON],
    }
    await app(scope, never, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 401

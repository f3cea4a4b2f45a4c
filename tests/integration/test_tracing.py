"""Spans of a request, its use case and its statements, as a collector gets them."""

import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from tests.conftest import CURRENCY

from ecommerce.adapters.telemetry.tracing import Tracing
from ecommerce.entrypoints.asgi import measuring_of, services_of
from ecommerce.entrypoints.container import build
from ecommerce.entrypoints.http.app import create_app
from ecommerce.entrypoints.keys import make_keys
from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.tracing import traced, tracer_of

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_WHAT_IS_LOADED = """
import sys
import ecommerce.entrypoints.asgi
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""
PASSWORD = "a secret passphrase that is long"


@dataclass
class Traced:
    client: httpx.AsyncClient
    exporter: InMemorySpanExporter

    def spans(self) -> list[ReadableSpan]:
        found = list(self.exporter.get_finished_spans())
        self.exporter.clear()
        return found


@pytest_asyncio.fixture
async def shop(clean_database: str, tmp_path: Path) -> AsyncIterator[Traced]:
    exporter = InMemorySpanExporter()
    tracer = Tracing(SimpleSpanProcessor(exporter), version=version("ecommerce"))
    settings = Settings(data_dir=tmp_path, currency=CURRENCY, access_log=False, cache_mb=0)
    make_keys(settings)
    container = build(settings, clean_database, tracer.statement)
    database = container.database()
    await database.open()
    services = services_of(container, settings, measuring_of(container, settings))
    app = create_app(traced(services, tracer))
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar's own types
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield Traced(client, exporter)
    await database.close()
    container.password_hasher().close()
    tracer.close()


def named(spans: list[ReadableSpan], name: str) -> list[ReadableSpan]:
    return [span for span in spans if span.name == name]


def attribute(span: ReadableSpan, name: str) -> object:
    return (span.attributes or {}).get(name)


async def register(shop: Traced, **headers: str) -> httpx.Response:
    body = {"email": "ada@example.com", "password": PASSWORD, "full_name": "Ada Marker"}
    return await shop.client.post("/v1/auth/register", json=body, headers=headers)


async def test_a_request_its_use_case_and_its_statements_are_one_trace(shop: Traced) -> None:
    answer = await register(shop, traceparent=PARENT)
    assert answer.status_code == 201
    spans = shop.spans()

    (request,) = named(spans, "POST /v1/auth/register")
    assert request.kind is SpanKind.SERVER
    assert attribute(request, "http.route") == "/v1/auth/register"
    assert attribute(request, "http.response.status_code") == 201
    assert attribute(request, "ecommerce.request_id") == answer.headers["x-request-id"]
    assert request.parent is not None
    assert f"{request.parent.span_id:016x}" == "b7ad6b7169203331"
    assert {f"{span.context.trace_id:032x}" for span in spans if span.context} == {
        "0af7651916cd43dd8448eb211c80319c"
    }

    (use_case,) = named(spans, "Register")
    assert use_case.parent is not None
    assert request.context is not None
    assert use_case.parent.span_id == request.context.span_id
    inserts = [s for s in named(spans, "INSERT") if "user_account" in str(s.attributes)]
    assert len(inserts) == 1
    assert use_case.context is not None
    assert inserts[0].parent is not None
    assert inserts[0].parent.span_id == use_case.context.span_id
    assert inserts[0].kind is SpanKind.CLIENT
    assert attribute(inserts[0], "db.system.name") == "postgresql"
    assert "%(" in str(attribute(inserts[0], "db.query.text"))
    assert {"BEGIN", "COMMIT"} <= {span.name for span in spans}


async def test_no_value_is_in_a_trace(shop: Traced) -> None:
    await register(shop)
    await register(shop)
    await shop.client.post(
        "/v1/auth/login", json={"email": "ada@example.com", "password": f"{PASSWORD}!"}
    )
    told = "".join(span.to_json() for span in shop.spans())
    assert "user_account" in told
    for secret in ("secret passphrase", "ada@example.com", "Ada Marker", "argon2id$"):
        assert secret not in told


async def test_a_refusal_is_named_and_is_no_fault(shop: Traced) -> None:
    await register(shop)
    shop.spans()
    assert (await register(shop)).status_code == 409
    spans = shop.spans()
    (use_case,) = named(spans, "Register")
    assert attribute(use_case, "error.type") == "EmailTakenError"
    (request,) = named(spans, "POST /v1/auth/register")
    assert request.status.status_code is not StatusCode.ERROR
    assert all(not span.events for span in spans)


async def test_without_a_parent_a_request_begins_a_trace(shop: Traced) -> None:
    for header in ({}, {"traceparent": "00-zz-zz-01"}):
        await shop.client.get("/v1/products", headers=header)
    first, second = named(shop.spans(), "GET /v1/products")
    assert first.parent is None
    assert second.parent is None
    assert first.context is not None
    assert second.context is not None
    assert first.context.trace_id != second.context.trace_id


async def test_what_no_route_takes_is_named_by_its_method(shop: Traced) -> None:
    await shop.client.get("/no/such/thing")
    (span,) = shop.spans()
    assert span.name == "GET"
    assert attribute(span, "http.response.status_code") == 404


def test_without_a_collector_nothing_is_traced_or_even_loaded() -> None:
    assert tracer_of(Settings()) is None
    said = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", _WHAT_IS_LOADED], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://127.0.0.1:1/"])
def test_a_collector_that_is_away_holds_nothing_up(address: str) -> None:
    others = set(threading.enumerate())
    tracer = tracer_of(Settings(otlp_endpoint=address))
    assert tracer is not None
    scope: dict[str, object] = {"method": "GET", "headers": []}
    tracer.begun(scope)
    tracer.ended(scope, 200, 0.1)
    begun = time.monotonic()
    tracer.close()
    assert time.monotonic() - begun < 5
    assert set(threading.enumerate()) <= others, "nothing goes on trying"

"""Traces by OpenTelemetry: a span for each request, each use case and each statement."""

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import Token
from typing import Any, Final

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_SPAN: Final = "ecommerce.span"
_TOKEN: Final = "ecommerce.span_token"  # noqa: S105 - where a context variable's token lies
_W3C: Final = TraceContextTextMapPropagator()
_CARRIED: Final = (b"traceparent", b"tracestate")
_FAILED: Final = 500
_PATIENCE: Final = 2.0


class Tracing:
    """Makes spans and hands them to a processor, or to the collector at an address.

    The sampler and the limits are those of OpenTelemetry's own variables (``OTEL_TRACES_SAMPLER``
    and so on).
    """

    def __init__(
        self, processor: SpanProcessor, *, version: str, give_up: Callable[[], None] | None = None
    ) -> None:
        self._give_up: Final = give_up
        self._provider: Final = TracerProvider(
            resource=Resource.create({SERVICE_NAME: "ecommerce", SERVICE_VERSION: version}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(processor)
        self._tracer: Final = self._provider.get_tracer("ecommerce", version)

    @classmethod
    def to(cls, endpoint: str, *, version: str) -> "Tracing":
        """Send spans to a collector (OTLP over HTTP), in batches and beside the requests."""
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        return cls(BatchSpanProcessor(exporter), version=version, give_up=exporter.shutdown)

    def close(self) -> None:
        """Send what there is, and end; a collector that is away is not waited for."""
        ending = threading.Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(_PATIENCE)
        if ending.is_alive() and self._give_up is not None:
            self._give_up()  # else it would try again and again, behind whatever comes next
            ending.join(_PATIENCE)

    def begun(self, scope: dict[str, Any]) -> None:
        """Start the request's span: a child of the caller's, when the caller sent one."""
        span = self._tracer.start_span(
            scope["method"], context=_sent_along(scope), kind=SpanKind.SERVER
        )
        scope[_SPAN] = span
        scope[_TOKEN] = context.attach(trace.set_span_in_context(span))

    def ended(self, scope: dict[str, Any], status: int, seconds: float) -> None:  # noqa: ARG002 - the observer's signature
        """End it, named by its route."""
        span: Span = scope[_SPAN]
        token: Token[Context] = scope[_TOKEN]
        context.detach(token)
        route = scope.get("path_template")
        span.update_name(f"{scope['method']} {route}" if route else scope["method"])
        span.set_attribute("http.request.method", scope["method"])
        span.set_attribute("http.response.status_code", status)
        span.set_attribute("ecommerce.request_id", str(scope.get("ecommerce.request_id", "")))
        if route:
            span.set_attribute("http.route", route)
        if status >= _FAILED or status == 0:
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    @contextmanager
    def statement(self, text: str) -> Iterator[None]:
        """A statement's span: its SQL with placeholders, never with values."""
        named = " ".join(text.split(maxsplit=2)[:1]).upper() or "SQL"
        with self._tracer.start_as_current_span(
            named,
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.query.text": text},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except Exception as error:
                # Its kind only: what PostgreSQL says of an error quotes values.
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def use_case(self, work: Callable[..., Awaitable[object]]) -> "TracedUseCase":
        """The same use case, with a span around each run."""
        return TracedUseCase(self._tracer, work)


class TracedUseCase:
    """Runs a use case within a span of its name."""

    def __init__(self, tracer: trace.Tracer, work: Callable[..., Awaitable[object]]) -> None:
        self._tracer: Final = tracer
        self._work: Final = work
        self._name: Final = type(work).__name__.removesuffix("Handler")

    async def __call__(self, *given: object, **named: object) -> object:
        """Run it. What it refuses is a result and no fault; what it says stays out of the span."""
        with self._tracer.start_as_current_span(
            self._name, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                return await self._work(*given, **named)
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                raise


def _sent_along(scope: dict[str, Any]) -> Context:
    sent = {
        name.decode("ascii"): value.decode("latin-1")
        for name, value in scope.get("headers", ())
        if name in _CARRIED
    }
    return _W3C.extract(sent, context=Context())

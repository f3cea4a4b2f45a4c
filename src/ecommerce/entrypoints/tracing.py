"""Traces, where a setting names a collector; nothing at all where none does."""

import dataclasses
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from importlib.metadata import version
from typing import Any, Protocol

from ecommerce.entrypoints.http.observing import RequestObserver
from ecommerce.entrypoints.http.services import Services
from ecommerce.entrypoints.settings import Settings, SettingsError


class Tracer(RequestObserver, Protocol):
    """Makes spans of requests, use cases and statements."""

    def statement(self, text: str) -> AbstractContextManager[None]:
        """A span for a statement."""
        ...

    def use_case(self, work: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        """The same use case, with a span around each run."""
        ...

    def close(self) -> None:
        """Send what there is, and end."""
        ...


def tracer_of(settings: Settings) -> Tracer | None:
    """What settings ask for. Without a collector OpenTelemetry is not even imported."""
    if settings.otlp_endpoint is None:
        return None
    try:
        from ecommerce.adapters.telemetry.tracing import Tracing
    except ImportError as error:
        raise SettingsError(
            "ECOMMERCE_OTLP_ENDPOINT: needs packages; run: pip install 'ecommerce[telemetry]'"
        ) from error
    return Tracing.to(settings.otlp_endpoint, version=version("ecommerce"))


def traced(services: Services, tracer: Tracer | None) -> Services:
    """The same services, every use case in a span."""
    if tracer is None:
        return services
    contexts = ("catalog", "inventory", "merchandising", "identity")
    return dataclasses.replace(
        services,
        observers=(*services.observers, tracer),
        **{name: _with_spans(getattr(services, name), tracer) for name in contexts},
    )


def _with_spans(context: Any, tracer: Tracer) -> Any:  # noqa: ANN401 - any context's services
    handlers = {
        field.name: tracer.use_case(work)
        for field in dataclasses.fields(context)
        if type(work := getattr(context, field.name)).__name__.endswith("Handler")
    }
    return dataclasses.replace(context, **handlers)

"""The service's metrics, for Prometheus."""

from typing import Final

from litestar import get

from ecommerce.domain.identity.permissions import Permission
from ecommerce.entrypoints.http.answers import Answer
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.observing import Scrape
from ecommerce.entrypoints.http.operation import operation, permission

_TEXT: Final = b"text/plain; version=0.0.4; charset=utf-8"


@get(
    "/metrics",
    **operation(
        "getMetrics",
        "The service's metrics",
        description="Requests by route, database connections, the cache, passwords being hashed, "
        "the search index and the replica, of all worker processes of this instance together, in "
        "Prometheus' text format.",
        tag="Service",
        access=permission(Permission.METRICS_READ),
        returns=str,
        media_types=("text/plain",),
    ),
)
async def get_metrics(scrape: Given[Scrape]) -> Answer:
    """Everything, as it is now."""
    headers = ((b"content-type", _TEXT), (b"cache-control", b"no-store"))
    return Answer(200, headers, await scrape())


ROUTES: Final = (get_metrics,)
"""Metrics."""

"""Looks at every part of a worker and tells the metrics what is seen."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry

from ecommerce.adapters.cache.catalog import CachedCatalogQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.faults import SEEN
from ecommerce.adapters.postgres.replica_standing import ReplicaStanding
from ecommerce.adapters.postgres.search.indexer import PENDING
from ecommerce.adapters.prometheus.exposition import text_of
from ecommerce.adapters.prometheus.metrics import Metrics
from ecommerce.adapters.prometheus.requests import CountedRequests
from ecommerce.adapters.security.argon2_hasher import Argon2Hasher
from ecommerce.application.catalog.queries import CatalogQueries
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.entrypoints.http.observing import KNOWN_METHODS, OTHER

_EVERY: Final = 2.0
"""Seconds between looks, for when another worker is asked for the numbers of all."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What there is to look at in a worker."""

    database: Database
    replica: Database | None
    standing: ReplicaStanding | None
    catalog: CatalogQueries
    hasher: Argon2Hasher


class Measuring:
    """Counts requests as they come, and looks at everything else now and then."""

    def __init__(self, parts: Parts) -> None:
        self._parts: Final = parts
        self._registry: Final = CollectorRegistry()
        self._metrics: Final = Metrics(self._registry)
        self.requests: Final = CountedRequests(self._metrics, KNOWN_METHODS, OTHER)

    async def scrape(self) -> bytes:
        """Look once more, at the search index too, and give all metrics as text."""
        self._look()
        await self._look_at_search()
        return await asyncio.to_thread(text_of, self._registry)

    async def look_for_ever(self) -> None:
        """Look again and again until cancelled."""
        while True:
            self._look()
            await asyncio.sleep(_EVERY)

    def _look(self) -> None:
        parts, metrics = self._parts, self._metrics
        metrics.in_flight(self.requests.in_flight)
        metrics.pool("primary", parts.database.statistics())
        metrics.faults(SEEN)
        metrics.hashing(in_line=parts.hasher.in_line, refused=parts.hasher.refused)
        if parts.replica is not None and parts.standing is not None:
            metrics.pool("replica", parts.replica.statistics())
            lag = parts.standing.lag(time.monotonic())
            metrics.replica(in_use=parts.standing.well, lag=lag)
        if isinstance(parts.catalog, CachedCatalogQueries):
            seen = parts.catalog.statistics()
            metrics.cache(
                {
                    "hit": seen.hits,
                    "shared_hit": seen.shared_hits,
                    "miss": seen.misses,
                    "joined": seen.joined,
                    "bypassed": seen.bypassed,
                },
                entries=seen.entries,
                size=seen.bytes,
                evicted=seen.evictions,
                forgotten=seen.invalidations,
            )

    async def _look_at_search(self) -> None:
        try:
            pending = await self._parts.database.scalar(PENDING)
        except UnavailableError:
            return  # what is known of it stays as it was; the pool's numbers say why
        self._metrics.search(pending=int(pending))

"""What a cache has done so far."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """Counted since the process began, but for ``entries`` and ``bytes``, which are there now.

    ``hits`` were answered from this process, ``shared_hits`` from the cache that several machines
    share, ``misses`` by the database, ``joined`` by another caller's question that was on its way,
    and ``bypassed`` asked the database because nothing kept would do. ``invalidations`` is how
    often everything was forgotten, ``evictions`` how many answers went to make room.
    """

    hits: int
    shared_hits: int
    misses: int
    joined: int
    bypassed: int
    entries: int
    bytes: int
    evictions: int
    invalidations: int

"""The cache before the catalogue's reads, as settings want it."""

from ecommerce.adapters.cache.catalog import CachedCatalogQueries
from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.cache.memory import BoundedMemory
from ecommerce.adapters.cache.shared import SharedStore
from ecommerce.adapters.postgres.database import Database
from ecommerce.application.catalog.queries import CatalogQueries
from ecommerce.entrypoints.addresses import named_cache
from ecommerce.entrypoints.settings import SettingsError


def shared_store(url: str | None, seconds: int) -> SharedStore | None:
    """The cache that several machines share, if there is one."""
    if url is None:
        return None
    try:
        from ecommerce.adapters.cache.valkey import ValkeyStore
    except ImportError as error:
        raise SettingsError(
            "ECOMMERCE_CACHE_URL: needs a package; run: pip install 'ecommerce[valkey]'"
        ) from error
    try:
        return ValkeyStore.at(url, seconds=seconds)
    except ValueError as error:
        # What the error says may repeat a part of the address, and so of a password.
        raise SettingsError(
            f"ECOMMERCE_CACHE_URL: {named_cache(url)}: a parameter of the address is not right;"
            " leave it out or correct it"
        ) from error


def catalog_queries(
    stored: CatalogQueries,
    generations: Generations,
    database: Database,
    shared: SharedStore | None,
    megabytes: int,
    seconds: int,
) -> CatalogQueries:
    """Reads of the catalogue, behind a cache unless it is given no memory."""
    if megabytes == 0:
        return stored
    return CachedCatalogQueries(
        stored,
        BoundedMemory(megabytes * 1024 * 1024, seconds=seconds),
        generations,
        in_transaction=lambda: database.in_transaction,
        shared=shared,
    )

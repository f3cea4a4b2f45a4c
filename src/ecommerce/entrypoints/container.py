"""Where every port meets its adapter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from dependency_injector import providers

from ecommerce.adapters.postgres.audit_queries import PostgresAuditQueries
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.inventory_queries import PostgresInventoryQueries
from ecommerce.adapters.postgres.listener import CatalogListener
from ecommerce.adapters.postgres.merchandising_queries import PostgresMerchandisingQueries
from ecommerce.adapters.postgres.observed_cursors import AroundStatement
from ecommerce.adapters.postgres.past_queries import PostgresPastQueries
from ecommerce.application.catalog.add_variant import AddVariantHandler
from ecommerce.application.catalog.change_category import ChangeCategoryHandler
from ecommerce.application.catalog.change_product import ChangeProductHandler
from ecommerce.application.catalog.change_variant import ChangeVariantHandler
from ecommerce.application.catalog.create_category import CreateCategoryHandler
from ecommerce.application.catalog.create_product import CreateProductHandler
from ecommerce.application.catalog.delete_category import DeleteCategoryHandler
from ecommerce.application.catalog.delete_product import DeleteProductHandler
from ecommerce.application.catalog.remove_variant import RemoveVariantHandler
from ecommerce.application.catalog.write_products_in_bulk import WriteProductsInBulkHandler
from ecommerce.application.inventory.adjust_stock import AdjustStockHandler
from ecommerce.application.merchandising.create_pin import CreatePinHandler
from ecommerce.application.merchandising.create_synonym_group import CreateSynonymGroupHandler
from ecommerce.application.merchandising.delete_pin import DeletePinHandler
from ecommerce.application.merchandising.delete_synonym_group import DeleteSynonymGroupHandler
from ecommerce.application.merchandising.replace_pin import ReplacePinHandler
from ecommerce.application.merchandising.replace_synonym_group import ReplaceSynonymGroupHandler
from ecommerce.domain.identity.session import SessionLifetime
from ecommerce.entrypoints.analyzers import load_analyzer
from ecommerce.entrypoints.breaches import load_breached_passwords
from ecommerce.entrypoints.caches import catalog_queries, shared_store
from ecommerce.entrypoints.container_access import AccessProviders
from ecommerce.entrypoints.container_foundation import Foundation
from ecommerce.entrypoints.container_limits import Limits
from ecommerce.entrypoints.keys import load_keys
from ecommerce.entrypoints.mailing import mailer_of
from ecommerce.entrypoints.settings import Settings


class Container(AccessProviders):
    """One of each, made when first asked for."""

    config = Foundation.config
    analyzer = Foundation.analyzer
    generations = Foundation.generations
    database = Foundation.database
    reads = Foundation.reads
    clock = Foundation.clock
    ids = Foundation.ids
    transactions = Foundation.transactions
    slugs = Foundation.slugs

    catalog_listener = providers.Singleton(CatalogListener, config.database_url, generations)
    shared_store = providers.Singleton(shared_store, config.cache_url, config.cache_seconds)
    past_queries = providers.Singleton(PostgresPastQueries, database)
    stored_catalog_queries = providers.Singleton(
        PostgresCatalogQueries, reads, config.currency, analyzer, past_queries
    )
    catalog_queries = providers.Singleton(
        catalog_queries,
        stored_catalog_queries,
        generations,
        database,
        shared_store,
        config.cache_mb,
        config.cache_seconds,
    )
    inventory_queries = providers.Singleton(PostgresInventoryQueries, reads)
    merchandising_queries = providers.Singleton(PostgresMerchandisingQueries, database)
    audit_queries = providers.Singleton(PostgresAuditQueries, database)

    create_product = providers.Singleton(
        CreateProductHandler,
        transactions=transactions,
        clock=clock,
        ids=ids,
        slugs=slugs,
        currency=config.currency,
    )
    change_product = providers.Singleton(
        ChangeProductHandler, transactions=transactions, clock=clock
    )
    delete_product = providers.Singleton(DeleteProductHandler, transactions=transactions)
    write_products_in_bulk = providers.Singleton(
        WriteProductsInBulkHandler,
        transactions=transactions,
        clock=clock,
        ids=ids,
        slugs=slugs,
        currency=config.currency,
    )
    add_variant = providers.Singleton(
        AddVariantHandler, transactions=transactions, clock=clock, ids=ids, currency=config.currency
    )
    change_variant = providers.Singleton(
        ChangeVariantHandler, transactions=transactions, clock=clock, currency=config.currency
    )
    remove_variant = providers.Singleton(
        RemoveVariantHandler, transactions=transactions, clock=clock
    )
    create_category = providers.Singleton(
        CreateCategoryHandler, transactions=transactions, clock=clock, ids=ids, slugs=slugs
    )
    change_category = providers.Singleton(
        ChangeCategoryHandler, transactions=transactions, clock=clock
    )
    delete_category = providers.Singleton(DeleteCategoryHandler, transactions=transactions)

    adjust_stock = providers.Singleton(
        AdjustStockHandler, transactions=transactions, clock=clock, ids=ids
    )

    create_synonym_group = providers.Singleton(
        CreateSynonymGroupHandler, transactions=transactions, clock=clock, ids=ids
    )
    replace_synonym_group = providers.Singleton(
        ReplaceSynonymGroupHandler, transactions=transactions, clock=clock
    )
    delete_synonym_group = providers.Singleton(DeleteSynonymGroupHandler, transactions=transactions)
    create_pin = providers.Singleton(
        CreatePinHandler, transactions=transactions, clock=clock, ids=ids
    )
    replace_pin = providers.Singleton(ReplacePinHandler, transactions=transactions, clock=clock)
    delete_pin = providers.Singleton(DeletePinHandler, transactions=transactions)

    limits = providers.Container(Limits, by=config.pace, database=database)


def build(
    settings: Settings, url: str, around_statement: AroundStatement | None = None
) -> Container:
    """Wire everything for these settings; fails when a port has no adapter.

    The keys are read when first asked for: what needs none works where there are none yet.
    """
    container = Container(
        keys=providers.Singleton(load_keys, settings),
        analyzer=providers.Object(load_analyzer(settings)),
        mailer=providers.Object(mailer_of(settings)),
        breached_passwords=providers.Object(load_breached_passwords(settings)),
        around_statement=providers.Object(around_statement),
    )
    container.config.from_dict(
        {
            "database_url": url,
            "replica_url": settings.database_replica_url,
            "replica_max_lag_seconds": settings.replica_max_lag_seconds,
            "reads_from": "both" if settings.database_replica_url else "primary",
            "pace": "process" if settings.rate_limit_store == "process" else "database",
            "slow_statement_ms": settings.slow_statement_ms,
            "pool_min": min(2, settings.pool_size),
            "pool_max": settings.pool_size,
            "cache_mb": settings.cache_mb,
            "cache_seconds": settings.cache_seconds,
            "cache_url": settings.cache_url,
            "currency": settings.currency,
            "issuer": settings.issuer,
            "keys_file": None if settings.keys is not None else settings.keys_file,
            "password_min": settings.password_min,
            "staff_password_min": settings.staff_password_min,
            "staff_second_factor": settings.staff_second_factor,
            "step_up": timedelta(minutes=settings.step_up_minutes),
            "shop_name": settings.shop_name,
            "public_url": settings.links_lead_to,
            "access_token_lifetime": timedelta(minutes=settings.access_token_minutes),
            "session_lifetime": SessionLifetime(
                idle=timedelta(days=settings.refresh_token_days),
                longest=timedelta(days=settings.session_days),
            ),
        }
    )
    container.check_dependencies()
    return container


@asynccontextmanager
async def replica_in_use(container: Container) -> AsyncIterator[None]:
    """Watch the replica, and read from it while it is well, within the block."""
    replica = container.replica()
    await replica.open()
    watching = asyncio.create_task(container.replica_watch().for_ever())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await replica.close()


@asynccontextmanager
async def opened(settings: Settings, url: str) -> AsyncIterator[Container]:
    """A wired container whose database is open within the block: for commands."""
    container = build(settings, url)
    database = container.database()
    await database.open()
    try:
        yield container
    finally:
        await database.close()
        container.password_hasher().close()

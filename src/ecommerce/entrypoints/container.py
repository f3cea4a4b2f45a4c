"""Where every port meets its adapter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from dependency_injector import containers, providers

from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.postgres import migrate
from ecommerce.adapters.postgres.audit_queries import PostgresAuditQueries
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.identity_queries import PostgresIdentityQueries
from ecommerce.adapters.postgres.inventory_queries import PostgresInventoryQueries
from ecommerce.adapters.postgres.listener import CatalogListener
from ecommerce.adapters.postgres.merchandising_queries import PostgresMerchandisingQueries
from ecommerce.adapters.postgres.observed_cursors import AroundStatement
from ecommerce.adapters.postgres.past_queries import PostgresPastQueries
from ecommerce.adapters.postgres.readiness import PostgresReadiness
from ecommerce.adapters.postgres.replica import ReadRouter
from ecommerce.adapters.postgres.replica_standing import ReplicaStanding
from ecommerce.adapters.postgres.replica_watch import ReplicaWatch
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.security.argon2_hasher import Argon2Hasher
from ecommerce.adapters.security.common_passwords import ZxcvbnCommonPasswords
from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.secret_tokens import RandomTokens
from ecommerce.adapters.security.signing_key import KeyRingError
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.adapters.text.slugify import PythonSlugs
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
from ecommerce.application.identity.authenticate import AuthenticateHandler
from ecommerce.application.identity.change_profile import ChangeProfileHandler
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.create_admin import CreateAdminHandler
from ecommerce.application.identity.list_public_keys import ListPublicKeysHandler
from ecommerce.application.identity.login import LoginHandler
from ecommerce.application.identity.logout import LogoutHandler
from ecommerce.application.identity.refresh_session import RefreshSessionHandler
from ecommerce.application.identity.register import RegisterHandler
from ecommerce.application.identity.session_tokens import SessionTokens
from ecommerce.application.inventory.adjust_stock import AdjustStockHandler
from ecommerce.application.merchandising.create_pin import CreatePinHandler
from ecommerce.application.merchandising.create_synonym_group import CreateSynonymGroupHandler
from ecommerce.application.merchandising.delete_pin import DeletePinHandler
from ecommerce.application.merchandising.delete_synonym_group import DeleteSynonymGroupHandler
from ecommerce.application.merchandising.replace_pin import ReplacePinHandler
from ecommerce.application.merchandising.replace_synonym_group import ReplaceSynonymGroupHandler
from ecommerce.application.shared.audit import Scribe
from ecommerce.application.shared.idempotency import Once
from ecommerce.entrypoints.analyzers import load_analyzer
from ecommerce.entrypoints.caches import catalog_queries, shared_store
from ecommerce.entrypoints.settings import Settings, SettingsError


def load_keys(settings: Settings) -> KeyRing:
    """The keys given by settings, or those in the data directory, made on the first run."""
    try:
        if settings.keys is not None:
            return KeyRing.from_json(settings.keys)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return KeyRing.load_or_create(settings.keys_file)
    except KeyRingError as error:
        name = "ECOMMERCE_DATA_DIR" if settings.keys is None else "ECOMMERCE_KEYS"
        raise SettingsError(f"{name}: {error}") from error


class Container(containers.DeclarativeContainer):
    """One of each, made when first asked for."""

    config = providers.Configuration(strict=True)
    keys = providers.Dependency(instance_of=KeyRing)
    analyzer = providers.Dependency(instance_of=SnowballAnalyzer)
    around_statement: providers.Object[AroundStatement | None] = providers.Object(None)

    generations = providers.Singleton(Generations)
    database = providers.Singleton(
        Database,
        config.database_url,
        pool_min=config.pool_min,
        pool_max=config.pool_max,
        slow_statement_ms=config.slow_statement_ms,
        observer=generations,
        around_statement=around_statement,
    )
    replica = providers.Singleton(
        Database,
        config.replica_url,
        pool_min=config.pool_min,
        pool_max=config.pool_max,
        # What takes longer is asked of the primary, and both together have to end in time.
        pool_timeout=0.3,
        statement_timeout_ms=500,
        lock_timeout_ms=300,
        slow_statement_ms=config.slow_statement_ms,
        server="replica",
        around_statement=around_statement,
    )
    standing = providers.Singleton(ReplicaStanding, config.replica_max_lag_seconds)
    replica_watch = providers.Singleton(
        ReplicaWatch,
        standing,
        database,
        primary_url=config.database_url,
        replica_url=config.replica_url,
    )
    reads = providers.Selector(
        config.reads_from,
        primary=database,
        both=providers.Singleton(ReadRouter, database, replica, standing),
    )
    clock = providers.Singleton(SystemClock)
    ids = providers.Singleton(Uuid7Ids)
    transactions = providers.Singleton(
        PostgresTransactions,
        database,
        config.currency,
        analyzer,
        providers.Singleton(Scribe, clock, ids),
    )
    once = providers.Singleton(Once, transactions)
    readiness = providers.Singleton(
        PostgresReadiness, database, providers.Callable(migrate.head_revision)
    )
    slugs = providers.Singleton(PythonSlugs)

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
    identity_queries = providers.Singleton(PostgresIdentityQueries, database)

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

    password_hasher = providers.Singleton(Argon2Hasher)
    common_passwords = providers.Singleton(ZxcvbnCommonPasswords)
    access_tokens = providers.Singleton(
        JwtTokens,
        keys,
        issuer=config.issuer,
        audience=config.issuer,
        lifetime=config.access_token_lifetime,
    )
    token_secrets = providers.Singleton(RandomTokens)
    session_tokens = providers.Singleton(
        SessionTokens, access_tokens, token_secrets, config.refresh_token_lifetime
    )
    choose_password = providers.Singleton(ChoosePasswordHandler, password_hasher, common_passwords)
    register = providers.Singleton(RegisterHandler, transactions, clock, ids)
    login = providers.Singleton(
        LoginHandler, transactions, identity_queries, password_hasher, session_tokens, clock, ids
    )
    refresh_session = providers.Singleton(
        RefreshSessionHandler, transactions, identity_queries, session_tokens, clock
    )
    logout = providers.Singleton(LogoutHandler, transactions, token_secrets, clock)
    change_profile = providers.Singleton(ChangeProfileHandler, transactions, clock)
    create_admin = providers.Singleton(
        CreateAdminHandler,
        transactions,
        identity_queries,
        password_hasher,
        choose_password,
        clock,
        ids,
    )
    list_public_keys = providers.Singleton(ListPublicKeysHandler, keys, clock)
    authenticate = providers.Singleton(AuthenticateHandler, access_tokens, identity_queries, clock)


def build(
    settings: Settings, url: str, around_statement: AroundStatement | None = None
) -> Container:
    """Wire everything for these settings; fails when a port has no adapter."""
    container = Container(
        keys=providers.Object(load_keys(settings)),
        analyzer=providers.Object(load_analyzer(settings)),
        around_statement=providers.Object(around_statement),
    )
    container.config.from_dict(
        {
            "database_url": url,
            "replica_url": settings.database_replica_url,
            "replica_max_lag_seconds": settings.replica_max_lag_seconds,
            "reads_from": "both" if settings.database_replica_url else "primary",
            "slow_statement_ms": settings.slow_statement_ms,
            "pool_min": min(2, settings.pool_size),
            "pool_max": settings.pool_size,
            "cache_mb": settings.cache_mb,
            "cache_seconds": settings.cache_seconds,
            "cache_url": settings.cache_url,
            "currency": settings.currency,
            "issuer": settings.issuer,
            "access_token_lifetime": timedelta(minutes=settings.access_token_minutes),
            "refresh_token_lifetime": timedelta(days=settings.refresh_token_days),
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

"""Where every port meets its adapter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from dependency_injector import containers, providers

from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.postgres import migrate
from ecommerce.adapters.postgres.access_keys import PostgresApiKeyUses
from ecommerce.adapters.postgres.access_queries import PostgresAccessQueries
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.identity_queries import PostgresIdentityQueries
from ecommerce.adapters.postgres.inventory_queries import PostgresInventoryQueries
from ecommerce.adapters.postgres.listener import CatalogListener
from ecommerce.adapters.postgres.merchandising_queries import PostgresMerchandisingQueries
from ecommerce.adapters.postgres.past_queries import PostgresPastQueries
from ecommerce.adapters.postgres.readiness import PostgresReadiness
from ecommerce.adapters.postgres.replica import ReadRouter
from ecommerce.adapters.postgres.replica_standing import ReplicaStanding
from ecommerce.adapters.postgres.replica_watch import ReplicaWatch
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.security.aes_sealer import AesSealer
from ecommerce.adapters.security.api_key_tokens import ApiKeyTokens
from ecommerce.adapters.security.argon2_hasher import Argon2Hasher
from ecommerce.adapters.security.common_passwords import ZxcvbnCommonPasswords
from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.live_keys import LiveKeys
from ecommerce.adapters.security.one_time_codes import RandomRecoveryCodes, TotpCodes
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
from ecommerce.application.identity.access.change_role import ChangeRoleHandler
from ecommerce.application.identity.access.create_api_key import CreateApiKeyHandler
from ecommerce.application.identity.access.create_role import CreateRoleHandler
from ecommerce.application.identity.access.delete_role import DeleteRoleHandler
from ecommerce.application.identity.access.give_roles import GiveRolesHandler
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKeyHandler
from ecommerce.application.identity.authenticate import AuthenticateHandler
from ecommerce.application.identity.change_profile import ChangeProfileHandler
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.create_admin import CreateAdminHandler
from ecommerce.application.identity.list_public_keys import ListPublicKeysHandler
from ecommerce.application.identity.login import LoginHandler
from ecommerce.application.identity.logout import LogoutHandler
from ecommerce.application.identity.new_sessions import NewSessions
from ecommerce.application.identity.refresh_session import RefreshSessionHandler
from ecommerce.application.identity.register import RegisterHandler
from ecommerce.application.identity.second_factor.begin import BeginSecondFactorHandler
from ecommerce.application.identity.second_factor.checking import CodeChecks
from ecommerce.application.identity.second_factor.confirm import ConfirmSecondFactorHandler
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactorHandler
from ecommerce.application.identity.second_factor.remove import RemoveSecondFactorHandler
from ecommerce.application.identity.second_factor.renew_recovery_codes import (
    RenewRecoveryCodesHandler,
)
from ecommerce.application.identity.session_tokens import SessionTokens
from ecommerce.application.identity.step_up import StepUpHandler
from ecommerce.application.inventory.adjust_stock import AdjustStockHandler
from ecommerce.application.merchandising.create_pin import CreatePinHandler
from ecommerce.application.merchandising.create_synonym_group import CreateSynonymGroupHandler
from ecommerce.application.merchandising.delete_pin import DeletePinHandler
from ecommerce.application.merchandising.delete_synonym_group import DeleteSynonymGroupHandler
from ecommerce.application.merchandising.replace_pin import ReplacePinHandler
from ecommerce.application.merchandising.replace_synonym_group import ReplaceSynonymGroupHandler
from ecommerce.application.shared.audit import Scribe
from ecommerce.application.shared.idempotency import Once
from ecommerce.domain.identity.passwords import PasswordPolicy
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


def _sealing_key(keys: KeyRing) -> bytes:
    return keys.derive("second-factor")


class Container(containers.DeclarativeContainer):
    """One of each, made when first asked for."""

    config = providers.Configuration(strict=True)
    keys = providers.Dependency(instance_of=KeyRing)
    analyzer = providers.Dependency(instance_of=SnowballAnalyzer)

    generations = providers.Singleton(Generations)
    database = providers.Singleton(
        Database,
        config.database_url,
        pool_min=config.pool_min,
        pool_max=config.pool_max,
        slow_statement_ms=config.slow_statement_ms,
        observer=generations,
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
    live_keys = providers.Singleton(LiveKeys, keys, config.keys_file)
    access_tokens = providers.Singleton(
        JwtTokens,
        live_keys,
        issuer=config.issuer,
        audience=config.issuer,
        lifetime=config.access_token_lifetime,
    )
    token_secrets = providers.Singleton(RandomTokens)
    session_tokens = providers.Singleton(
        SessionTokens, access_tokens, token_secrets, config.refresh_token_lifetime
    )
    password_policy = providers.Singleton(
        PasswordPolicy, config.password_min, config.staff_password_min
    )
    choose_password = providers.Singleton(
        ChoosePasswordHandler, password_hasher, common_passwords, password_policy
    )
    new_sessions = providers.Singleton(NewSessions, session_tokens, ids)
    one_time_codes = providers.Singleton(TotpCodes, config.issuer)
    sealer = providers.Singleton(AesSealer, providers.Callable(_sealing_key, keys))
    code_checks = providers.Singleton(
        CodeChecks, one_time_codes, providers.Singleton(RandomRecoveryCodes), sealer
    )
    register = providers.Singleton(RegisterHandler, transactions, clock, ids)
    login = providers.Singleton(
        LoginHandler, transactions, identity_queries, password_hasher, new_sessions, clock
    )
    login_with_second_factor = providers.Singleton(
        LoginWithSecondFactorHandler, transactions, new_sessions, code_checks, clock
    )
    step_up = providers.Singleton(StepUpHandler, transactions, password_hasher, code_checks, clock)
    begin_second_factor = providers.Singleton(
        BeginSecondFactorHandler, transactions, one_time_codes, sealer, clock
    )
    confirm_second_factor = providers.Singleton(
        ConfirmSecondFactorHandler, transactions, code_checks, clock
    )
    remove_second_factor = providers.Singleton(RemoveSecondFactorHandler, transactions)
    renew_recovery_codes = providers.Singleton(RenewRecoveryCodesHandler, transactions, code_checks)
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
    list_public_keys = providers.Singleton(ListPublicKeysHandler, live_keys, clock)
    access_queries = providers.Singleton(PostgresAccessQueries, database)
    api_key_tokens = providers.Singleton(ApiKeyTokens)
    api_key_uses = providers.Singleton(PostgresApiKeyUses, database)
    create_role = providers.Singleton(CreateRoleHandler, transactions, clock, ids)
    change_role = providers.Singleton(ChangeRoleHandler, transactions, clock)
    delete_role = providers.Singleton(DeleteRoleHandler, transactions)
    give_roles = providers.Singleton(GiveRolesHandler, transactions)
    create_api_key = providers.Singleton(
        CreateApiKeyHandler, transactions, api_key_tokens, clock, ids
    )
    revoke_api_key = providers.Singleton(RevokeApiKeyHandler, transactions, clock)
    authenticate = providers.Singleton(
        AuthenticateHandler,
        access_tokens,
        api_key_tokens,
        identity_queries,
        api_key_uses,
        clock,
        step_up=config.step_up,
        staff_second_factor=config.staff_second_factor,
    )


def build(settings: Settings, url: str) -> Container:
    """Wire everything for these settings; fails when a port has no adapter."""
    container = Container(
        keys=providers.Object(load_keys(settings)),
        analyzer=providers.Object(load_analyzer(settings)),
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
            "keys_file": None if settings.keys is not None else settings.keys_file,
            "password_min": settings.password_min,
            "staff_password_min": settings.staff_password_min,
            "staff_second_factor": settings.staff_second_factor,
            "step_up": timedelta(minutes=settings.step_up_minutes),
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

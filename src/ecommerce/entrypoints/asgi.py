"""The application as a server runs it."""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from importlib.metadata import version

import structlog
from litestar.types import ASGIApp

from ecommerce.adapters.mail.aside import aside
from ecommerce.adapters.postgres.address_keys import renew_keys_for_ever
from ecommerce.adapters.postgres.maintenance import purge_for_ever
from ecommerce.adapters.postgres.search.upkeep import index_for_ever
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.entrypoints import logs
from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints.container import Container, build, replica_in_use
from ecommerce.entrypoints.ending import CLOSING, PARTING
from ecommerce.entrypoints.http.access.services import AccessServices
from ecommerce.entrypoints.http.allowed_hosts import AllowedHosts
from ecommerce.entrypoints.http.app import create_app
from ecommerce.entrypoints.http.audit.services import AuditServices
from ecommerce.entrypoints.http.catalog.services import CatalogServices
from ecommerce.entrypoints.http.client_address import Proxies
from ecommerce.entrypoints.http.cross_origin import CrossOrigin
from ecommerce.entrypoints.http.identity.services import IdentityServices
from ecommerce.entrypoints.http.inventory.services import InventoryServices
from ecommerce.entrypoints.http.merchandising.services import MerchandisingServices
from ecommerce.entrypoints.http.perimeter import Perimeter
from ecommerce.entrypoints.http.rate_limits import RateLimits, parse_rates
from ecommerce.entrypoints.http.services import HttpSettings, Services
from ecommerce.entrypoints.mailing import answer_for_ever, relay_for_ever
from ecommerce.entrypoints.measuring import Measuring, Parts
from ecommerce.entrypoints.settings import Settings, SettingsError
from ecommerce.entrypoints.summing_up import sum_up_for_ever
from ecommerce.entrypoints.tracing import Tracer, traced, tracer_of


def services_of(container: Container, settings: Settings, measuring: Measuring) -> Services:
    """Hand the HTTP room what it needs."""
    return Services(
        settings=HttpSettings(
            secret=load_secret(container),
            version=version("ecommerce"),
            currency=settings.currency,
            require_if_match=settings.require_if_match,
            step_up_seconds=settings.step_up_minutes * 60,
            staff_password_min=max(settings.password_min, settings.staff_password_min),
            body_limit_bytes=settings.body_limit_bytes,
            receive_timeout_seconds=settings.receive_timeout_seconds,
            in_flight=settings.in_flight,
            access_log=settings.access_log,
        ),
        perimeter=Perimeter(
            proxies=Proxies.parse(settings.trusted_proxies),
            hosts=AllowedHosts.parse(settings.allowed_hosts),
            cross_origin=CrossOrigin.parse(settings.cors_origins),
        ),
        limits=RateLimits(
            parse_rates(settings.rate_limits),
            exact=container.limits.exact_pace(),
            own=container.limits.own_pace(),
            processes=settings.workers,
        ),
        authenticate=container.authenticate(),
        once=container.once(),
        readiness=container.readiness(),
        scrape=measuring.scrape,
        catalog=CatalogServices(
            catalog=container.catalog_queries(),
            past_queries=container.past_queries(),
            create_product=container.create_product(),
            change_product=container.change_product(),
            delete_product=container.delete_product(),
            write_products_in_bulk=container.write_products_in_bulk(),
            add_variant=container.add_variant(),
            change_variant=container.change_variant(),
            remove_variant=container.remove_variant(),
            create_category=container.create_category(),
            change_category=container.change_category(),
            delete_category=container.delete_category(),
        ),
        inventory=InventoryServices(
            inventory=container.inventory_queries(),
            adjust_stock=container.adjust_stock(),
        ),
        merchandising=MerchandisingServices(
            merchandising=container.merchandising_queries(),
            create_synonym_group=container.create_synonym_group(),
            replace_synonym_group=container.replace_synonym_group(),
            delete_synonym_group=container.delete_synonym_group(),
            create_pin=container.create_pin(),
            replace_pin=container.replace_pin(),
            delete_pin=container.delete_pin(),
        ),
        audit=AuditServices(audit_log=container.audit_queries()),
        identity=IdentityServices(
            accounts=container.identity_queries(),
            choose_password=container.choose_password(),
            register=container.register(),
            login=container.login(),
            refresh_session=container.refresh_session(),
            logout=container.logout(),
            change_profile=container.change_profile(),
            list_public_keys=container.list_public_keys(),
            step_up=container.step_up(),
            login_with_second_factor=container.login_with_second_factor(),
            begin_second_factor=container.begin_second_factor(),
            confirm_second_factor=container.confirm_second_factor(),
            remove_second_factor=container.remove_second_factor(),
            renew_recovery_codes=container.renew_recovery_codes(),
            belongings=container.account_queries(),
            clock=container.clock(),
            verify_email=container.verify_email(),
            resend_verification=container.resend_verification(),
            ask_password_reset=container.ask_password_reset(),
            reset_password=container.reset_password(),
            change_password=container.change_password(),
            end_session=container.end_session(),
            delete_account=container.delete_account(),
            change_user=container.change_user(),
            add_address=container.add_address(),
            replace_address=container.replace_address(),
            remove_address=container.remove_address(),
        ),
        access=AccessServices(
            access=container.access_queries(),
            create_role=container.create_role(),
            change_role=container.change_role(),
            delete_role=container.delete_role(),
            give_roles=container.give_roles(),
            create_api_key=container.create_api_key(),
            revoke_api_key=container.revoke_api_key(),
        ),
    )


def measuring_of(container: Container, settings: Settings) -> Measuring:
    """Look at the parts of this worker."""
    replicated = settings.database_replica_url is not None
    return Measuring(
        Parts(
            database=container.database(),
            replica=container.replica() if replicated else None,
            standing=container.standing() if replicated else None,
            catalog=container.catalog_queries(),
            hasher=container.password_hasher(),
        )
    )


def load_secret(container: Container) -> bytes:
    """What cursors are signed and requests are fingerprinted with."""
    return container.keys().derive("http")


def _spare_the_collector() -> None:
    """Never look again at what was made at the start and stays; look at the rest less often.

    Requests leave few cycles behind, and a full collection of all modules costs 100 ms and more.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def _close(
    container: Container, running: Sequence[asyncio.Task[None]], tracer: Tracer | None
) -> None:
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    shared = container.shared_store()
    if shared is not None:
        await shared.close()
    await container.database().close()
    await container.readiness_database().close()
    container.password_hasher().close()
    if tracer is not None:
        await aside(tracer.close)


def create() -> ASGIApp:
    """The application of one worker process: settings and database from the environment."""
    settings = settings_module.load(settings_module.environment())
    if settings.database_url is None:
        raise SettingsError("DATABASE_URL: not set; start the server with: ecommerce serve")
    access_log = logs.configure(settings)
    tracer = tracer_of(settings)
    container = build(settings, settings.database_url, None if tracer is None else tracer.statement)

    measuring = measuring_of(container, settings)

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        database, for_readiness = container.database(), container.readiness_database()
        await database.open()
        await for_readiness.open()
        _spare_the_collector()
        running = [
            asyncio.create_task(purge_for_ever(database)),
            asyncio.create_task(renew_keys_for_ever(database)),
            asyncio.create_task(index_for_ever(database, container.analyzer())),
            asyncio.create_task(container.past_queries().exchange_for_ever()),
            asyncio.create_task(container.api_key_uses().write_for_ever()),
            asyncio.create_task(container.live_keys().follow_for_ever()),
            asyncio.create_task(
                answer_for_ever(container.answer_reset_request(), container.mail_bell())
            ),
            asyncio.create_task(sum_up_for_ever(container.failed_sign_ins())),
            asyncio.create_task(measuring.look_for_ever()),
        ]
        relaying = asyncio.create_task(
            relay_for_ever(
                container.relay_mail(), container.mail_bell(), to_end=settings.shutdown_seconds
            )
        )
        PARTING.starts_with(relaying.cancel)
        if settings.cache_mb:
            listening = container.catalog_listener().listen_for_ever()
            running.append(asyncio.create_task(listening))
        with suppress(UnavailableError):
            await container.stored_catalog_queries().warm_up()
        try:
            async with AsyncExitStack() as stack:
                if settings.database_replica_url is not None:
                    await stack.enter_async_context(replica_in_use(container))
                yield
        finally:
            PARTING.begin()  # where the server has not
            await asyncio.wait([relaying])
            try:
                async with asyncio.timeout(CLOSING):
                    await _close(container, running, tracer)
            except TimeoutError:
                structlog.get_logger("end").warning("not_all_closed", seconds=CLOSING)

    services = replace(
        services_of(container, settings, measuring),
        access_log=access_log,
        observers=(measuring.requests,),
    )
    return create_app(traced(services, tracer), lifespan=(lifespan,))

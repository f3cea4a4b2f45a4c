"""What every part of the shop stands on: database, time, keys, mail."""

from dependency_injector import containers, providers

from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.postgres import migrate
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.mail import PostgresMailQueue
from ecommerce.adapters.postgres.observed_cursors import AroundStatement
from ecommerce.adapters.postgres.readiness import PostgresReadiness
from ecommerce.adapters.postgres.replica import ReadRouter
from ecommerce.adapters.postgres.replica_standing import ReplicaStanding
from ecommerce.adapters.postgres.replica_watch import ReplicaWatch
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.shared.audit import Scribe
from ecommerce.application.shared.idempotency import Once
from ecommerce.application.shared.mail import Mailer
from ecommerce.application.shared.relay_mail import RelayMail
from ecommerce.entrypoints.mailing import MailBell, log_outcome


class Foundation(containers.DeclarativeContainer):
    """Made once each, when first asked for."""

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
    mailer: providers.Dependency[Mailer] = providers.Dependency()
    mail_bell = providers.Singleton(MailBell)
    clock = providers.Singleton(SystemClock)
    ids = providers.Singleton(Uuid7Ids)
    transactions = providers.Singleton(
        PostgresTransactions,
        database,
        config.currency,
        analyzer,
        providers.Singleton(Scribe, clock, ids),
        mail_bell.provided.ring,
    )
    once = providers.Singleton(Once, transactions)
    readiness_database = providers.Singleton(
        Database,
        config.database_url,
        pool_min=1,
        pool_max=1,
        pool_timeout=0.5,
        statement_timeout_ms=500,
        lock_timeout_ms=500,
    )
    readiness = providers.Singleton(
        PostgresReadiness,
        readiness_database,
        providers.Callable(migrate.head_revision),
        known=providers.Callable(migrate.known_revisions),
    )
    slugs = providers.Singleton(PythonSlugs)
    relay_mail = providers.Singleton(
        RelayMail,
        providers.Singleton(PostgresMailQueue, database),
        mailer,
        clock,
        providers.Object(log_outcome),
    )

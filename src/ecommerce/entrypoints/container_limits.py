"""What counts requests and attempts."""

from dependency_injector import containers, providers

from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.adapters.postgres.attempts import PostgresAttempts
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.pacing import PostgresPace
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.application.identity.attempts import LimitedAttempts
from ecommerce.application.shared.shared_pacing import SharedPace


class Limits(containers.DeclarativeContainer):
    """One of each, over the shop's own database and clock."""

    by = providers.Dependency(instance_of=str)
    """``process`` or ``database``: where what has to be exact is counted."""

    database = providers.Dependency(instance_of=Database)
    clock = providers.Dependency(instance_of=SystemClock)

    own_pace = providers.Singleton(InMemoryPace)
    exact_pace = providers.Selector(
        by,
        process=own_pace,
        database=providers.Singleton(
            SharedPace, providers.Singleton(PostgresPace, database), own_pace
        ),
    )
    attempts = providers.Singleton(PostgresAttempts, database)
    limited_attempts = providers.Singleton(LimitedAttempts, attempts, clock)

"""What counts requests."""

from dependency_injector import containers, providers

from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.pacing import PostgresPace
from ecommerce.application.shared.shared_pacing import SharedPace


class Limits(containers.DeclarativeContainer):
    """One of each, over the shop's own database."""

    by = providers.Dependency(instance_of=str)
    """``process`` or ``database``: where what has to be exact is counted."""

    database = providers.Dependency(instance_of=Database)

    own_pace = providers.Singleton(InMemoryPace)
    exact_pace = providers.Selector(
        by,
        process=own_pace,
        database=providers.Singleton(
            SharedPace, providers.Singleton(PostgresPace, database), own_pace
        ),
    )

"""What the repositories of a transaction share: its connection, and what they work with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ecommerce.adapters.postgres.catalog_changes import NotingConnection
from ecommerce.application.catalog.changes import CatalogObserver
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.audit import Scribe


def nobody_listens() -> None:
    """Mail is found by whoever looks for it from time to time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What every transaction of a process works with."""

    currency: str
    analyzer: Analyzer
    scribe: Scribe
    observer: CatalogObserver
    count_change: Callable[[], None]
    mail_waits: Callable[[], None] = nobody_listens


class OnConnection:
    """Something that works on the connection of one transaction."""

    def __init__(self, connection: NotingConnection, means: Means) -> None:
        self._connection: Final = connection
        self._means: Final = means

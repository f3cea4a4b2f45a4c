"""What the repositories of an in-memory transaction share: its copy of the state."""

from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.application.shared.audit import Scribe


class OnTables:
    """Something that works on the state of one transaction."""

    def __init__(self, tables: Tables, scribe: Scribe) -> None:
        self.tables: Final = tables
        self._scribe: Final = scribe

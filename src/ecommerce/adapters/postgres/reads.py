"""What a query adapter reads from."""

from typing import Protocol

from ecommerce.adapters.postgres.database import Parameters, Row, Statement


class Reads(Protocol):
    """Runs one statement for its rows; which server answers is not the reader's to know.

    Raises ``DatabaseUnavailableError`` when no server can answer in time.
    """

    @property
    def in_transaction(self) -> bool:
        """Whether the calling task reads inside a transaction, and so what that has written."""
        ...

    async def all(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        """Run one statement for its rows."""
        ...

    async def one(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        """Run one statement for its first row."""
        ...

"""Whether the database answers, with the schema this release was written for."""

import asyncio
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.domain.shared.errors import UnavailableError

_REVISION: Final = Statement(
    sa.select(sa.column("version_num", sa.Text)).select_from(sa.table("alembic_version"))
)


class PostgresReadiness:
    """Asks the database for its schema's revision: once at a time, and once in a while, however
    many want to know.

    The database is one of its own, with a single connection. In the pool that requests share it
    would wait behind them, and a server that has much to do would be taken for one that fails.
    """

    def __init__(
        self, database: Database, revision: str, *, patience: float = 1.0, good_for: float = 1.0
    ) -> None:
        self._database: Final = database
        self._revision: Final = revision
        self._patience: Final = patience
        self._good_for: Final = good_for
        self._latest: asyncio.Task[Mapping[str, str]] | None = None
        self._answered_at = 0.0

    async def __call__(self) -> Mapping[str, str]:
        """What fails, and how; empty when ready. Answers within ``patience`` seconds, as of
        ``good_for`` seconds ago at the most.
        """
        latest = self._latest
        stale_at = self._answered_at + self._good_for
        if latest is None or (latest.done() and asyncio.get_running_loop().time() >= stale_at):
            latest = self._latest = asyncio.create_task(self._ask())
        # Whoever hangs up takes the answer away from nobody else.
        return await asyncio.shield(latest)

    async def _ask(self) -> Mapping[str, str]:
        try:
            async with asyncio.timeout(self._patience):
                found = await self._database.scalar(_REVISION)
        except (TimeoutError, UnavailableError):
            return {"database": "does not answer"}
        finally:
            self._answered_at = asyncio.get_running_loop().time()
        if found != self._revision:
            return {"schema": f"is at revision {found}; this release needs {self._revision}"}
        return {}

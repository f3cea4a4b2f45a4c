"""Whether the database answers, takes writes, and has a schema that this release may serve on."""

import asyncio
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

import psycopg
import sqlalchemy as sa
import structlog

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.read_only import IS_READ_ONLY, IS_STANDBY, fault_of
from ecommerce.domain.shared.errors import UnavailableError

_REVISION: Final = sa.select(sa.column("version_num", sa.Text)).select_from(
    sa.table("alembic_version")
)
_STANDING: Final = Statement(
    sa.select(IS_READ_ONLY, IS_STANDBY, _REVISION.scalar_subquery().label("revision"))
)
_FLOOR: Final = Statement(sa.select(t.schema_floor.c.revision))

_log: Final = structlog.get_logger("readiness")


class PostgresReadiness:
    """Asks the database for its schema's revision and whether it takes writes: once at a time, and
    once in a while, however many want to know.

    The database is one of its own, with a single connection. In the pool that requests share it
    would wait behind them, and a server that has much to do would be taken for one that fails.
    """

    def __init__(
        self,
        database: Database,
        revision: str,
        *,
        known: AbstractSet[str] = frozenset(),
        patience: float = 1.0,
        good_for: float = 1.0,
    ) -> None:
        self._database: Final = database
        self._revision: Final = revision
        self._known: Final = known
        self._newer: str | None = None
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
                return await self._faults()
        except (TimeoutError, UnavailableError):
            return {"database": "does not answer"}
        except psycopg.ProgrammingError:
            return {"schema": "is not there, or may not be read"}
        finally:
            self._answered_at = asyncio.get_running_loop().time()

    async def _faults(self) -> Mapping[str, str]:
        row = await self._database.one(_STANDING)
        read_only, standby, revision = row or (False, False, None)
        faults = {
            "database": fault_of(read_only=read_only, standby=standby),
            "schema": await self._fault_of_schema(revision),
        }
        return {part: fault for part, fault in faults.items() if fault is not None}

    async def _fault_of_schema(self, found: str | None) -> str | None:
        """A schema that a later release made is none, if its floor is a revision known here."""
        if found == self._revision:
            return None
        if (
            found is None
            or found in self._known
            or await self._database.scalar(_FLOOR) not in self._known
        ):
            return f"is at revision {found or 'none'}; this release needs {self._revision}"
        if found != self._newer:
            self._newer = found
            _log.warning("schema_newer", revision=found, release_knows=self._revision)
        return None

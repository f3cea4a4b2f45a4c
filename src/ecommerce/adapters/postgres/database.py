"""The one way to PostgreSQL: statements of SQLAlchemy Core, compiled once, run by psycopg.

Statements run prepared and with binary results on a psycopg pool in autocommit mode, or on the
connection of the transaction that the calling task is in.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeAlias

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.rows import TupleRow
from sqlalchemy.dialects.postgresql import psycopg as sa_psycopg

from ecommerce.adapters.postgres.catalog_changes import (
    NotingConnection,
    announcement,
    changes_catalog,
    new_name,
)
from ecommerce.adapters.postgres.faults import raise_fault
from ecommerce.adapters.postgres.observed_cursors import AroundStatement, cursors
from ecommerce.adapters.postgres.patience import PatientConnection
from ecommerce.adapters.postgres.pool import Pool
from ecommerce.adapters.postgres.slow_statements import SlowStatements
from ecommerce.application.catalog.changes import CatalogObserver, NobodyObserves

Row: TypeAlias = TupleRow
Parameters: TypeAlias = Mapping[str, object]
Connection: TypeAlias = NotingConnection

_GRACE: Final = 0.4
"""Seconds that PostgreSQL has to say that a statement took too long, before it counts as lost."""

_DIALECT: Final = sa_psycopg.dialect()  # type: ignore[no-untyped-call]
_OVER: Final = (psycopg.pq.TransactionStatus.IDLE, psycopg.pq.TransactionStatus.UNKNOWN)
"""No transaction is open: it ended, or the connection is lost."""


class Statement:
    """A statement in psycopg's own form, with the values SQLAlchemy bound while building it.

    ``quiet``: it writes to a table that the catalogue shows, but nothing that can be seen there.
    """

    __slots__ = ("changes_catalog", "fixed", "text")

    def __init__(self, construct: sa.ClauseElement, *, quiet: bool = False) -> None:
        compiled = construct.compile(dialect=_DIALECT)
        self.text: Final = sql.SQL(str(compiled)).as_bytes()
        self.changes_catalog: Final = not quiet and changes_catalog(str(compiled))
        self.fixed: Final[Parameters] = {
            name: value for name, value in compiled.params.items() if value is not None
        }

    def bind(self, parameters: Parameters | None) -> Parameters:
        """The values to send: those given over those fixed when the statement was built."""
        if not self.fixed:
            return parameters or {}
        return {**self.fixed, **parameters} if parameters else self.fixed


_TAKE_TIME: Final = Statement(
    sa.select(
        sa.func.set_config("statement_timeout", sa.bindparam("limit", type_=sa.Text), sa.true())
    )
)


async def fetch_all(
    connection: Connection, statement: Statement, parameters: Parameters | None = None
) -> list[Row]:
    """Run a statement and return its rows."""
    if statement.changes_catalog:
        connection.catalog_changed = True
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(statement.text, statement.bind(parameters), prepare=True)
        return await cursor.fetchall()


async def fetch_one(
    connection: Connection, statement: Statement, parameters: Parameters | None = None
) -> Row | None:
    """Run a statement and return its first row, if there is one."""
    if statement.changes_catalog:
        connection.catalog_changed = True
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(statement.text, statement.bind(parameters), prepare=True)
        return await cursor.fetchone()


async def execute(
    connection: Connection, statement: Statement, parameters: Parameters | None = None
) -> int:
    """Run a statement and return how many rows it touched."""
    if statement.changes_catalog:
        connection.catalog_changed = True
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(statement.text, statement.bind(parameters), prepare=True)
        return cursor.rowcount


async def execute_many(
    connection: Connection, statement: Statement, parameters: Sequence[Parameters]
) -> None:
    """Run a statement once for each set of values, in one round trip (pipeline mode)."""
    if parameters:
        if statement.changes_catalog:
            connection.catalog_changed = True
        async with connection.cursor(binary=True) as cursor:
            await cursor.executemany(statement.text, [statement.bind(p) for p in parameters])


async def take_time(connection: Connection, seconds: int) -> None:
    """Let the statements of this transaction take longer than a request's usually may."""
    await fetch_one(connection, _TAKE_TIME, {"limit": f"{seconds}s"})
    if isinstance(connection, PatientConnection):
        connection.patience = seconds + _GRACE


class Database:
    """A pool of connections, and the transaction that the calling task is in."""

    def __init__(
        self,
        url: str,
        *,
        pool_min: int = 2,
        pool_max: int = 10,
        pool_timeout: float = 1.5,
        statement_timeout_ms: int = 1_500,
        lock_timeout_ms: int = 1_200,
        slow_statement_ms: int = 0,
        server: str = "primary",
        observer: CatalogObserver | None = None,
        around_statement: AroundStatement | None = None,
    ) -> None:
        options = (
            f"-c timezone=UTC -c statement_timeout={statement_timeout_ms}"
            f" -c lock_timeout={lock_timeout_ms} -c idle_in_transaction_session_timeout=10000"
            " -c jit=off -c pg_trgm.similarity_threshold=0.1"
        )
        self._patience: Final = statement_timeout_ms / 1000 + _GRACE
        self._slow: Final = (
            SlowStatements(url, limit_ms=slow_statement_ms, server=server)
            if slow_statement_ms
            else None
        )
        self._changes = 0
        self.observer: Final[CatalogObserver] = observer or NobodyObserves()
        self._pool: Final = Pool(
            url,
            smallest=pool_min,
            largest=pool_max,
            patience=pool_timeout,
            options=options,
            cursor_factory=cursors(self._slow, around_statement),
        )
        self._current: Final[ContextVar[Connection | None]] = ContextVar("connection", default=None)

    async def open(self) -> None:
        """Start the pool; connections are made in the background."""
        await self._pool.open()
        if self._slow is not None:
            self._slow.start()

    async def close(self) -> None:
        """Give all connections back and end them."""
        await self._pool.close()
        if self._slow is not None:
            await self._slow.stop()

    def statistics(self) -> Mapping[str, int]:
        """The pool's own counters (psycopg_pool ``get_stats``)."""
        return self._pool.statistics()

    @property
    def changes(self) -> int:
        """How many changes of goods this process has made, or may have made."""
        return self._changes

    def count_change(self) -> None:
        """Say that a change of goods is final, or may be: replicas do not have it yet."""
        self._changes += 1

    @property
    def in_transaction(self) -> bool:
        """Whether the calling task is inside a transaction."""
        return self._current.get() is not None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """The transaction's connection, or one of the pool in autocommit mode.

        Raises ``DatabaseUnavailableError`` when the database is away, too slow, or all is busy.
        """
        current = self._current.get()
        if current is not None:
            yield current
            return
        taken = await self._take()
        try:
            yield taken
        except psycopg.Error as error:
            raise_fault(error)
        finally:
            await self._give_back(taken)

    async def _give_back(self, connection: PatientConnection) -> None:
        """Announce what was written outside a transaction, and so was final at once."""
        try:
            if connection.catalog_changed:
                connection.catalog_changed = False
                name = new_name()
                self.observer.changed_here(name)
                await connection.execute(announcement(name), prepare=False)
        except psycopg.Error as error:
            raise_fault(error)
        finally:
            await self._pool.put_back(connection)

    async def _take(self) -> PatientConnection:
        connection = await self._pool.take()
        connection.patience = self._patience
        connection.catalog_changed = connection.mail_written = False
        return connection

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        """A connection inside BEGIN, which reads and writes of this task use until the block ends.

        The block's owner commits or rolls back (``PostgresTransactions``); what is still open when
        the block ends is rolled back.
        """
        async with self.connection() as connection:
            await connection.execute("BEGIN")
            token = self._current.set(connection)
            try:
                yield connection
            finally:
                self._current.reset(token)
                connection.catalog_changed = connection.mail_written = False
                if connection.info.transaction_status not in _OVER:
                    await connection.execute("ROLLBACK")

    async def all(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        """Run one statement for its rows."""
        current = self._current.get()
        if current is not None:
            return await fetch_all(current, statement, parameters)
        # As ``connection`` does, without its generator: every read comes this way.
        taken = await self._take()
        try:
            return await fetch_all(taken, statement, parameters)
        except psycopg.Error as error:
            raise_fault(error)
        finally:
            await self._give_back(taken)

    async def one(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        """Run one statement for its first row."""
        async with self.connection() as connection:
            return await fetch_one(connection, statement, parameters)

    async def scalar(self, statement: Statement, parameters: Parameters | None = None) -> Any:  # noqa: ANN401 - a column's type is the statement's
        """Run one statement for the first column of its first row."""
        row = await self.one(statement, parameters)
        return None if row is None else row[0]

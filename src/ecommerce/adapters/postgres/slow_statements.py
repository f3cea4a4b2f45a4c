"""Statements that take long are written down, with the way PostgreSQL goes about them."""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic
from typing import Final, Self

import psycopg
import structlog
from psycopg import AsyncConnection, AsyncCursor
from psycopg.abc import Params, Query, QueryNoTemplate
from psycopg.rows import TupleRow
from typing_extensions import override

_AGAIN_AFTER: Final = 60.0
_MOST_TEXTS: Final = 1_000
_MOST_WAITING: Final = 16
_PATIENCE: Final = 5.0
_OPTIONS: Final = (
    "-c timezone=UTC -c statement_timeout=2000 -c lock_timeout=500 -c jit=off"
    # As planned without looking at values, which are not kept.
    " -c plan_cache_mode=force_generic_plan"
)
_CLOSING: Final = "not made: the shop was closing"
_PLACEHOLDER: Final = re.compile(r"%(?:%|\(([^)]+)\)[sbt])")


class SlowStatements:
    """Notes what took longer than a limit, once a minute for each text, and logs it with its plan.

    Values never get here: a statement is logged with its placeholders and planned without values.
    Plans are made in the background, one at a time, each on a connection of its own.
    """

    def __init__(self, url: str, *, limit_ms: int, server: str) -> None:
        self._url: Final = url
        self._limit: Final = limit_ms / 1_000
        self._server: Final = server
        self._noted: Final[dict[str, float]] = {}
        self._waiting: Final[asyncio.Queue[tuple[str, float]]] = asyncio.Queue(_MOST_WAITING)
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to log what is noted."""
        self._work = asyncio.create_task(self._for_ever())

    async def stop(self) -> None:
        """End; what still waits for its plan is logged without."""
        if self._work is not None:
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work
            self._work = None
        while not self._waiting.empty():
            self._log(*self._waiting.get_nowait(), _CLOSING)

    def cursor_class(self) -> type[AsyncCursor[TupleRow]]:
        """Make the class of cursors whose statements are timed: two looks at the clock each."""
        limit, note = self._limit, self._note

        class TimedCursor(AsyncCursor[TupleRow]):
            @override
            async def execute(  # type: ignore[override]  # the other form is Python 3.14's
                self,
                query: QueryNoTemplate,
                params: Params | None = None,
                *,
                prepare: bool | None = None,
                binary: bool | None = None,
            ) -> Self:
                begun = monotonic()
                try:
                    return await super().execute(query, params, prepare=prepare, binary=binary)
                finally:
                    # One that failed too: what ran into its time limit is the slowest of all.
                    took = monotonic() - begun
                    if took > limit:
                        note(query, took)

            @override
            async def executemany(
                self, query: Query, params_seq: Iterable[Params], *, returning: bool = False
            ) -> None:
                begun = monotonic()
                try:
                    await super().executemany(query, params_seq, returning=returning)
                finally:
                    took = monotonic() - begun
                    if took > limit:
                        note(query, took)

        return TimedCursor

    def _note(self, query: Query, seconds: float) -> None:
        if isinstance(query, bytes):
            text = query.decode()
        elif isinstance(query, str):
            text = query
        else:
            return  # put together by psycopg.sql, it may hold values
        now = monotonic()
        if now - self._noted.get(text, -_AGAIN_AFTER) < _AGAIN_AFTER:
            return
        if len(self._noted) >= _MOST_TEXTS:
            self._noted.clear()
        self._noted[text] = now
        try:
            self._waiting.put_nowait((text, seconds))
        except asyncio.QueueFull:
            self._log(text, seconds, "not made: too many were waiting")

    async def _for_ever(self) -> None:
        while True:
            text, seconds = await self._waiting.get()
            plan = _CLOSING
            try:
                plan = await plan_of(self._url, text)
            finally:
                self._log(text, seconds, plan)

    def _log(self, text: str, seconds: float, plan: str) -> None:
        structlog.get_logger("slow_statements").warning(
            "slow_statement",
            server=self._server,
            ms=round(seconds * 1_000, 1),
            statement=text,
            plan=plan,
        )


async def plan_of(url: str, text: str) -> str:
    """Say how PostgreSQL would run a statement whatever its values; why not, where it cannot.

    It is prepared and explained, never run. (PostgreSQL 15 has no EXPLAIN (GENERIC_PLAN).)
    """
    statement, values = numbered(text)
    nulls = f"({', '.join(['NULL'] * values)})" if values else ""
    try:
        async with asyncio.timeout(_PATIENCE):
            connection = await AsyncConnection.connect(
                url,
                autocommit=True,
                application_name="ecommerce plans",
                connect_timeout=2,
                options=_OPTIONS,
            )
            async with connection:
                await connection.execute(f"PREPARE slow AS {statement}".encode())
                explained = await connection.execute(f"EXPLAIN EXECUTE slow{nulls}".encode())
                return "\n".join(row[0] for row in await explained.fetchall())
    except (psycopg.Error, OSError, TimeoutError) as error:
        return f"not to be had: {type(error).__name__}"


def numbered(text: str) -> tuple[str, int]:
    """A statement with PostgreSQL's own placeholders ($1, $2), and how many values it takes."""
    places: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        if found[1] is None:
            return "%"
        return f"${places.setdefault(found[1], len(places) + 1)}"

    return _PLACEHOLDER.sub(place, text), len(places)

"""Cursors whose statements somebody watches, such as a tracer."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Self, TypeAlias

from psycopg import AsyncCursor
from psycopg.abc import Params, Query, QueryNoTemplate
from psycopg.rows import TupleRow
from typing_extensions import override

from ecommerce.adapters.postgres.slow_statements import SlowStatements

AroundStatement: TypeAlias = Callable[[str], AbstractContextManager[None]]
"""Entered for each statement, with its text: placeholders and no values."""

_COMPOSED = "…"
"""What was put together by psycopg.sql may hold values, and is not shown."""


def cursors(
    slow: SlowStatements | None, around: AroundStatement | None
) -> type[AsyncCursor[TupleRow]] | None:
    """The class of cursors: psycopg's own unless somebody looks at statements."""
    timed = None if slow is None else slow.cursor_class()
    return timed if around is None else observed(timed or AsyncCursor, around)


def observed(
    base: type[AsyncCursor[TupleRow]], around: AroundStatement
) -> type[AsyncCursor[TupleRow]]:
    """A class of cursors like ``base``, which let ``around`` see every statement."""

    class ObservedCursor(base):  # type: ignore[valid-type,misc]  # a class that is a value
        @override
        async def execute(
            self,
            query: QueryNoTemplate,
            params: Params | None = None,
            *,
            prepare: bool | None = None,
            binary: bool | None = None,
        ) -> Self:
            with around(_text_of(query)):
                await super().execute(query, params, prepare=prepare, binary=binary)
            return self

        @override
        async def executemany(
            self, query: Query, params_seq: Iterable[Params], *, returning: bool = False
        ) -> None:
            with around(_text_of(query)):
                await super().executemany(query, params_seq, returning=returning)

    return ObservedCursor


def _text_of(query: object) -> str:
    if isinstance(query, bytes):
        return query.decode()
    return query if isinstance(query, str) else _COMPOSED

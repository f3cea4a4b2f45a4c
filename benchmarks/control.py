"""The bare controls: the same server, statement and encoder with nothing of ours between.

``/statement/{case}`` runs the very statement that the shop runs for that case, prepared, through a
psycopg pool, and encodes its rows with msgspec. ``/bytes/{case}`` gives constant bytes of the size
of the shop's answer; ``within`` gives them through all of the shop but its database.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Response, get
from litestar.types import ASGIApp
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool
from typing_extensions import override

from benchmarks.cases import Case, cases_of
from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database, Parameters, Row, Statement
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.entrypoints.asgi import measuring_of, services_of
from ecommerce.entrypoints.container import build
from ecommerce.entrypoints.http.answers import Answer
from ecommerce.entrypoints.http.app import ROUTES, create_app
from ecommerce.entrypoints.http.operation import PUBLIC_OPTIONAL, PathParameter, operation
from ecommerce.entrypoints.http.request import PathText
from ecommerce.entrypoints.keys import make_keys
from ecommerce.entrypoints.settings import Settings

encoder = msgspec.json.Encoder()


class _Recorded(Exception):  # noqa: N818 - not an error: it ends a query that was only listened to
    pass


class RecordingDatabase(Database):
    """Notes the statement that a query port would run, and runs nothing."""

    def __init__(self) -> None:
        super().__init__("")
        self.text: bytes = b""
        self.values: Parameters = {}

    def _note(self, statement: Statement, parameters: Parameters | None) -> None:
        self.text, self.values = statement.text, statement.bind(parameters)
        raise _Recorded

    @override
    async def all(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        self._note(statement, parameters)
        return []

    @override
    async def one(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        self._note(statement, parameters)
        return None


async def recorded(case: Case) -> tuple[bytes, Parameters]:
    """The statement and values of a case."""
    database = RecordingDatabase()
    try:
        await case.ask(
            PostgresCatalogQueries(
                database, "USD", SnowballAnalyzer("english"), InMemoryPastQueries()
            )
        )
    except _Recorded:
        return database.text, database.values
    raise RuntimeError(f"{case.name} asked the database nothing.")


def create() -> Litestar:
    """The control application: cases from BENCHMARK_CASES (JSON), database from DATABASE_URL."""
    cases = cases_of(os.environ["BENCHMARK_CASES"].encode())
    sizes = msgspec.json.decode(os.environ["BENCHMARK_SIZES"], type=dict[str, int])
    constant = {name: b'"' + b"x" * (size - 2) + b'"' for name, size in sizes.items()}
    statements: dict[str, tuple[bytes, Parameters]] = {}
    pool: AsyncConnectionPool[AsyncConnection[TupleRow]] = AsyncConnectionPool(
        os.environ["DATABASE_URL"],
        kwargs={"autocommit": True, "options": "-c timezone=UTC"},
        min_size=2,
        max_size=10,
        open=False,
    )

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        for case in cases:
            statements[case.name] = await recorded(case)
        async with pool:
            yield

    @get("/statement/{case:str}", media_type=MediaType.JSON)
    async def statement(case: str) -> Response[bytes]:
        text, values = statements[case]
        async with pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(text, values, prepare=True)
            rows: list[Any] = await cursor.fetchall()
        return Response(encoder.encode(rows), media_type=MediaType.JSON)

    @get("/bytes/{case:str}", media_type=MediaType.JSON)
    async def constant_bytes(case: str) -> Response[bytes]:
        return Response(constant[case], media_type=MediaType.JSON)

    return Litestar([statement, constant_bytes], lifespan=[lifespan], openapi_config=None)


def within() -> ASGIApp:
    """The shop's own application with one more route, which gives constant bytes."""
    sizes = msgspec.json.decode(os.environ["BENCHMARK_SIZES"], type=dict[str, int])
    constant = {
        name: Answer(
            200,
            ((b"content-type", b"application/json"), (b"cache-control", b"no-cache")),
            b'"' + b"x" * (size - 2) + b'"',
        )
        for name, size in sizes.items()
    }

    @get(
        "/bytes/{case:str}",
        **operation(
            "getBytes",
            "Constant bytes",
            tag="Benchmark",
            access=PUBLIC_OPTIONAL,
            path={"case": PathParameter(description="Whose size.", example="page")},
        ),
    )
    async def constant_bytes(case: PathText) -> Answer:
        return constant[case]

    settings = Settings(
        database_url=os.environ["DATABASE_URL"], access_log=False, rate_limits="off"
    )
    make_keys(settings)
    container = build(settings, os.environ["DATABASE_URL"])
    return create_app(
        services_of(container, settings, measuring_of(container, settings)),
        routes=(*ROUTES, constant_bytes),
    )

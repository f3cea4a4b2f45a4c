"""What all tests share: a PostgreSQL server for the session, a clean database for each test."""

import gc
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import psycopg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from tests.support import postgres
from tests.support.clean import clean
from tests.support.clocks import SCRIBE

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.text.analyzer import SnowballAnalyzer

CURRENCY: Final = "USD"
ANALYZER: Final = SnowballAnalyzer("english")

_TESTS: Final = Path(__file__).parent
_COMPUTING: Final = ("integration", "contract", "http")

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

_SERVER_OF_THE_SESSION: Final = pytest.StashKey[ExitStack]()
_SERVER_URL: Final = pytest.StashKey[str]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Start one server for all workers (pytest-xdist), in the process that outlives them."""
    config: pytest.Config = node.config  # type: ignore[attr-defined]
    if _SERVER_URL not in config.stash:
        stack = config.stash.setdefault(_SERVER_OF_THE_SESSION, ExitStack())
        config.stash[_SERVER_URL] = stack.enter_context(postgres.server())
    node.workerinput["postgres_server"] = config.stash[_SERVER_URL]  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that was started for the workers."""
    if _SERVER_OF_THE_SESSION in config.stash:
        config.stash[_SERVER_OF_THE_SESSION].close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests that compute between those of whole servers, which wait a lot, and short ones last,
    so that no worker waits for the others.
    """
    modules: dict[Path, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    levels = {module: module.relative_to(_TESTS).parts[0] for module in modules}
    waiting = [module for module in modules if levels[module] == "e2e"]
    computing = [m for level in _COMPUTING for m in modules if levels[m] == level]
    between = len(computing) // len(waiting) if waiting else 0
    ordered: list[Path] = []
    for number, module in enumerate(waiting):
        ordered += [module, *computing[number * between : (number + 1) * between]]
    ordered += [module for module in (*computing, *modules) if module not in ordered]
    items[:] = [item for module in dict.fromkeys(ordered) for item in modules[module]]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector leave alone what is imported and collected: it lasts."""
    gc.disable()
    try:
        collected = yield
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()
    return collected


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an administrator's database on a server that lasts for the session."""
    shared = getattr(request.config, "workerinput", {}).get("postgres_server")
    if shared is not None:
        yield shared
    else:
        with postgres.server() as url:
            yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of this worker's migrated, empty database."""
    name = f"ecommerce_test_{testrun_uid[:12]}_{worker_id}"
    with postgres.database(postgres_server, name) as url:
        yield url


@pytest.fixture
def clean_database(postgres_url: str) -> Iterator[str]:
    """The URL of the worker's database, which is empty again afterwards."""
    yield postgres_url
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        clean(connection)


@pytest_asyncio.fixture(scope="module")
async def open_database(postgres_url: str) -> AsyncIterator[Database]:
    """An open ``Database`` for the tests of a module; who writes asks for ``database``.

    It ends with them, and so do its connections: the server has not enough for all that were ever
    needed at once.
    """
    database = Database(
        postgres_url,
        pool_min=1,
        pool_max=20,
        pool_timeout=30.0,
        statement_timeout_ms=30_000,
        lock_timeout_ms=20_000,
    )
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def database(open_database: Database, clean_database: str) -> Database:
    """The module's open database, empty again after the test."""
    return open_database


@pytest.fixture
def transactions(database: Database) -> PostgresTransactions:
    """Transactions on PostgreSQL, in the currency ``CURRENCY``."""
    return PostgresTransactions(database, CURRENCY, ANALYZER, SCRIBE)

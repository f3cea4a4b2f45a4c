"""Several processes count together what each is asked."""

import asyncio
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psycopg

from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.adapters.postgres import maintenance
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.pacing import PostgresPace
from ecommerce.application.shared.pacing import Rate
from ecommerce.application.shared.shared_pacing import SharedPace

RATE = Rate(25, 3_600)
PROCESSES, EACH = 4, 50


def _take(url: str, directory: str) -> int:
    """What a worker process does: take as often as it can, at the same time as the others."""

    async def run() -> int:
        database = Database(url, pool_min=1, pool_max=4, pool_timeout=30)
        await database.open()
        try:
            pace = SharedPace(PostgresPace(database), InMemoryPace())
            standings = await asyncio.gather(*(pace.take("hot", RATE) for _ in range(EACH)))
            return sum(standing.allowed for standing in standings)
        finally:
            await database.close()

    here = Path(directory)
    (here / f"{multiprocessing.current_process().pid}").touch()
    while len(list(here.iterdir())) < PROCESSES:
        time.sleep(0.005)
    return asyncio.run(run())


def test_processes_that_ask_at_once_share_one_budget(clean_database: str, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        asking = [pool.submit(_take, clean_database, str(tmp_path)) for _ in range(PROCESSES)]
        granted = [each.result(60) for each in asking]
    assert sum(granted) == RATE.quota, granted
    with psycopg.connect(clean_database) as connection:
        assert connection.execute("SELECT count(*) FROM pace WHERE key = 'hot'").fetchone() == (1,)


async def test_counting_is_one_statement_that_nobody_waits_for_to_reach_the_disk(
    database: Database, clean_database: str
) -> None:
    with psycopg.connect(clean_database) as connection:
        kind = connection.execute(
            "SELECT relpersistence FROM pg_class WHERE oid = 'pace'::regclass"
        )
        assert kind.fetchone() == ("u",)
        others = connection.execute(
            "SELECT count(*) FROM pg_index WHERE indrelid = 'pace'::regclass AND NOT indisprimary"
        )
        assert others.fetchone() == (0,), "an index on what changes would end updates in place"
    pace = PostgresPace(database)
    await pace.take("a", RATE)
    before = database.statistics()["requests_num"]
    await pace.take("a", RATE)
    assert database.statistics()["requests_num"] == before + 1


async def test_the_purge_takes_who_has_earned_everything_again(database: Database) -> None:
    pace = PostgresPace(database)
    for number in range(5):
        await PostgresPace(database, now=lambda: 1.0).take(f"long ago {number}", RATE)
    await pace.take("now", RATE)
    assert await maintenance.purge(database) == 5
    assert await maintenance.purge(database) == 0

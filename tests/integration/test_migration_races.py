"""Two that prepare the same database at once."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from tests.support.shop import command

from ecommerce.adapters.postgres import migrate
from ecommerce.entrypoints import start
from ecommerce.entrypoints.settings import SettingsError

TURN = "waiting for another migration of this database to end"


def test_two_migrate_jobs_at_once_both_end_well(empty_url: str, tmp_path: Path) -> None:
    def job(_: int) -> subprocess.CompletedProcess[str]:
        return command("migrate", data_dir=tmp_path, extra={"DATABASE_URL": empty_url})

    with ThreadPoolExecutor(3) as both:
        ended = list(both.map(job, range(3)))
    assert [job.returncode for job in ended] == [0] * 3
    assert {job.stderr for job in ended} <= {"", f"{TURN}\n"}
    assert migrate.schema_state(empty_url).up_to_date
    with psycopg.connect(empty_url) as connection:
        invalid = connection.execute(
            "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"
        )
        assert invalid.fetchall() == []


def test_who_waits_for_another_job_holds_nothing_that_it_waits_for(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0008")
    said: list[str] = []
    with (
        psycopg.connect(empty_url, autocommit=True) as other,
        ThreadPoolExecutor(1) as waiting,
    ):
        other.execute("SELECT pg_advisory_lock(7021977)")
        job = waiting.submit(migrate.upgrade, empty_url, say=said.append)
        time.sleep(0.5)
        assert not job.done()
        assert said == [TURN]
        other.execute("CREATE INDEX CONCURRENTLY of_the_other ON product (name)")
        assert migrate.schema_state(empty_url).current == "0008"
        other.execute("SELECT pg_advisory_unlock(7021977)")
        job.result(30)
    assert migrate.schema_state(empty_url).up_to_date


def test_of_two_first_starts_one_says_the_currency(
    clean_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(clean_database) as first:
        first.execute("INSERT INTO shop (id, currency) VALUES (1, 'USD')")
        with ThreadPoolExecutor(2) as others:
            same = others.submit(start.require_currency, clean_database, "USD")
            another = others.submit(start.require_currency, clean_database, "EUR")
            time.sleep(0.5)
            assert not same.done()
            assert not another.done()
            first.commit()
            same.result(10)
            with pytest.raises(SettingsError, match="prices are in USD, and EUR was set"):
                another.result(10)

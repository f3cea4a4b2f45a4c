"""Instances are replaced one by one, and go back, while others serve."""

import json
import signal
import time
from pathlib import Path

from tests.support import ask, postgres
from tests.support.least_role import grant, least_role, url_as
from tests.support.shop import RunningShop, command, running_shop
from tests.support.tomorrow import REVISION, migrate_to_tomorrow

_PATIENCE_SECONDS = 20


def newer_schemas(shop: RunningShop) -> list[str]:
    lines = [json.loads(line) for line in shop.log.read_text().splitlines() if line[:1] == "{"]
    return [str(line["revision"]) for line in lines if line["event"] == "schema_newer"]


def status_once_it_is_noticed(shop: RunningShop) -> int:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        status = ask.get(f"{shop.url}/health/ready").status_code
        if status != 200 or newer_schemas(shop):
            return status
        assert time.monotonic() < until, shop.log.read_text()
        time.sleep(0.1)


def test_old_instances_go_on_and_come_back_on_the_schema_of_a_later_release(
    tmp_path: Path, postgres_server: str
) -> None:
    with postgres.database(postgres_server, "ecommerce_rolling_shop") as url:
        extra = {"DATABASE_URL": url, "ECOMMERCE_DEMO": "0", "ECOMMERCE_LOG_FORMAT": "json"}
        with running_shop(tmp_path, extra) as shop:
            migrate_to_tomorrow(url, tmp_path)
            assert status_once_it_is_noticed(shop) == 200
            assert newer_schemas(shop) == [REVISION]
            assert shop.stop(signal.SIGTERM) == 0
        with running_shop(tmp_path, extra) as shop:
            assert REVISION in newer_schemas(shop)
            assert ask.get(f"{shop.url}/v1/products").status_code == 200
        for words in (("migrate",), ("migrate", "--check"), ("doctor",)):
            ended = command(*words, data_dir=tmp_path, extra={**extra, "COLUMNS": "400"})
            assert ended.returncode == 0, ended.stdout + ended.stderr
            assert "newer than this release's" in ended.stdout


def test_below_the_floor_of_a_later_release_nothing_starts(
    tmp_path: Path, postgres_server: str
) -> None:
    with postgres.database(postgres_server, "ecommerce_rolling_shop") as url:
        migrate_to_tomorrow(url, tmp_path, floor=REVISION)
        for words in (("serve",), ("migrate", "--check"), ("export", "products.csv")):
            ended = command(*words, data_dir=tmp_path, extra={"DATABASE_URL": url})
            assert ended.returncode == 2, ended.stdout
            line, *more = ended.stderr.splitlines()
            assert f"schema revision {REVISION}, which is newer" in line
            assert more == []


def test_a_role_that_lacks_a_table_is_told_which_and_serves_nobody(
    tmp_path: Path, postgres_server: str
) -> None:
    with (
        postgres.database(postgres_server, "ecommerce_rights_shop") as url,
        least_role(url) as role,
    ):
        grant(url, role)
        grant(url, role, [f"REVOKE INSERT, UPDATE ON pace FROM {role}"])
        extra = {"DATABASE_URL": url_as(url, role), "COLUMNS": "400"}
        served = command("serve", data_dir=tmp_path, extra=extra)
        seen = command("doctor", data_dir=tmp_path, extra=extra)

    for ended, code, said in ((served, 2, served.stderr), (seen, 1, seen.stdout)):
        assert ended.returncode == code, said
        assert f"the role {role} lacks INSERT, UPDATE on pace" in said
        assert f"GRANT INSERT, UPDATE ON pace TO {role}" in said

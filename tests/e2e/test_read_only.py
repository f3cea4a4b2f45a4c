"""A shop whose primary stops taking writes."""

import time
from pathlib import Path

import psycopg
from tests.support import ask, postgres
from tests.support.shop import ADMIN_EMAIL, ADMIN_PASSWORD, command, running_shop

NAME = "ecommerce_read_only_shop"


def test_a_read_only_primary_is_named_wherever_one_looks(
    tmp_path: Path, postgres_server: str
) -> None:
    with postgres.database(postgres_server, NAME) as url:
        extra = {"DATABASE_URL": url, "ECOMMERCE_DEMO": "0", "COLUMNS": "400"}
        with running_shop(tmp_path, extra) as shop:
            with psycopg.connect(postgres_server, autocommit=True) as connection:
                connection.execute(f"ALTER DATABASE {NAME} SET default_transaction_read_only = on")
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [NAME],
                )
            person = {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
            ready = ask.get(f"{shop.url}/health/ready", timeout=10)
            until = time.monotonic() + 20
            while ready.status_code == 200 and time.monotonic() < until:
                time.sleep(0.2)  # an answer is good for a second
                ready = ask.get(f"{shop.url}/health/ready", timeout=10)
            refused = ask.post(f"{shop.url}/v1/auth/login", json=person, timeout=10)
            alive = ask.get(f"{shop.url}/health/live", timeout=10)
            log = shop.log.read_text()
        seen = command("doctor", data_dir=tmp_path, extra=extra)

    assert refused.status_code == 503
    assert "read-only" in refused.json()["detail"]
    assert "database_read_only" in log
    assert ready.status_code == 503
    assert ready.json()["errors"] == [
        {
            "pointer": "/database",
            "detail": "is read-only: default_transaction_read_only is on",
        }
    ]
    assert alive.status_code == 200
    assert seen.returncode == 1
    assert "is read-only: default_transaction_read_only is on" in seen.stdout

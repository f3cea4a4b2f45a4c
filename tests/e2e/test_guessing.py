"""Guessing at a real server: what the audit log holds of it once the server has stopped."""

import signal
from pathlib import Path

import httpx
import psycopg
from tests.support import postgres
from tests.support.shop import running_shop

from ecommerce.application.identity.failed_sign_ins import EACH

MORE = 4


def test_many_failed_sign_ins_end_as_one_record(
    postgres_server: str, testrun_uid: str, worker_id: str, tmp_path: Path
) -> None:
    name = f"ecommerce_guessing_{testrun_uid[:8]}_{worker_id}"
    settings = {"ECOMMERCE_DEMO": "0", "TRUSTED_PROXIES": "127.0.0.1"}
    with postgres.database(postgres_server, name) as url:
        with running_shop(tmp_path, {**settings, "DATABASE_URL": url}) as shop:
            for number in range(EACH + MORE):
                answer = httpx.post(
                    f"{shop.url}/v1/auth/login",
                    json={"email": f"{number}@example.com", "password": "a wrong guess"},
                    headers={"X-Forwarded-For": f"198.51.100.{number}"},
                    timeout=20,
                )
                assert answer.status_code == 401, answer.text
            assert shop.stop(signal.SIGTERM) == 0
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT action, principal_kind, after ->> 'count', client FROM audit_record"
                " WHERE action LIKE 'sign_in%' ORDER BY id"
            ).fetchall()
    *each, more = found
    assert [(row[0], row[1]) for row in each] == [("sign_in.failed", "anonymous")] * EACH
    assert more == ("sign_in.more_failed", "system", str(MORE), None)

"""``create-admin`` for an admin who lost authenticator and recovery codes."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from tests.conftest import CURRENCY
from typer.testing import CliRunner

from ecommerce.entrypoints.cli import app

ADA = "ada@example.com"
PASSWORD = "a long enough passphrase 1"


@pytest.fixture
def admin(clean_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the database of a shop that has one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", clean_database)
    monkeypatch.setenv("ECOMMERCE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ECOMMERCE_CURRENCY", CURRENCY)
    assert "is an admin" in run()
    return clean_database


def run(*options: str) -> str:
    said = CliRunner().invoke(
        app, ["create-admin", "--email", ADA, "--password", PASSWORD, *options]
    )
    assert said.exit_code == 0, said.output
    return said.output


def test_it_removes_a_second_factor_where_it_is_told_to(admin: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO second_factor (user_id, sealed_secret, created_at, confirmed_at,"
            " last_step, recovery_hashes, failures)"
            " SELECT id, '', %(now)s, %(now)s, 1, '{}', 0 FROM user_account",
            {"now": datetime.now(UTC)},
        )
        assert "second factor" not in run()
        assert connection.execute("SELECT count(*) FROM second_factor").fetchone() == (1,)
        assert "the account's second factor was removed" in run("--remove-second-factor")
        assert connection.execute("SELECT count(*) FROM second_factor").fetchone() == (0,)
        assert connection.execute(
            "SELECT action, principal_kind FROM audit_record ORDER BY id DESC LIMIT 1"
        ).fetchall() == [("second_factor.removed", "system")]
        assert connection.execute("SELECT kind, recipient FROM mail_outbox").fetchall() == [
            ("second_factor_removed", ADA)
        ]
        assert "the account had no second factor" in run("--remove-second-factor")

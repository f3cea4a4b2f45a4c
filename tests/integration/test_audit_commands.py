"""What commands write into the audit log."""

from pathlib import Path

import psycopg
import pytest
from tests.conftest import ANALYZER, CURRENCY
from typer.testing import CliRunner

from ecommerce.adapters.postgres.audit_purge import purge_audit
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.entrypoints import catalog_files
from ecommerce.entrypoints.cli import app

HEADER = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\n"


def records(url: str) -> list[tuple[str, str, dict[str, object]]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT action, principal_kind, after FROM audit_record ORDER BY id"
        ).fetchall()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "goods.csv"
    rows = "".join(f"mug-{n},Mug {n},SKU-{n},{n}.00,1\n" for n in range(1, 51))
    made.write_text(HEADER + rows + "bad,,,,\n")
    return made


async def test_an_import_is_one_record(clean_database: str, file: Path) -> None:
    await catalog_files.take_in_products(clean_database, CURRENCY, ANALYZER, file, dry_run=True)
    assert records(clean_database) == []

    await catalog_files.take_in_products(clean_database, CURRENCY, ANALYZER, file, dry_run=False)
    ((action, kind, after),) = records(clean_database)
    assert (action, kind) == ("products.imported", "system")
    assert after == {
        "source": "goods.csv",
        "complete": True,
        "rows": 51,
        "created": 50,
        "updated": 0,
        "unchanged": 0,
        "failed": 1,
        "categories_created": 0,
    }


async def test_an_import_that_breaks_off_is_written_down_as_far_as_it_came(
    clean_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "many.csv"
    file.write_text(HEADER + "".join(f"m-{n},M {n},S-{n},1.00,1\n" for n in range(6_000)))
    seen = 0

    def breaks_off(*_: object, **__: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("rich.progress.Progress.update", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        await catalog_files.take_in_products(
            clean_database, CURRENCY, ANALYZER, file, dry_run=False
        )
    ((action, _, after),) = records(clean_database)
    assert action == "products.imported"
    assert after["complete"] is False
    assert after["created"] == after["rows"]
    assert 0 < after["rows"] < 6_000  # type: ignore[operator]  # it is a number


async def test_an_import_of_categories_is_one_record(clean_database: str, tmp_path: Path) -> None:
    file = tmp_path / "tree.txt"
    file.write_text("Home > Kitchen\nHome > Garden\n")
    await catalog_files.take_in_categories(clean_database, CURRENCY, ANALYZER, file, dry_run=False)
    assert records(clean_database) == [
        ("categories.imported", "system", {"source": "tree.txt", "paths": 2, "created": 3})
    ]


@pytest.fixture
def settings(clean_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", clean_database)
    monkeypatch.setenv("ECOMMERCE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ECOMMERCE_CURRENCY", CURRENCY)
    KeyRing.load_or_create(tmp_path / "data" / "keys.json")
    return tmp_path


def test_a_rotation_of_keys_is_written_down(clean_database: str, settings: Path) -> None:
    said = CliRunner().invoke(app, ["keys", "rotate"])
    assert said.exit_code == 0, said.output
    ((action, kind, _),) = records(clean_database)
    assert (action, kind) == ("signing_key.rotated", "system")
    with psycopg.connect(clean_database) as connection:
        ((kid, whole),) = connection.execute(
            "SELECT subject_id, audit_record::text FROM audit_record"
        ).fetchall()
    assert kid in said.output
    secret = (settings / "data" / "keys.json").read_text()
    assert not any(word in whole for word in secret.split('"') if len(word) > 30 and word != kid)


def test_keys_rotate_while_the_database_is_away(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    said = CliRunner().invoke(app, ["keys", "rotate"])
    assert said.exit_code == 0, said.output
    assert "signs in" in said.output
    assert "not in the audit log" in said.output


def test_a_purge_is_written_down(clean_database: str, settings: Path) -> None:
    with psycopg.connect(clean_database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO audit_record (id, at, principal_kind, action, subject_type)"
            " SELECT (lpad(to_hex(1000 * n), 12, '0') || repeat('0', 20))::uuid,"
            "   to_timestamp(n), 'user', 'old', 'mug' FROM generate_series(1, 3) n"
        )
    said = CliRunner().invoke(app, ["audit", "purge", "--keep-days", "400"])
    assert said.exit_code == 0, said.output
    assert "3 records" in said.output
    assert records(clean_database) == [("audit.purged", "system", {"keep_days": 400, "records": 3})]
    assert CliRunner().invoke(app, ["audit", "purge", "--keep-days", "29"]).exit_code == 2
    assert CliRunner().invoke(app, ["audit", "purge"]).exit_code == 2


def test_a_purge_goes_on_until_nothing_old_is_left(
    clean_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    monkeypatch.setattr("ecommerce.adapters.postgres.audit_purge._BATCH", 2)
    with psycopg.connect(clean_database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO audit_record (id, at, principal_kind, action, subject_type)"
            " SELECT (lpad(to_hex(1000 * n), 12, '0') || repeat('0', 20))::uuid,"
            "   to_timestamp(n), 'user', 'old', 'mug' FROM generate_series(1, 5) n"
        )
    assert purge_audit(clean_database, timedelta(days=365)) == 5
    assert records(clean_database) == []

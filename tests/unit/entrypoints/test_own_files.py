"""What the shop writes beside its database is for its user alone; and where settings come from."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecommerce.entrypoints import first_admin, start
from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints.keys import make_keys
from ecommerce.entrypoints.settings import Settings


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def _usual_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_new_data_directory_is_for_its_user_alone(tmp_path: Path) -> None:
    prepared, keyed = tmp_path / "a" / "prepared", tmp_path / "a" / "keyed"
    start.prepare_data_dir(Settings(data_dir=prepared))
    make_keys(Settings(data_dir=keyed))
    assert (mode(prepared), mode(keyed)) == (0o700, 0o700)
    assert mode(keyed / "keys.json") == 0o600


def test_a_data_directory_that_is_there_stays_as_its_owner_wants_it(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o750)
    start.prepare_data_dir(Settings(data_dir=there))
    assert mode(there) == 0o750


def test_a_generated_password_is_read_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_admin, "appoint", lambda *_: None)
    kept = tmp_path / "admin-password"
    kept.write_text("of old")
    kept.chmod(0o666)
    told = first_admin._made(Settings(data_dir=tmp_path), "")
    assert mode(kept) == 0o600
    assert kept.read_text().strip() in told


def test_where_a_setting_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(
        "ECOMMERCE_ISSUER=file\nECOMMERCE_CURRENCY=EUR\nECOMMERCE_DEMO=1\n"
    )
    monkeypatch.delenv("ECOMMERCE_PORT", raising=False)
    monkeypatch.setenv("ECOMMERCE_CURRENCY", "USD")
    monkeypatch.setenv("ECOMMERCE_DEMO", " ")
    source = settings_module.environment(tmp_path)
    origins = {
        name: settings_module.origin(name, source)
        for name in ("ECOMMERCE_ISSUER", "ECOMMERCE_CURRENCY", "ECOMMERCE_DEMO", "ECOMMERCE_PORT")
    }
    assert origins == {
        "ECOMMERCE_ISSUER": ".env",
        "ECOMMERCE_CURRENCY": "environment",
        "ECOMMERCE_DEMO": "default",
        "ECOMMERCE_PORT": "default",
    }

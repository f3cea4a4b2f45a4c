"""Who makes the shop's keys, and who only reads them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.entrypoints.cli import app
from ecommerce.entrypoints.container import build
from ecommerce.entrypoints.keys import load_keys, make_keys
from ecommerce.entrypoints.settings import Settings, SettingsError


def test_keys_are_made_once_and_read_ever_after(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    make_keys(settings)
    made = load_keys(settings)
    make_keys(settings)
    assert load_keys(settings).to_json() == made.to_json()


def test_nobody_makes_keys_by_reading_them(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(SettingsError, match=r"^ECOMMERCE_DATA_DIR: no keys at .*keys\.json; "):
        load_keys(settings)
    container = build(settings, "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(SettingsError, match="no keys"):
        container.live_keys()
    assert list(tmp_path.iterdir()) == []


def test_given_keys_need_no_file(tmp_path: Path) -> None:
    make_keys(Settings(data_dir=tmp_path))
    text = (tmp_path / "keys.json").read_text()
    settings = Settings(data_dir=tmp_path / "none", keys=text)
    make_keys(settings)
    assert load_keys(settings).to_json() == KeyRing.from_json(text).to_json()
    assert not (tmp_path / "none").exists()
    with pytest.raises(SettingsError, match=r"^ECOMMERCE_KEYS: "):
        load_keys(Settings(data_dir=tmp_path, keys="{bad"))


def test_a_ring_on_a_disk_that_cannot_be_written_to_is_enough(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    make_keys(settings)
    (tmp_path / ".writable").mkdir()  # where it would be tried whether something can be written
    make_keys(settings)
    assert load_keys(settings).keys


def test_looking_for_keys_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ECOMMERCE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("COLUMNS", "300")
    for words in (["keys", "list"], ["doctor"]):
        ended = CliRunner().invoke(app, words)
        assert ended.exit_code == 1
        assert "no keys at" in f"{ended.output} {ended.exception}"
    assert list(tmp_path.iterdir()) == []

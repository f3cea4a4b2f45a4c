"""``keys list`` and ``keys remove``, for who copies names from one to the other."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.signing_key import KeyRingError, SigningKey
from ecommerce.entrypoints import cli_keys
from ecommerce.entrypoints.settings import SettingsError

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ring of three keys, the oldest last."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ECOMMERCE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ECOMMERCE_KEYS", raising=False)
    monkeypatch.setattr(cli_keys, "_note", lambda *_: None)
    ring = KeyRing.generate(NOW).rotated(NOW).rotated(NOW)
    made = tmp_path / "keys.json"
    made.write_text(ring.to_json())
    return made


@pytest.mark.parametrize("width", [30, 60, 80, 200])
def test_no_letter_of_a_name_is_left_out(
    file: Path, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_keys, "_out", Console(width=width))
    cli_keys.list_keys()
    shown = capsys.readouterr().out
    first = "".join(line.split("│")[1].strip() for line in shown.splitlines() if "│" in line)
    names = kids(KeyRing.load(file))
    assert "".join(names) in first
    if width >= 80:
        assert all(name in shown for name in names)


def kids(ring: KeyRing) -> list[str]:
    return [key.kid for key in ring.keys]


def test_the_beginning_of_a_name_is_enough(file: Path) -> None:
    newest, older, oldest = kids(KeyRing.load(file))
    cli_keys.remove_key(older[:12])
    assert kids(KeyRing.load(file)) == [newest, oldest]


@pytest.mark.parametrize("letters", [8, 43])
def test_a_name_may_begin_with_a_dash(file: Path, letters: int) -> None:
    dashed = next(k for k in iter(lambda: SigningKey.generate(NOW), None) if k.kid[0] == "-")
    ring = KeyRing.load(file)
    file.write_text(replace(ring, previous=(dashed.retiring(NOW + HOUR), *ring.previous)).to_json())
    ended = CliRunner().invoke(cli_keys.keys, ["remove", dashed.kid[:letters]])
    assert ended.exit_code == 0, ended.output
    assert kids(KeyRing.load(file)) == kids(ring)


def test_what_several_names_begin_with_is_refused_with_their_names() -> None:
    many = tuple(SigningKey.generate(NOW) for _ in range(66))  # of 64 letters a name may begin with
    ring = replace(KeyRing.generate(NOW), previous=many)
    letter, count = Counter(kid[0] for kid in kids(ring)).most_common(1)[0]
    with pytest.raises(KeyRingError) as refused:
        ring.called(letter)
    said = str(refused.value)
    assert said.startswith(f"{letter!r} is the beginning of several keys (")
    assert sum(kid in said for kid in kids(ring)) == count
    assert all(ring.called(kid).kid == kid for kid in kids(ring))


@pytest.mark.parametrize("name", ["", "~", "~other"])
def test_a_name_that_no_key_has_is_refused(file: Path, name: str) -> None:
    ring = KeyRing.load(file)
    for asked in (name, f"{ring.active.kid}x"):
        with pytest.raises(KeyRingError, match=f"^There is no key '{asked}' in the ring"):
            ring.without(asked)


def test_the_newest_key_is_kept_by_its_beginning_too(file: Path) -> None:
    with pytest.raises(KeyRingError, match="rotate first"):
        cli_keys.remove_key(KeyRing.load(file).active.kid[:12])


def test_given_keys_are_changed_in_a_file_with_the_variable_blank(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_text()
    monkeypatch.setenv("ECOMMERCE_KEYS", before)
    with pytest.raises(SettingsError, match=r"^ECOMMERCE_KEYS: "):
        cli_keys.rotate_keys(600)
    assert file.read_text() == before
    monkeypatch.setenv("ECOMMERCE_KEYS", "")
    cli_keys.rotate_keys(600)
    assert len(KeyRing.load(file).keys) == 4

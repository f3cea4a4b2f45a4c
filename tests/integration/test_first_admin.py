"""The first admin of a shop: kept before it counts, and shown only as it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from ecommerce.application.shared.unavailable import OutcomeUnknownError
from ecommerce.entrypoints import first_admin as room
from ecommerce.entrypoints.first_admin import appoint, first_admin
from ecommerce.entrypoints.keys import make_keys
from ecommerce.entrypoints.settings import Settings, SettingsError

EMAIL = "admin@example.com"
NOT_KNOWN = f"{EMAIL} (its password is not known here; see ecommerce create-admin)"
LONG = "a long enough passphrase 1"


def shop_in(directory: Path, admin_password: str | None = None) -> Settings:
    settings = Settings(data_dir=directory, admin_email=EMAIL, admin_password=admin_password)
    make_keys(settings)
    return settings


def accounts(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM user_account").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "admin-password"
    assert not list(tmp_path.glob(".admin-password*")), "nothing half written is left"


@pytest.mark.parametrize("apart", [True, False])
def test_of_two_first_starts_one_shows_the_password_and_it_is_true(
    clean_database: str, tmp_path: Path, apart: bool
) -> None:
    shops = [shop_in(tmp_path / (name if apart else "one")) for name in ("one", "two", "three")]
    with ThreadPoolExecutor(3) as threads:
        said = list(threads.map(lambda shop: first_admin(shop, clean_database), shops))
    shown = [line for line in said if " / " in line]
    assert len(shown) == 1
    maker = shops[said.index(shown[0])]
    file = maker.data_dir / "admin-password"
    assert shown == [f"{EMAIL} / {file.read_text().strip()} (kept in {file})"]
    others = {line for line in said if line not in shown}
    assert others == {NOT_KNOWN if apart else f"{EMAIL} (password in {file})"}
    assert first_admin(maker, clean_database) == f"{EMAIL} (password in {file})"


def test_no_admin_is_made_whose_password_cannot_be_kept(
    clean_database: str, tmp_path: Path, kept: Path
) -> None:
    shop = shop_in(tmp_path)
    kept.mkdir()
    with pytest.raises(IsADirectoryError):
        first_admin(shop, clean_database)
    assert accounts(clean_database) == 0

    kept.rmdir()
    assert f"(kept in {kept})" in first_admin(shop, clean_database)


def test_no_password_is_kept_of_an_admin_who_was_not_made(
    clean_database: str, tmp_path: Path, kept: Path
) -> None:
    shop = Settings(data_dir=tmp_path, admin_email="nobody", admin_password=None)
    make_keys(shop)
    with pytest.raises(SettingsError, match="ECOMMERCE_ADMIN_EMAIL"):
        first_admin(shop, clean_database)
    assert not kept.exists()
    assert accounts(clean_database) == 0


def test_a_password_is_kept_where_the_admin_may_have_been_made(
    clean_database: str, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_and_not_told(settings: Settings, url: str, email: str, password: str) -> None:
        appoint(settings, url, email, password)
        raise OutcomeUnknownError("The connection was lost during COMMIT.")

    monkeypatch.setattr(room, "appoint", made_and_not_told)
    shop = shop_in(tmp_path)
    with pytest.raises(OutcomeUnknownError):
        first_admin(shop, clean_database)
    assert first_admin(shop, clean_database) == f"{EMAIL} (password in {kept})"


def test_a_password_that_is_not_the_admins_any_more_is_not_shown_as_it(
    clean_database: str, tmp_path: Path
) -> None:
    shop = shop_in(tmp_path)
    first_admin(shop, clean_database)
    appoint(shop, clean_database, EMAIL, LONG)
    assert first_admin(shop, clean_database) == NOT_KNOWN
    told = first_admin(shop_in(tmp_path, LONG), clean_database)
    assert told == f"{EMAIL} (password from ECOMMERCE_ADMIN_PASSWORD)"
    assert first_admin(shop_in(tmp_path, f"{LONG}0"), clean_database) == NOT_KNOWN

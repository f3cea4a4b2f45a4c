"""What settings become of the parts that are made."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.identity.session import SessionLifetime
from ecommerce.entrypoints.container import Container, build
from ecommerce.entrypoints.keys import make_keys
from ecommerce.entrypoints.settings import SettingsError, load


@contextmanager
def built(data_dir: Path, source: Mapping[str, str]) -> Iterator[Container]:
    """Everything wired for these settings; nothing of it asks the database."""
    settings = load({"ECOMMERCE_DATA_DIR": str(data_dir), **source})
    make_keys(settings)
    container = build(settings, "postgresql://nobody@127.0.0.1:1/none")
    try:
        yield container
    finally:
        container.password_hasher().close()


async def test_no_breached_password_can_be_chosen_where_there_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "breached.txt"
    password = "notes on the engine"
    file.write_text(f"{hashlib.sha1(password.encode()).hexdigest()}:3\n")  # noqa: S324
    with built(tmp_path, {"ECOMMERCE_BREACHED_PASSWORDS": str(file)}) as container:
        with pytest.raises(WeakPasswordError):
            await container.choose_password()(password)
        await container.choose_password()("patterns of algebra")
    with built(tmp_path, {}) as container:
        await container.choose_password()(password)


@pytest.mark.parametrize("content", [None, b"", b"password\n", b"0" * 39])
def test_a_file_of_breached_passwords_that_is_none_stops_the_start(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "breached.txt"
    if content is not None:
        file.write_bytes(content)
    source = {"ECOMMERCE_BREACHED_PASSWORDS": str(file)}
    with (
        pytest.raises(SettingsError, match=r"^ECOMMERCE_BREACHED_PASSWORDS: "),
        built(tmp_path, source),
    ):
        pass


@pytest.mark.parametrize(
    ("source", "idle", "longest"),
    [
        ({}, 30, 90),
        ({"ECOMMERCE_SESSION_DAYS": "7"}, 30, 7),
        ({"ECOMMERCE_REFRESH_TOKEN_DAYS": "2"}, 2, 90),
    ],
)
def test_how_long_sessions_last(
    tmp_path: Path, source: dict[str, str], idle: int, longest: int
) -> None:
    with built(tmp_path, source) as container:
        lifetime = SessionLifetime(timedelta(days=idle), timedelta(days=longest))
        assert container.session_tokens().lifetime == lifetime
        assert container.new_sessions().tokens.lifetime == lifetime
        assert container.refresh_session().tokens.lifetime == lifetime


def test_an_authenticator_shows_the_shops_name_and_not_who_issues_tokens(tmp_path: Path) -> None:
    source = {"ECOMMERCE_ISSUER": "https://shop.example", "ECOMMERCE_SHOP_NAME": "Tea: pots"}
    with built(tmp_path, source) as container:
        address = container.one_time_codes().address(b"secret", "ada@example.com")
    assert address == (
        "otpauth://totp/Tea%20pots:ada%40example.com"
        "?digits=6&secret=ONSWG4TFOQ&algorithm=SHA1&issuer=Tea%20pots&period=30"
    )

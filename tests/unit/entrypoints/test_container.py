"""What settings become of the parts that are made."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ecommerce.domain.identity.session import SessionLifetime
from ecommerce.entrypoints.container import Container, build
from ecommerce.entrypoints.settings import load


@contextmanager
def built(data_dir: Path, source: Mapping[str, str]) -> Iterator[Container]:
    """Everything wired for these settings; nothing of it asks the database."""
    settings = load({"ECOMMERCE_DATA_DIR": str(data_dir), **source})
    container = build(settings, "postgresql://nobody@127.0.0.1:1/none")
    try:
        yield container
    finally:
        container.password_hasher().close()


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

"""Databases that only these tests need."""

from collections.abc import Iterator

import psycopg
import pytest
from tests.support import postgres


@pytest.fixture
def empty_url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of a database that no migration has run on."""
    name = f"ecommerce_empty_{testrun_uid[:12]}_{worker_id}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield postgres.url_of(postgres_server, name)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

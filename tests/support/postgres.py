"""A PostgreSQL server for tests, and one clean database for each worker."""

import gc
import hashlib
import os
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from tests.support.own_postgres import own_postgres

from ecommerce.adapters.postgres.migrate import migrations_directory, upgrade

IMAGE: Final = os.environ.get("TEST_POSTGRES_IMAGE", "postgres:18")
_FAST: Final = ("fsync", "synchronous_commit", "full_page_writes")
_CONNECTIONS: Final = 300
"""Far more than all workers have open at once, each with its pools and the shops it starts."""
_MAKING_TEMPLATE: Final = 7_241_999


@contextmanager
def server() -> Iterator[str]:
    """Have a server and give its administrator's URL.

    The one of TEST_DATABASE_URL, a container where a Docker engine answers, else an embedded one;
    never none.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    elif _docker_answers():
        with _container() as url:
            _make_fast(url)
            yield url
    else:
        with _embedded() as url:
            _make_fast(url)
            yield url


@contextmanager
def _container() -> Iterator[str]:
    with _their_warnings_ignored():
        from testcontainers.community.postgres import PostgresContainer

        container = PostgresContainer(IMAGE, driver=None)
        container.with_command(f"postgres -c max_connections={_CONNECTIONS}").start()
    try:
        yield container.get_connection_url()
    finally:
        with _their_warnings_ignored():
            container.stop()


@contextmanager
def _embedded() -> Iterator[str]:
    with own_postgres() as embedded:
        with _administrator(embedded.url) as connection:
            connection.execute(f"ALTER SYSTEM SET max_connections = {_CONNECTIONS}")
        embedded.restart()
        yield embedded.url


@contextmanager
def _their_warnings_ignored() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def database(admin_url: str, name: str) -> Iterator[str]:
    """Make a migrated database, give its URL, and drop it in the end."""
    template = migrated_template(admin_url)
    with _administrator(admin_url) as connection:
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _run(connection, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield url_of(admin_url, name)
    finally:
        with _administrator(admin_url) as connection:
            _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def migrated_template(admin_url: str) -> str:
    """Have a database that all migrations have run on; its name follows from their text."""
    digest = hashlib.sha256()
    for script in sorted(migrations_directory().rglob("*.py")):
        digest.update(script.read_bytes())
    name = f"ecommerce_template_{digest.hexdigest()[:16]}"
    with _administrator(admin_url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_MAKING_TEMPLATE])
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            making = f"{name}_making"
            _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", making)
            _run(connection, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", making)
            upgrade(url_of(admin_url, making))
            _run(connection, "ALTER DATABASE {} RENAME TO {}", making, name)
    return name


def url_of(admin_url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))


def _administrator(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True, connect_timeout=10)


def _run(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _make_fast(url: str) -> None:
    with _administrator(url) as connection:
        for setting in _FAST:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def _docker_answers() -> bool:
    with _their_warnings_ignored():
        import docker  # type: ignore[import-untyped]
        from docker.errors import DockerException  # type: ignore[import-untyped]

        try:
            with closing(docker.from_env(timeout=3)) as client:
                answers = bool(client.ping())
        except (DockerException, OSError):
            answers = False
        gc.collect()  # the sockets it tried warn when they are collected
    return answers

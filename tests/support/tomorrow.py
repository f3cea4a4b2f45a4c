"""A later release, which has one migration more."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest

from ecommerce.adapters.postgres import migrate

REVISION: Final = "of_tomorrow"

_SCRIPT: Final = '''"""Gift wrapping."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down_revision}"
floor = {floor!r}


def upgrade():
    op.create_table("wrapping", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("wrapping")
'''


@contextmanager
def release_of_tomorrow(directory: Path, *, floor: str | None = None) -> Iterator[None]:
    """Be the later release within the block: its migrations are the ones that are run."""
    scripts = directory / "migrations_of_tomorrow"
    shutil.copytree(migrate.migrations_directory(), scripts, dirs_exist_ok=True)
    text = _SCRIPT.format(revision=REVISION, down_revision=migrate.head_revision(), floor=floor)
    (scripts / "versions" / f"{REVISION}.py").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "migrations_directory", lambda: scripts)
        yield


def migrate_to_tomorrow(url: str, directory: Path, *, floor: str | None = None) -> None:
    """What ``ecommerce migrate`` of the later release does."""
    with release_of_tomorrow(directory, floor=floor):
        migrate.upgrade(url)


def floor_of(url: str) -> str:
    """The revision that a release has to know, as the database keeps it."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT revision FROM schema_floor").fetchone()
    assert row is not None
    return str(row[0])

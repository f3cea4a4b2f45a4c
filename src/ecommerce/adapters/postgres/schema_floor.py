"""How old a release may be and still serve on a schema.

The database keeps the newest revision that a release has to know. It stays where it was while
migrations only add; one that takes away what earlier releases use raises it, by the name ``floor``
in its script.
"""

from collections.abc import Collection, Mapping
from typing import Final

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from sqlalchemy.dialects.postgresql import insert

from ecommerce.adapters.postgres import tables as t

_FLOOR: Final = sa.select(t.schema_floor.c.revision)


def floor_of(scripts: ScriptDirectory, revision: str) -> str:
    """The floor of a revision: what the newest migration up to it says that says anything."""
    for script in scripts.iterate_revisions(revision, "base"):
        floor: str | None = getattr(script.module, "floor", None)
        if floor is not None:
            return floor
    return revision


def keep_floor(
    scripts: ScriptDirectory,
    *,
    ctx: MigrationContext,
    step: MigrationInfo,  # noqa: ARG001 - what Alembic hands over
    heads: Collection[str],
    run_args: Mapping[str, object],  # noqa: ARG001
) -> None:
    """Write down the floor of the revision just reached, in the migration's own transaction."""
    connection = ctx.connection
    if connection is None or not sa.inspect(connection).has_table(t.schema_floor.name):
        return
    for revision in heads:
        floor = floor_of(scripts, revision)
        connection.execute(
            insert(t.schema_floor)
            .values(id=1, revision=floor)
            .on_conflict_do_update(index_elements=["id"], set_={"revision": floor})
        )


def floor_kept(connection: sa.Connection) -> str | None:
    """The floor that the database keeps; none where it keeps none."""
    if not sa.inspect(connection).has_table(t.schema_floor.name):
        return None
    return connection.execute(_FLOOR).scalar_one_or_none()

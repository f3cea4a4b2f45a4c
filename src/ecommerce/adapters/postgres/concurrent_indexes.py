"""Indexes that migrations build and drop while the shop goes on: the only way they do it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from ecommerce.adapters.postgres.invalid_indexes import is_invalid

PATIENCE = "30min"
"""How long to wait for transactions that have begun before, such as a backup's. Nobody else waits
meanwhile, as they would for another lock.
"""


def build_index(
    name: str,
    table: str,
    columns: Sequence[str | sa.ColumnElement[str]],
    *,
    where: str | None = None,
    using: str | None = None,
) -> None:
    """Build an index unless it is there. What a build that was broken off has left counts as
    nothing: PostgreSQL keeps it, as not valid, under the same name.

    It ends the transaction: whatever comes before it in a migration must be such that it can be
    done again.
    """
    with _patiently() as connection:
        if is_invalid(connection, name):
            op.drop_index(name, table, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            list(columns),
            postgresql_where=None if where is None else sa.text(where),
            postgresql_using=using,
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def drop_index(name: str, table: str) -> None:
    """Drop an index if it is there; it ends the transaction."""
    with _patiently():
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)


@contextmanager
def _patiently() -> Iterator[sa.Connection]:
    pressed: KeyboardInterrupt | None = None
    try:
        with op.get_context().autocommit_block():
            connection = op.get_bind()
            before = connection.execute(sa.text("SHOW lock_timeout")).scalar_one()
            _wait_for(connection, PATIENCE)
            try:
                yield connection
            except KeyboardInterrupt as error:
                pressed = error
                raise
            finally:
                if not connection.invalidated:
                    _wait_for(connection, before)
    except sa.exc.PendingRollbackError:
        # Ctrl-C has ended the connection, and Alembic would commit on it.
        if pressed is None:
            raise
        raise pressed from None


def _wait_for(connection: sa.Connection, time: str) -> None:
    connection.execute(
        sa.text("SELECT set_config('lock_timeout', :time, false)").bindparams(time=time)
    )

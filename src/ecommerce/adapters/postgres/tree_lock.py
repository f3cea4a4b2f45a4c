"""The lock that keeps the category tree's shape still."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Connection, Statement, execute
from ecommerce.adapters.postgres.listing import TREE_LOCK

_SHARED: Final = Statement(sa.select(sa.func.pg_advisory_xact_lock_shared(TREE_LOCK)))
_EXCLUSIVE: Final = Statement(sa.select(sa.func.pg_advisory_xact_lock(TREE_LOCK)))


async def share_tree(connection: Connection) -> None:
    """Keep others from changing the tree until the transaction ends; before any other lock."""
    await execute(connection, _SHARED)


async def hold_tree(connection: Connection) -> None:
    """Keep others from changing the tree or placing products in it until the transaction ends."""
    await execute(connection, _EXCLUSIVE)

"""Goods that are put into a database once, and from then on put back in a moment."""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.tables import metadata

G = TypeVar("G")

_MIGRATED: Final = frozenset({"schema_floor", "search_state", "staff_role"})
"""Tables that are never empty; what the goods change in them, they change by triggers."""

_COLUMNS: Final = {
    table.name: ", ".join(f'"{column.name}"' for column in table.columns if not column.computed)
    for table in metadata.sorted_tables
    if table.name not in _MIGRATED
}


@dataclass
class Kept:
    """The rows that goods became, by the goods' name, in the database itself."""

    _goods: dict[str, Any] = field(default_factory=dict)

    async def fill(
        self, database: Database, name: str, make: Callable[[], G], put: Callable[[G], Awaitable[G]]
    ) -> G:
        """Have the goods in an empty database, as they were when they were put there first."""
        if name in self._goods:
            await _run(database, _put_back(name))
        else:
            self._goods[name] = await put(make())
            await _run(database, _keep(name))
        goods: G = deepcopy(self._goods[name])
        return goods


def _keep(name: str) -> list[str]:
    return [
        f"CREATE SCHEMA kept_{name}",
        *(
            f"CREATE UNLOGGED TABLE kept_{name}.{table} AS SELECT {columns} FROM {table}"  # noqa: S608
            for table, columns in _COLUMNS.items()
        ),
    ]


def _put_back(name: str) -> list[str]:
    return [
        f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE TABLE kept_{name}.{table}"
        for table, columns in _COLUMNS.items()
    ]


async def _run(database: Database, statements: list[str]) -> None:
    async with database.connection() as connection:
        await connection.execute(";".join(statements).encode(), prepare=False)

"""Plans of the very statements that the adapters run."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg import sql
from typing_extensions import override

from ecommerce.adapters.postgres.database import Database, Parameters, Row, Statement

_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")


class RecordingDatabase(Database):
    """Remembers what it was asked to run last."""

    last: tuple[Statement, Parameters | None]

    @override
    async def all(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        """Remember, and run."""
        self.last = statement, parameters
        return await super().all(statement, parameters)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a plan, as PostgreSQL tells it."""

    told: Mapping[str, Any]
    under: tuple["Node", ...] = field(default=())

    @property
    def kind(self) -> str:
        """Such as ``Index Scan``."""
        return str(self.told["Node Type"])

    @property
    def rows(self) -> float:
        """How many rows it looked at: given on, or thrown away by a filter, in all its runs."""
        away = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
        each = self.told["Actual Rows"] + sum(self.told.get(name, 0) for name in away)
        return float(each * self.told["Actual Loops"])

    @property
    def relation(self) -> str | None:
        """The table it reads, if it reads one itself."""
        return self.told.get("Relation Name")

    @property
    def buffers(self) -> int:
        """Pages that it and those under it touched."""
        return int(self.told["Shared Hit Blocks"] + self.told["Shared Read Blocks"])

    def outline(self, depth: int = 0) -> str:
        """The plan in a few lines, for people."""
        named = self.told.get("Index Name") or self.relation or ""
        line = f"{'  ' * depth}{self.kind} {named} rows={self.rows:g} buffers={self.buffers}"
        return "\n".join([line, *(each.outline(depth + 1) for each in self.under)])

    def walk(self) -> Iterator["Node"]:
        """Itself and all under it."""
        yield self
        for node in self.under:
            yield from node.walk()


def plan_of(
    connection: psycopg.Connection, statement: Statement, parameters: Parameters | None
) -> Node:
    """Run a statement as a prepared one, and tell how that was done."""
    values = dict(statement.bind(parameters))
    names: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    text = _PLACEHOLDER.sub(numbered, statement.text.decode()).replace("%%", "%")
    given = sql.SQL(", ").join(sql.Literal(values[name]) for name in names)
    connection.execute("DEALLOCATE ALL")
    connection.execute(f"PREPARE told AS {text}".encode())
    execute = sql.SQL("EXECUTE told") + (sql.SQL("({})").format(given) if names else sql.SQL(""))
    explained = connection.execute(
        sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {}").format(execute)
    ).fetchone()
    assert explained is not None
    return _node(explained[0][0]["Plan"])


def _node(told: Mapping[str, Any]) -> Node:
    return Node(told, tuple(_node(each) for each in told.get("Plans", ())))


@contextmanager
def planning(url: str, mode: str) -> Iterator[psycopg.Connection]:
    """A connection that plans as the pool's do, always for any values or always for those given."""
    options = f"-c jit=off -c plan_cache_mode=force_{mode}_plan"
    with psycopg.connect(
        url, autocommit=True, options=options, prepare_threshold=None
    ) as connection:
        yield connection

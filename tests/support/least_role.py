"""The role with few rights that the documentation tells an operator to make."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote
from uuid import uuid4

import psycopg
from tests.support.repository import ROOT

_GRANTS: Final = re.search(
    r"```sql\n(GRANT .*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL
)


def documented_grants(role: str) -> list[str]:
    """The lines of the document, for a role of this name."""
    assert _GRANTS is not None
    return [re.sub(r"\bshop;$", f"{role};", line) for line in _GRANTS[1].splitlines()]


@contextmanager
def least_role(url: str) -> Iterator[str]:
    """Make a role and grant it nothing; its name, in SQL's quotes. It is gone after the block."""
    role = f'"least-{uuid4().hex[:12]}"'
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role}".encode())
    try:
        yield role
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {role}".encode())
            connection.execute(f"DROP ROLE {role}".encode())


def grant(url: str, role: str, lines: list[str] | None = None) -> None:
    """Run the document's lines as the role that migrates, or others."""
    with psycopg.connect(url, autocommit=True) as connection:
        for line in documented_grants(role) if lines is None else lines:
            connection.execute(line.encode())


def url_as(url: str, role: str) -> str:
    """The database, as that role."""
    return f"{url}{'&' if '?' in url else '?'}options={quote(f'-c role={role[1:-1]}')}"

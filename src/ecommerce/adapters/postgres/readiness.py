"""Whether the database answers, with the schema this release was written for."""

import asyncio
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.domain.shared.errors import UnavailableError

_REVISION: Final = Statement(
    sa.select(sa.column("version_num", sa.Text)).select_from(sa.table("alembic_version"))
)


class PostgresReadiness:
    """Asks the database for its schema's revision."""

    def __init__(self, database: Database, revision: str, *, patience: float = 1.0) -> None:
        self._database: Final = database
        self._revision: Final = revision
        self._patience: Final = patience

    async def __call__(self) -> Mapping[str, str]:
        """What fails, and how; empty when ready. Answers within ``patience`` seconds."""
        try:
            async with asyncio.timeout(self._patience):
                found = await self._database.scalar(_REVISION)
        except (TimeoutError, UnavailableError):
            return {"database": "does not answer"}
        if found != self._revision:
            return {"schema": f"is at revision {found}; this release needs {self._revision}"}
        return {}

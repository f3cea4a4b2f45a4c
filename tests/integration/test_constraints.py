"""Every constraint that stands for a rule exists under the name it is known by."""

from ecommerce.adapters.postgres.constraints import DOMAIN_ERRORS
from ecommerce.adapters.postgres.database import Database


async def test_every_known_constraint_exists(database: Database) -> None:
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT conname FROM pg_constraint")
        names = {row[0] for row in await cursor.fetchall()}
    assert set(DOMAIN_ERRORS) <= names

"""What is put back into a test database is what was put there."""

import psycopg
from tests.support.clean import clean
from tests.support.kept import Kept
from tests.support.searched import SearchedShop, searched_shop

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.tables import metadata
from ecommerce.adapters.postgres.transaction import PostgresTransactions


async def test_goods_that_are_put_back_are_those_that_were_put_there(
    database: Database, transactions: PostgresTransactions, clean_database: str
) -> None:
    async def put(goods: SearchedShop) -> SearchedShop:
        async with transactions() as transaction:
            for category in goods.categories.values():
                await transaction.categories.add(category)
            for product in goods.products.values():
                await transaction.products.add(product)
            await transaction.stock.open(goods.stock, goods.movements)
            await transaction.commit()
        return goods

    kept = Kept()
    with psycopg.connect(clean_database, autocommit=True) as connection:
        try:
            first = await kept.fill(database, "compared", searched_shop, put)
            before = rows(connection)
            clean(connection)
            again = await kept.fill(database, "compared", searched_shop, put)
            assert rows(connection) == before
        finally:
            connection.execute("DROP SCHEMA IF EXISTS kept_compared CASCADE")
    assert again.id("dome") == first.id("dome")
    assert {"product", "variant", "category", "stock_item"} <= before.keys()


def rows(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Every row of every table that has some, but for what counts the changes."""
    found = {
        table.name: [row for (row,) in connection.execute(f"SELECT t::text FROM {table.name} t")]  # noqa: S608
        for table in metadata.sorted_tables
        if table.name != "search_state"
    }
    return {name: sorted(texts) for name, texts in found.items() if texts}

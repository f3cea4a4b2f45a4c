"""The number that says when categories, synonyms or pins changed."""

from collections.abc import Sequence

import psycopg
import pytest
import pytest_asyncio
from tests.support.goods import a_category, a_product
from tests.support.merchandising import a_group, a_pin

from ecommerce.adapters.postgres.transaction import PostgresTransactions


def version_of(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT id, version FROM search_state").fetchone()
    assert row is not None
    assert row[0] == 1
    return int(row[1])


def change(url: str, *statements: str) -> int:
    """How much the number grew by one transaction of these statements."""
    before = version_of(url)
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())
    return version_of(url) - before


@pytest_asyncio.fixture
async def url(clean_database: str, transactions: PostgresTransactions) -> str:
    """A shop with one of each, whose product is pinned in its category."""
    category, product = a_category(), a_product()
    async with transactions() as transaction:
        await transaction.categories.hold_tree()
        await transaction.categories.add(category)
        await transaction.products.add(product)
        await transaction.synonyms.add(a_group("mug", "cup"))
        await transaction.pins.add(a_pin(product.id, category=category.id))
        await transaction.commit()
    return clean_database


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE category SET name = 'D'"],
        ["UPDATE synonym_group SET version = 2"],
        ["UPDATE synonym_term SET term = upper(term)"],
        ["DELETE FROM synonym_term WHERE position = 1"],
        ["DELETE FROM synonym_group"],
        ["UPDATE pin SET version = 2"],
        ["UPDATE pin_product SET position = 3"],
        ["DELETE FROM pin_product"],
        ["DELETE FROM pin"],
        ["DELETE FROM product"],
        ["DELETE FROM category"],
        ["TRUNCATE pin_product"],
        ["TRUNCATE pin CASCADE"],
        ["TRUNCATE synonym_term"],
        ["TRUNCATE synonym_group CASCADE"],
        ["TRUNCATE category CASCADE"],
        ["TRUNCATE product CASCADE"],
        [
            "UPDATE category SET name = 'D'",
            "DELETE FROM pin",
            "UPDATE synonym_group SET version = 2",
        ],
        ["SAVEPOINT s", "DELETE FROM pin", "ROLLBACK TO s", "UPDATE category SET name = 'D'"],
        [
            "SET CONSTRAINTS ALL IMMEDIATE",
            "SAVEPOINT s",
            "DELETE FROM pin",
            "ROLLBACK TO s",
            "DELETE FROM pin_product",
        ],
    ],
    ids="; ".join,
)
def test_a_commit_that_changed_something_counts_once(url: str, statements: Sequence[str]) -> None:
    assert change(url, *statements) == 1
    assert change(url, "UPDATE category SET position = 5", "DELETE FROM synonym_group") <= 1


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE product SET name = 'Q'"],
        ["UPDATE category SET name = 'D' WHERE name = 'none'"],
        ["DELETE FROM pin_product WHERE false"],
        ["DELETE FROM pin", "ROLLBACK"],
        ["SAVEPOINT s", "DELETE FROM pin", "ROLLBACK TO s"],
        ["SELECT 1 FROM category FOR UPDATE"],
    ],
    ids="; ".join,
)
def test_what_changed_nothing_of_it_does_not_count(url: str, statements: Sequence[str]) -> None:
    assert change(url, *statements) == 0


def test_a_product_that_is_not_pinned_leaves_without_counting(url: str) -> None:
    assert change(url, "DELETE FROM pin_product") == 1
    assert change(url, "DELETE FROM product") == 0


def test_it_is_taken_at_the_commit_and_not_before(url: str) -> None:
    """So it is the last lock of all, and nobody holds it who waits for something else."""
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        one.execute("UPDATE category SET name = 'D'")
        other.execute("SET LOCAL lock_timeout = '2s'")
        other.execute("DELETE FROM synonym_group")
        other.commit()
        one.commit()

"""How much is asked of PostgreSQL: the same whoever's address it is, and one statement a read."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from tests.integration.test_statement_counts import statements_of
from tests.support import postgres
from tests.support.acts import ACTS, a_scene
from tests.support.identity import START, identity_in_postgres
from tests.support.plans import RecordingDatabase, plan_of, planning

from ecommerce.adapters.postgres.account_queries import PostgresAccountQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.identity_users import WITH_ADMINS
from ecommerce.application.identity.add_address import AddAddress
from ecommerce.application.identity.ask_password_reset import AskPasswordReset
from ecommerce.application.identity.login import Login
from ecommerce.application.identity.queries import AccountFilter
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.identity.address_book import AddressDetails
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import InvalidCredentialsError
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.postal_address import PostalAddress

ACCOUNTS: Final = 20_000
SOMEWHERE: Final = PostalAddress(full_name="Ada", line1="1", city="London", country="GB")
Work = Callable[[], Awaitable[object]]


@pytest_asyncio.fixture
async def lone(clean_database: str) -> AsyncIterator[Database]:
    """A database of one connection, whose statements can be counted."""
    database = Database(clean_database, pool_min=1, pool_max=1)
    await database.open()
    yield database
    await database.close()


async def test_asking_for_a_new_password_costs_the_same_for_every_address(lone: Database) -> None:
    identity = identity_in_postgres(lone)
    await identity.open_account()
    disabled = await identity.open_account("off@example.com")
    async with identity.transactions() as transaction:
        user = await transaction.users.by_id(disabled)
        assert user is not None
        user.disable(START)
        await transaction.users.save(user)
        await transaction.commit()
    counts = set()
    for email in ("ada@example.com", "nobody@example.com", "off@example.com"):

        async def ask(email: str = email) -> None:
            await identity.ask_password_reset(AskPasswordReset(email=email))

        counts.add(await statements_of(lone, ask))
    # BEGIN, one INSERT, COMMIT.
    assert counts == {3}


async def test_not_getting_in_costs_the_same_for_every_address(lone: Database) -> None:
    identity = identity_in_postgres(lone)
    await identity.open_account()
    counts, looks = set(), []
    for email in ("ada@example.com", "nobody@example.com"):

        async def sign_in(email: str = email) -> None:
            with suppress(InvalidCredentialsError):
                await identity.login(Login(email=email, password="wrong"))

        before = identity.hasher.verified
        counts.add(await statements_of(lone, sign_in))
        looks.append(identity.hasher.verified - before)
    # One to look the account up, three to write down that somebody did not get in.
    assert counts == {4}
    assert looks == [1, 1]


async def test_every_read_of_what_belongs_to_accounts_is_one_statement(lone: Database) -> None:
    identity = identity_in_postgres(lone)
    ada = await identity.open_account()
    for n in range(3):
        await identity.open_account(f"{n}@example.com")
        await identity.sign_in()
        await identity.add_address(
            AddAddress(actor=await identity.acting(ada), details=AddressDetails(address=SOMEWHERE))
        )
    reads, page = identity.belongings, PageRequest(include_total=True)
    (address, *_) = (await reads.addresses(ada, page)).items
    for work in (
        lambda: reads.accounts(AccountFilter(), page),
        lambda: reads.accounts(AccountFilter(role=Role.ADMIN), PageRequest()),
        lambda: reads.account(ada),
        lambda: reads.sessions(ada, START, page),
        lambda: reads.addresses(ada, page),
        lambda: reads.address(ada, address.id),
        lambda: identity.queries.credentials_of(ada),
    ):
        assert await statements_of(lone, work) == 1


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("change a profile", 5),
        ("add an address", 5),
        ("make a role", 5),
        ("change a role", 6),
        ("delete a role", 6),
        ("give a role", 9),
        ("make a key", 6),
        ("revoke a key", 6),
        ("disable somebody", 10),
    ],
)
async def test_judging_who_acts_costs_a_statement_or_two(
    lone: Database, name: str, statements: int
) -> None:
    """BEGIN, the account with its session, what is changed, the record of it, COMMIT. Where it is
    about another account, the accounts and the session are two statements; roles are one.
    """
    scene = await a_scene(identity_in_postgres(lone), name)
    assert await statements_of(lone, lambda: ACTS[name](scene)) == statements


@pytest.fixture(scope="module")
def crowded(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """A database of many accounts, few of which are anything else than customers."""
    name = f"ecommerce_crowded_{testrun_uid[:8]}_{worker_id}"
    with postgres.database(postgres_server, name) as url:
        _crowd(url)
        yield url


def _crowd(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            sql.SQL(
                "INSERT INTO user_account (id, email, email_key, role, password_hash,"
                " email_verified, disabled, version, created_at, updated_at)"
                " SELECT ('01936f2e-6c0a-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,"
                " n || '@example.com', n || '@example.com',"
                " CASE WHEN n % 5000 = 1 THEN 'admin' WHEN n % 500 = 1 THEN 'staff'"
                " ELSE 'customer' END, '', false, n % 5000 = 7, 1, now(), now()"
                " FROM generate_series(1, {}) n"
            ).format(ACCOUNTS)
        )
        connection.execute("VACUUM ANALYZE user_account")


@pytest_asyncio.fixture
async def recording(crowded: str) -> AsyncIterator[RecordingDatabase]:
    """That database, and what was last asked of it."""
    database = RecordingDatabase(crowded, pool_min=1, pool_max=1)
    await database.open()
    yield database
    await database.close()


@pytest.mark.parametrize(
    ("criteria", "index"),
    [
        (AccountFilter(), "user_account_pkey"),
        (AccountFilter(email=Email("7@example.com")), "user_account_email_key_key"),
        (AccountFilter(role=Role.ADMIN), "user_account_role_id_idx"),
        (AccountFilter(role=Role.STAFF), "user_account_role_id_idx"),
        (AccountFilter(role=Role.CUSTOMER), "user_account_pkey"),
        (AccountFilter(disabled=True), "user_account_disabled_id_idx"),
        (AccountFilter(created_after=START + timedelta(days=9_999)), "user_account_pkey"),
    ],
)
@pytest.mark.parametrize("how", ["generic", "custom"])
async def test_finding_accounts_never_looks_at_all_of_them(
    recording: RecordingDatabase, crowded: str, criteria: AccountFilter, index: str, how: str
) -> None:
    await PostgresAccountQueries(recording).accounts(criteria, PageRequest())
    with planning(crowded, how) as connection:
        plan = plan_of(connection, *recording.last)
    assert index in repr(plan)
    assert "Seq Scan" not in repr(plan)


@pytest.mark.parametrize("how", ["generic", "custom"])
async def test_the_admins_are_found_without_looking_at_everybody(crowded: str, how: str) -> None:
    with planning(crowded, how) as connection:
        plan = plan_of(connection, WITH_ADMINS, {"ids": [uuid4(), uuid4()]})
    assert "user_account_role_id_idx" in repr(plan)
    assert "user_account_pkey" in repr(plan)
    assert "Seq Scan" not in repr(plan)

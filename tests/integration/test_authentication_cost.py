"""What it costs to know who is asking: one statement, each of its look-ups by a key."""

from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from tests.integration.test_statement_counts import statements_of
from tests.support.authority import a_key, a_role, give, make, with_second_factor
from tests.support.identity import Identity, identity_in_postgres
from tests.support.plans import plan_of, planning

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.identity_queries import KEY_HOLDER, PRINCIPAL
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.application.shared.actor import Actor
from ecommerce.domain.identity.user import Role

MORE = """
INSERT INTO user_account (id, email, email_key, role, password_hash, email_verified, disabled,
                          version, created_at, updated_at)
SELECT gen_random_uuid(), n || '@example.org', n || '@example.org',
       (ARRAY['customer', 'staff', 'admin'])[1 + n % 3], 'x', false, false, 1, now(), now()
FROM generate_series(1, 5000) AS n;
INSERT INTO session (id, user_id, created_at, expires_at)
SELECT gen_random_uuid(), id, now(), now() + interval '1 day' FROM user_account;
INSERT INTO staff_role (id, name, name_key, permissions, version, created_at, updated_at)
SELECT gen_random_uuid(), 'Role ' || n, 'role ' || n, ARRAY['catalog:read'], 2, now(), now()
FROM generate_series(1, 200) AS n;
INSERT INTO user_role (user_id, role_id)
SELECT u.id, r.id FROM user_account u,
    LATERAL (SELECT id FROM staff_role ORDER BY md5(id || u.email) LIMIT 2) AS r
WHERE u.role = 'staff'
ON CONFLICT DO NOTHING;
INSERT INTO second_factor (user_id, sealed_secret, created_at, confirmed_at, last_step,
                           recovery_hashes, failures)
SELECT id, 'x', now(), now(), 1, '{}', 0 FROM user_account WHERE role <> 'customer'
ON CONFLICT DO NOTHING;
INSERT INTO api_key (id, user_id, name, start, key_hash, permissions, created_at, expires_at)
SELECT gen_random_uuid(), id, 'x', 'ek', sha256(email::bytea), ARRAY['catalog:read'], now(), now()
FROM user_account WHERE role <> 'customer';
ANALYZE user_account, session, staff_role, user_role, second_factor, api_key;
"""


@pytest_asyncio.fixture
async def lone(clean_database: str) -> AsyncIterator[Database]:
    """A database of one connection."""
    database = Database(clean_database, pool_min=1, pool_max=1)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def identity(lone: Database) -> Identity:
    return identity_in_postgres(lone)


@pytest.mark.parametrize("role", list(Role))
async def test_knowing_who_is_asking_is_one_statement(
    lone: Database, identity: Identity, role: Role
) -> None:
    user_id = await make(identity, role, "ada@example.com")
    tokens = await identity.sign_in()
    if role is Role.STAFF:
        roles = [await a_role(identity, f"Role {n}", "catalog:read", "users:read") for n in "ab"]
        await give(identity, user_id, *roles)
    await with_second_factor(identity, user_id)
    found: list[Actor] = []

    async def ask(token: str) -> None:
        found.append(await identity.authenticate(token))

    assert await statements_of(lone, lambda: ask(tokens.access_token)) == 1
    assert found[0].user_id == user_id
    if role is Role.STAFF:
        assert found[0].permissions == {"catalog:read", "users:read"}
    made = await a_key(identity, await _boss(identity), "catalog:read")
    assert await statements_of(lone, lambda: ask(made.text)) == 1
    assert found[1].permissions == {"catalog:read"}


async def test_what_is_known_of_a_password_is_not_written_again(
    lone: Database, identity: Identity
) -> None:
    user_id = await identity.open_account()

    async def sign_in() -> None:
        await identity.sign_in()

    known = await statements_of(lone, sign_in)
    async with identity.transactions() as transaction:
        user = await transaction.users.by_id(user_id)
        assert user is not None
        user.long_password = None
        await transaction.users.save(user)
        await transaction.commit()
    assert await statements_of(lone, sign_in) == known + 1
    assert await statements_of(lone, sign_in) == known


async def _boss(identity: Identity) -> Actor:
    await make(identity, Role.ADMIN, "boss@example.com")
    return await identity.authenticate((await identity.sign_in("boss@example.com")).access_token)


async def test_what_cannot_be_a_token_is_no_statement(lone: Database, identity: Identity) -> None:
    await identity.open_account()
    refresh = (await identity.sign_in()).refresh_token

    async def ask() -> None:
        for text in (refresh, "ek_live_x", "ek_live_" + "0" * 49, "x.y.z", ""):
            with pytest.raises(Exception, match="not"):
                await identity.authenticate(text)

    assert await statements_of(lone, ask) == 0
    await identity.refresh(RefreshSession(refresh_token=refresh))


@pytest.mark.parametrize("mode", ["generic", "custom"])
async def test_every_look_up_of_it_is_by_a_key(
    clean_database: str, identity: Identity, mode: str
) -> None:
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    session_id = (await identity.authenticate((await identity.sign_in()).access_token)).session_id
    boss = await _boss(identity)
    made = await a_key(identity, boss, "catalog:read")
    await give(identity, user_id, await a_role(identity, "Mine", "catalog:read"))
    with psycopg.connect(clean_database, autocommit=True) as connection:
        connection.execute(MORE)
    with planning(clean_database, mode) as connection:
        for statement, values in (
            (PRINCIPAL, {"id": session_id}),
            (KEY_HOLDER, {"key_hash": identity.api_key_tokens.hash(made.text)}),
        ):
            plan = plan_of(connection, statement, values)
            for node in plan.walk():
                # The roles of a shop fill a few pages: PostgreSQL may read all of those.
                if node.relation != "staff_role":
                    assert node.kind != "Seq Scan", plan.outline()
                    assert node.rows < 20, plan.outline()
            assert plan.buffers < 60, plan.outline()

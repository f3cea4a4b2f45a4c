import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from ecommerce.adapters.postgres import migrate
from ecommerce.adapters.postgres.tables import metadata
from ecommerce.domain.identity.email import Email
from ecommerce.entrypoints import start
from ecommerce.entrypoints.faults import StartError
from ecommerce.entrypoints.settings import SettingsError


def revisions() -> list[str]:
    scripts = ScriptDirectory(str(migrate.migrations_directory()))
    return [script.revision for script in scripts.walk_revisions()][::-1]


def tables_of(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    return {name for (name,) in rows} - {"alembic_version"}


def test_every_migration_goes_up_down_and_up_again(empty_url: str) -> None:
    for revision in revisions():
        migrate.upgrade(empty_url, revision)
        above = tables_of(empty_url)
        migrate.downgrade(empty_url, "-1")
        migrate.upgrade(empty_url, revision)
        assert tables_of(empty_url) == above

    migrate.downgrade(empty_url, "base")
    assert tables_of(empty_url) == set()


def test_no_trigger_and_no_function_outlives_its_migration(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "0001")
    with psycopg.connect(empty_url) as connection:
        triggers = connection.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        functions = connection.execute(
            "SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace"
            " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        assert (triggers.fetchall(), functions.fetchall()) == ([], [])


def test_models_and_migrations_agree(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    command.check(migrate.config_of(empty_url))


def test_storage_parameters_of_the_tables_are_those_of_the_models(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    expected = {
        table.name: sorted(
            f"{name}={value}" for name, value in table.dialect_options["postgresql"]["with"].items()
        )
        for table in metadata.sorted_tables
        if table.dialect_options["postgresql"].get("with")
    }
    with psycopg.connect(empty_url) as connection:
        rows = connection.execute(
            "SELECT relname, reloptions FROM pg_class"
            " WHERE relkind = 'r' AND reloptions IS NOT NULL"
        ).fetchall()
    assert {name: sorted(options) for name, options in rows} == expected


def test_accounts_are_found_by_their_host_as_the_dns_knows_it(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0010")
    former = {
        "Ada@Example.com": "ada@example.com",
        "straße@example.com": "strasse@example.com",
        "ada@straße.example": "ada@strasse.example",
        "ada@Müller.example": "ada@müller.example",
        "eve@müller.example": "eve@müller.example",
        "eve@xn--mller-kva.example": "eve@xn--mller-kva.example",
    }
    with psycopg.connect(empty_url) as connection:
        for number, (email, key) in enumerate(former.items(), 1):
            user_id = UUID(int=number)
            connection.execute(
                "INSERT INTO user_account (id, email, email_key, role, password_hash,"
                " email_verified, disabled, version, created_at, updated_at)"
                " VALUES (%s, %s, %s, 'customer', '', false, false, 1, now(), now())",
                (user_id, email, key),
            )
            connection.execute(
                "INSERT INTO mailed_token (token_hash, user_id, purpose, email_key, created_at,"
                " expires_at) VALUES (%s, %s, 'verify_email', %s, now(), now())",
                (user_id.bytes, user_id, key),
            )

    def keys() -> dict[str, str]:
        with psycopg.connect(empty_url) as connection:
            rows = connection.execute(
                "SELECT email, u.email_key, t.email_key FROM user_account u"
                " JOIN mailed_token t ON t.user_id = u.id"
            ).fetchall()
        assert all(account == token for _, account, token in rows)
        return {email: key for email, key, _ in rows}

    migrate.upgrade(empty_url, "0011")
    taken = {"eve@müller.example": "eve@müller.example"}
    assert keys() == {email: Email(email).key for email in former} | taken
    assert keys()["ada@straße.example"] == "ada@xn--strae-oqa.example"
    migrate.downgrade(empty_url, "0010")
    assert keys() == former


def test_moving_to_a_revision_goes_whichever_way_it_lies(empty_url: str) -> None:
    migrate.move_to(empty_url, "head")
    assert migrate.schema_state(empty_url).up_to_date
    migrate.move_to(empty_url, "base")
    assert migrate.schema_state(empty_url).current is None


def test_an_old_schema_stops_the_start_and_says_what_to_run(empty_url: str) -> None:
    with pytest.raises(StartError, match="run: ecommerce migrate"):
        start.require_schema(empty_url, migrate_now=False)


def test_the_currency_of_a_shop_is_written_down_and_held_on_to(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    start.require_currency(empty_url, "EUR")
    start.require_currency(empty_url, "EUR")

    with pytest.raises(SettingsError, match="ECOMMERCE_CURRENCY: this shop's prices are in EUR"):
        start.require_currency(empty_url, "USD")


def test_what_keys_of_deleted_accounts_were_called_goes(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0009")
    with psycopg.connect(empty_url) as connection:
        for number, deleted_at in ((1, "2026-01-15T09:30Z"), (2, None)):
            who = f"01936f2e-6c0a-7000-8000-00000000000{number}"
            connection.execute(
                "INSERT INTO user_account (id, email, email_key, role, password_hash,"
                " email_verified, disabled, version, created_at, updated_at, deleted_at)"
                " VALUES (%(who)s, %(email)s, %(email)s, 'staff', '', false, false, 1, now(),"
                " now(), %(deleted_at)s)",
                {"who": who, "email": f"{number}@example.com", "deleted_at": deleted_at},
            )
            connection.execute(
                "INSERT INTO api_key (id, user_id, name, start, key_hash, permissions, created_at,"
                " expires_at) VALUES (%(who)s, %(who)s, 'Ada''s phone', '', %(hash)s, '{}', now(),"
                " now())",
                {"who": who, "hash": bytes([number])},
            )
    migrate.upgrade(empty_url)
    with psycopg.connect(empty_url) as connection:
        rows = connection.execute(
            "SELECT name, revoked_at = '2026-01-15T09:30Z' FROM api_key ORDER BY id"
        ).fetchall()
    assert rows == [("deleted", True), ("Ada's phone", None)]


def test_when_an_address_was_verified_is_known_where_there_is_a_second_factor(
    empty_url: str,
) -> None:
    migrate.upgrade(empty_url, "0014")
    told = (
        # number, verified, has a second factor, what the audit log says of it
        (1, True, True, "user.email_verified"),
        (2, True, True, "user.password_reset"),
        (3, True, False, "user.email_verified"),
        (4, False, True, "user.created"),
    )
    with psycopg.connect(empty_url) as connection:
        for number, verified, has_factor, action in told:
            facts = {
                "who": UUID(int=number),
                "email": f"{number}@example.com",
                "verified": verified,
                "action": action,
                "subject": str(UUID(int=number)),
            }
            connection.execute(
                "INSERT INTO user_account (id, email, email_key, role, password_hash,"
                " email_verified, disabled, version, created_at, updated_at)"
                " VALUES (%(who)s, %(email)s, %(email)s, 'customer', '', %(verified)s, false, 1,"
                " now(), now())",
                facts,
            )
            if has_factor:
                connection.execute(_A_FACTOR_OF_THE_LAST_RELEASE, facts)
            connection.execute(
                "INSERT INTO audit_record (id, at, principal_kind, action, subject_type,"
                " subject_id) VALUES (%(who)s, '2026-01-15T09:30Z', 'user', %(action)s, 'user',"
                " %(subject)s)",
                facts,
            )
    migrate.upgrade(empty_url)
    with psycopg.connect(empty_url) as connection:
        rows = connection.execute(
            "SELECT email_verified_at = '2026-01-15T09:30Z' FROM user_account ORDER BY id"
        ).fetchall()
        # The previous release goes on beside this one, and writes what it knows.
        connection.execute(_A_FACTOR_OF_THE_LAST_RELEASE, {"who": UUID(int=3)})
        counted = connection.execute(
            "SELECT step_up_failures, step_up_failed_at FROM second_factor"
        ).fetchall()
    assert rows == [(True,), (None,), (None,), (None,)]
    assert counted == [(0, None)] * 4


_A_FACTOR_OF_THE_LAST_RELEASE = """
INSERT INTO second_factor (user_id, sealed_secret, created_at, recovery_hashes, failures)
VALUES (%(who)s, '', now(), '{}', 0)
"""


def test_only_staff_keep_roles(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0015")
    people = {
        role: f"01936f2e-6c0a-7000-8000-00000000000{number}"
        for number, role in enumerate(("customer", "staff", "admin"))
    }
    with psycopg.connect(empty_url) as connection:
        for role, who in people.items():
            connection.execute(
                "INSERT INTO user_account (id, email, email_key, role, password_hash,"
                " email_verified, disabled, version, created_at, updated_at)"
                " VALUES (%(who)s, %(role)s, %(role)s, %(role)s, '', false, false, 1, now(),"
                " now())",
                {"who": who, "role": role},
            )
            connection.execute(
                "INSERT INTO user_role (user_id, role_id) SELECT %s, id FROM staff_role", [who]
            )
    migrate.upgrade(empty_url, "0016")
    with psycopg.connect(empty_url) as connection:
        rows = connection.execute("SELECT user_id FROM user_role").fetchall()
    assert rows == [(UUID(people["staff"]),)]


def test_who_is_hired_while_roles_of_others_are_taken_keeps_theirs(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0015")
    who = "01936f2e-6c0a-7000-8000-000000000001"
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO user_account (id, email, email_key, role, password_hash,"
            " email_verified, disabled, version, created_at, updated_at)"
            " VALUES (%s, 'a', 'a', 'customer', '', false, false, 1, now(), now())",
            [who],
        )
        connection.execute("INSERT INTO user_role SELECT %s, id FROM staff_role", [who])
        with ThreadPoolExecutor(1) as other, psycopg.connect(empty_url) as hiring:
            hiring.execute("UPDATE user_account SET role = 'staff' WHERE id = %s", [who])
            migrating = other.submit(migrate.upgrade, empty_url, "0016")
            waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            for _ in range(200):
                if connection.execute(waits).fetchone() == (1,):
                    break
                time.sleep(0.05)
            assert not migrating.done()
            hiring.commit()
            migrating.result(timeout=10)
        assert connection.execute("SELECT count(*) FROM user_role").fetchone() == (1,)

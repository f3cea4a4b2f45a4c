"""Runs migrations: one at a time in the whole installation, and never waiting long for a lock."""

from alembic import context
from sqlalchemy import text

from ecommerce.adapters.postgres.migrate import engine_of
from ecommerce.adapters.postgres.tables import metadata

MIGRATING = 7_021_977
"""The advisory lock that two migrate jobs started at once contend for."""

url = context.config.attributes["url"]

with engine_of(url).connect() as connection:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SELECT set_config('statement_timeout', '0', false)"))
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATING})
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

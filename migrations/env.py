"""Runs migrations: one at a time in the whole installation, and never waiting long for a lock."""

from functools import partial

from alembic import context
from sqlalchemy import text

from ecommerce.adapters.postgres.migrate import await_turn, driver_of, engine_of
from ecommerce.adapters.postgres.schema_floor import keep_floor
from ecommerce.adapters.postgres.tables import metadata
from ecommerce.adapters.postgres.telling import waits_told

url, say = context.config.attributes["url"], context.config.attributes["say"]

with engine_of(url).connect() as connection:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SELECT set_config('statement_timeout', '0', false)"))
    connection.commit()
    # What is there to do is looked up afterwards: the one before may have done it all.
    await_turn(driver_of(connection), say)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
        on_version_apply=partial(keep_floor, context.script),
    )
    with waits_told(url, driver_of(connection), say), context.begin_transaction():
        context.run_migrations()
    connection.commit()

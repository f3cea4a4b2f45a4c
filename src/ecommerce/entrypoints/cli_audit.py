"""``audit``: what an operator does with the audit log."""

import asyncio
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from ecommerce.adapters.postgres.audit_purge import KEPT_AT_LEAST, purge_audit
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints.analyzers import load_analyzer
from ecommerce.entrypoints.start import database, require_currency, require_schema

audit = typer.Typer(help="The audit log.", no_args_is_help=True)
_out = Console()


@audit.callback()
def _audit() -> None:
    """The audit log."""


@audit.command()
def purge(
    keep_days: Annotated[
        int,
        typer.Option(
            "--keep-days", min=KEPT_AT_LEAST.days, max=36_500, help="How old what stays may be."
        ),
    ],
) -> None:
    """Take out what is older than so many days, and write down that this was done.

    Run it as the role that owns the tables, such as the one that migrates. Nothing else takes
    anything out of the audit log.
    """
    from ecommerce.entrypoints import noting

    settings = settings_module.load(settings_module.environment())
    with database(settings) as url:
        require_schema(url, migrate_now=settings.database_url is None)
        require_currency(url, settings.currency)
        gone = purge_audit(url, timedelta(days=keep_days))
        entry = AuditEntry(
            action="audit.purged",
            subject_type="audit",
            after={"keep_days": keep_days, "records": gone},
        )
        asyncio.run(noting.noted(url, settings.currency, load_analyzer(settings), entry))
    _out.print(f"{gone:,} records older than {keep_days} days taken out")

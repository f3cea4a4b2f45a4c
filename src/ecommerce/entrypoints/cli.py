"""The command line: ``ecommerce --help``."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints.cli_audit import audit
from ecommerce.entrypoints.cli_catalog import register as register_catalog
from ecommerce.entrypoints.cli_doctor import doctor
from ecommerce.entrypoints.cli_serve import create_admin, serve
from ecommerce.entrypoints.settings import Settings, SettingsError
from ecommerce.entrypoints.start import StartError, database, prepare_data_dir, require_schema

app = typer.Typer(
    name="ecommerce",
    help="The backend a shop runs on. Settings come from the environment and a .env file.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
keys = typer.Typer(help="The keys that sign access tokens.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")
app.command()(serve)
app.command("create-admin")(create_admin)
app.command()(doctor)
register_catalog(app)

_out = Console()
_err = Console(stderr=True)


@app.command()
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the schema is this release's.")
    ] = False,
    to: Annotated[str, typer.Option("--to", help="A revision, `head` or `base`.")] = "head",
) -> None:
    """Bring the database's schema to this release's, or to a given revision."""
    from ecommerce.adapters.postgres import migrate as schema

    settings = settings_module.load(settings_module.environment())
    with database(settings) as url:
        if check:
            require_schema(url, migrate_now=False)
        elif to == "head":
            require_schema(url, migrate_now=True)
        else:
            schema.move_to(url, to)
        _out.print(f"schema revision: {schema.schema_state(url).current or 'none'}")


@app.command()
def openapi(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; standard output when left out.")
    ] = None,
) -> None:
    """Print the OpenAPI document of the API."""
    from ecommerce.entrypoints.http.app import ROUTES
    from ecommerce.entrypoints.http.openapi.document import build_document

    document = build_document(ROUTES, version=version("ecommerce"))
    if output is None:
        sys.stdout.buffer.write(document + b"\n")
    else:
        output.write_bytes(document + b"\n")


@keys.command("rotate")
def rotate_keys() -> None:
    """Sign with a new key from now on; tokens of the present one stay good until they expire."""
    from ecommerce.adapters.security.key_ring import KeyRing
    from ecommerce.adapters.system.clock import SystemClock

    settings = settings_module.load(settings_module.environment())
    if settings.keys is not None:
        raise SettingsError(
            "ECOMMERCE_KEYS: the keys are given by settings; rotate them where they are kept"
        )
    prepare_data_dir(settings)
    KeyRing.load_or_create(settings.keys_file)
    ring = KeyRing.rotate(settings.keys_file, SystemClock().now())
    _out.print(
        f"signing with key {ring.active.kid}; restart the servers that use {settings.keys_file}"
    )
    _note_rotation(settings, ring.active.kid)


def _note_rotation(settings: Settings, kid: str) -> None:
    """Write it into the audit log; keys are rotated without a database too, in an emergency."""
    import asyncio

    import psycopg

    from ecommerce.application.shared.audit import AuditEntry
    from ecommerce.domain.shared.errors import UnavailableError
    from ecommerce.entrypoints import noting
    from ecommerce.entrypoints.analyzers import load_analyzer

    entry = AuditEntry(action="signing_key.rotated", subject_type="signing_key", subject_id=kid)
    try:
        with database(settings) as url:
            require_schema(url, migrate_now=False)
            asyncio.run(noting.noted(url, settings.currency, load_analyzer(settings), entry))
    except (StartError, UnavailableError, psycopg.Error) as error:
        _err.print(f"[bold yellow]not in the audit log[/] {escape(str(error))}", soft_wrap=True)


def main() -> None:
    """Run the command line; what is wrong is said in a line, not in a traceback."""
    try:
        app()
    except (SettingsError, StartError) as error:
        for line in str(error).splitlines():
            _err.print(f"[bold red]error[/] {escape(line)}", highlight=False, soft_wrap=True)
        sys.exit(2)

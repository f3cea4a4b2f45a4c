"""The command line: ``ecommerce --help``."""

import signal
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints.cli_audit import audit
from ecommerce.entrypoints.cli_catalog import register as register_catalog
from ecommerce.entrypoints.cli_doctor import doctor
from ecommerce.entrypoints.cli_keys import keys
from ecommerce.entrypoints.cli_serve import create_admin, serve
from ecommerce.entrypoints.ending import take_hangup_as_term
from ecommerce.entrypoints.faults import StartError, line_of
from ecommerce.entrypoints.redaction import plain
from ecommerce.entrypoints.start import database, require_schema, require_whole_indexes, tell

app = typer.Typer(
    name="ecommerce",
    help="The backend a shop runs on. Settings come from the environment and a .env file.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
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
        bool, typer.Option("--check", help="Only say whether this release may serve on the schema.")
    ] = False,
    to: Annotated[str, typer.Option("--to", help="A revision, `head` or `base`.")] = "head",
) -> None:
    """Bring the database's schema to this release's, or to a given revision."""
    from ecommerce.adapters.postgres import migrate as schema

    if check and to != "head":
        raise StartError("--check: only looks for this release's own schema; leave --to out")
    settings = settings_module.load(settings_module.environment())
    with database(settings) as url:
        if check or to == "head":
            state = require_schema(url, migrate_now=not check)
            if state.up_to_date and not check:
                schema.mend_indexes(url, tell)
            require_whole_indexes(url)
        else:
            schema.move_to(url, to, tell)
            state = schema.schema_state(url)
        _out.print(f"schema revision: {state}", soft_wrap=True)


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


def _as_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a command as Ctrl-C does: what it has begun is tidied away."""
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line; what is wrong is said in a line, not in a traceback.

    With ``ECOMMERCE_LOG_LEVEL=debug`` the traceback comes as well.
    """
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    take_hangup_as_term()
    try:
        app()
    except Exception as error:
        said = line_of(error)
        if said is None:
            raise
        if settings_module.environment().get("ECOMMERCE_LOG_LEVEL") == "debug":
            sys.stderr.write(plain("".join(traceback.format_exception(error))))
        for line in said.splitlines():
            _err.print(f"[bold red]error[/] {escape(line)}", highlight=False, soft_wrap=True)
        sys.exit(2)

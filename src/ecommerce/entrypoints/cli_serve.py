"""``serve`` and ``create-admin``."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints import start
from ecommerce.entrypoints.addresses import named
from ecommerce.entrypoints.faults import StartError
from ecommerce.entrypoints.first_admin import appoint, first_admin
from ecommerce.entrypoints.settings import Settings

_out = Console()


def serve(
    prepare: Annotated[
        bool,
        typer.Option(
            "--prepare",
            help="Migrate, make the first admin and (ECOMMERCE_DEMO=1) fill an empty shop first."
            " The embedded PostgreSQL is always prepared.",
        ),
    ] = False,
) -> None:
    """Serve the API until Ctrl-C, SIGTERM or SIGHUP."""
    from ecommerce.entrypoints import logs, server
    from ecommerce.entrypoints.keys import make_keys
    from ecommerce.entrypoints.parts import check_parts

    settings = settings_module.load(settings_module.environment())
    logs.configure(settings)
    check_parts(settings)
    with _address_faults(settings):
        listening = server.take_address(settings.host, settings.port)
    embedded = settings.database_url is None
    with start.database(settings) as url:
        start.require_rights(url)
        schema = start.require_schema(url, migrate_now=prepare or embedded)
        if schema.newer_but_served:
            log = structlog.get_logger("start")
            log.warning("schema_newer", revision=schema.current, release_knows=schema.head)
        start.require_currency(url, settings.currency)
        make_keys(settings)
        start.hand_down(url, settings)
        login = _prepare(settings, url) if prepare or embedded else None
        with _address_faults(settings):
            server.open_address(listening)
        with start.numbers_shared(settings):
            came_up = server.run(settings, listening, lambda: _banner(settings, url, login))
    if not came_up:
        raise StartError("the server did not come up; the log above says why")


def create_admin(
    email: Annotated[str | None, typer.Option(help="Default: ECOMMERCE_ADMIN_EMAIL.")] = None,
    password: Annotated[
        str | None, typer.Option(help="Default: ECOMMERCE_ADMIN_PASSWORD, or else asked for.")
    ] = None,
    remove_second_factor: Annotated[
        bool,
        typer.Option(
            "--remove-second-factor",
            help="For an admin who lost authenticator and recovery codes: the password alone lets"
            " them in until they set another up.",
        ),
    ] = False,
) -> None:
    """Make an admin, or make an existing account one and set its password."""
    settings = settings_module.load(settings_module.environment())
    secret = password or settings.admin_password
    if secret is None:
        secret = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    with start.database(settings) as url:
        start.require_schema(url, migrate_now=settings.database_url is None)
        address = email or settings.admin_email
        removed = appoint(settings, url, address, secret, remove_second_factor=remove_second_factor)
    _out.print(f"{address} is an admin")
    if removed:
        _out.print("the account's second factor was removed")
    elif remove_second_factor:
        _out.print("the account had no second factor")


@contextmanager
def _address_faults(settings: Settings) -> Iterator[None]:
    """Say which setting is wrong where the address cannot be had; ``StartError``."""
    try:
        yield
    except (socket.gaierror, UnicodeError) as error:
        raise StartError(
            f"ECOMMERCE_HOST: {settings.host} has no address;"
            " give one of this machine's, such as 127.0.0.1 or 0.0.0.0"
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise StartError(
                f"ECOMMERCE_HOST: {settings.host} is no address of this machine;"
                " give one that is, such as 127.0.0.1 or 0.0.0.0"
            ) from error
        raise StartError(
            f"ECOMMERCE_PORT: {settings.host}:{settings.port} cannot be listened on"
            f" ({error.strerror}); stop what uses it, or set another port"
        ) from error


def _prepare(settings: Settings, url: str) -> str:
    """Make the first admin and the demo shop where there are none; how the admin signs in."""
    login = first_admin(settings, url)
    if settings.demo:
        from ecommerce.entrypoints.cli_catalog import load_demo_into_empty_shop

        load_demo_into_empty_shop(settings, url)
    return login


def _banner(settings: Settings, url: str, login: str | None) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_row("[bold]docs[/]", f"{settings.own_address}/docs")
    if login is not None:
        table.add_row("[bold]admin[/]", login)
    embedded = settings.database_url is None
    place = str((settings.data_dir / "postgres").resolve()) if embedded else named(url)
    table.add_row("[bold]data[/]", place)
    table.add_row("[bold]mail[/]", settings.smtp_host or f"{settings.mail_folder.resolve()}")
    table.add_row("[bold]stop[/]", "Ctrl-C")
    _out.print(Panel(table, title="the shop is open", expand=False))

"""``keys``: rotating and removing what signs access tokens."""

from datetime import datetime, timedelta
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.identity.key_times import LEAD
from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints.analyzers import load_analyzer
from ecommerce.entrypoints.faults import StartError
from ecommerce.entrypoints.keys import load_keys
from ecommerce.entrypoints.settings import Settings, SettingsError
from ecommerce.entrypoints.start import database, require_schema

keys: Final = typer.Typer(help="The keys that sign access tokens.", no_args_is_help=True)

_out: Final = Console()
_err: Final = Console(stderr=True)
_OTHER_COLUMNS: Final = 30
"""What the other columns need at least, lines between them included."""

_LEAD_SECONDS: Final = LEAD // timedelta(seconds=1)
_LONGEST_LEAD_SECONDS: Final = 30 * 24 * 60 * 60


@keys.command("rotate")
def rotate_keys(
    lead: Annotated[
        int,
        typer.Option(
            min=0,
            max=_LONGEST_LEAD_SECONDS,
            help="Seconds until the new key signs, so that everybody knows it by then.",
        ),
    ] = _LEAD_SECONDS,
) -> None:
    """Sign with a new key from soon on; tokens of the present one stay good until they expire."""
    from ecommerce.adapters.security.key_ring import KeyRing

    settings = _with_a_file()
    analyzer = load_analyzer(settings)
    load_keys(settings)
    ring = KeyRing.rotate(settings.keys_file, _now(), lead=timedelta(seconds=lead))
    _out.print(
        f"key {ring.active.kid} signs in {lead} s; running servers follow {settings.keys_file}",
        soft_wrap=True,
    )
    _note(settings, analyzer, "rotated", ring.active.kid)


@keys.command("list")
def list_keys() -> None:
    """Show the keys: which signs, and until when the others are accepted."""
    now = _now()
    ring = load_keys(settings_module.load(settings_module.environment()))
    # Names are to be copied: the other columns give way first, and no letter is left out.
    longest = max(len(key.kid) for key in ring.keys)
    whole = longest if longest + _OTHER_COLUMNS <= _out.width else None
    table = Table(Column("key", overflow="fold", min_width=whole), "made", "state")
    signing = ring.signing_key(now)
    for key in ring.keys:
        if key is signing:
            state = "signs"
        elif not key.is_accepted(now):
            state = "retired"
        elif key.retire_after is None:
            state = f"signs from {_text(key.sign_from)}"
        else:
            state = f"accepted until {_text(key.retire_after)}"
        table.add_row(key.kid, _text(key.created_at), state)
    _out.print(table)


# One name in 64 begins with a dash (base64url, RFC 4648, section 5): it is a name, no option.
@keys.command("remove", context_settings={"ignore_unknown_options": True})
def remove_key(
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY", help="The key's name, as `keys list` shows it, or how it alone begins."
        ),
    ],
) -> None:
    """Accept nothing that a replaced key has signed, from within seconds on."""
    from ecommerce.adapters.security.key_ring import KeyRing

    settings = _with_a_file()
    analyzer = load_analyzer(settings)
    kid = load_keys(settings).called(key).kid
    KeyRing.remove(settings.keys_file, kid)
    _out.print(f"key {kid} is gone; running servers follow {settings.keys_file}", soft_wrap=True)
    _note(settings, analyzer, "removed", kid)


def _note(settings: Settings, analyzer: Analyzer, what: str, kid: str) -> None:
    """Write it into the audit log; keys are rotated without a database too, in an emergency."""
    import asyncio

    import psycopg

    from ecommerce.application.shared.audit import AuditEntry
    from ecommerce.domain.shared.errors import UnavailableError
    from ecommerce.entrypoints import noting

    entry = AuditEntry(action=f"signing_key.{what}", subject_type="signing_key", subject_id=kid)
    try:
        with database(settings) as url:
            require_schema(url, migrate_now=False)
            asyncio.run(noting.noted(url, settings.currency, analyzer, entry))
    except (StartError, UnavailableError, psycopg.Error) as error:
        _err.print(f"[bold yellow]not in the audit log[/] {escape(str(error))}", soft_wrap=True)


def _with_a_file() -> Settings:
    settings = settings_module.load(settings_module.environment())
    if settings.keys is not None:
        raise SettingsError(
            "ECOMMERCE_KEYS: the keys are given by settings; change them where they are kept"
        )
    return settings


def _now() -> datetime:
    from ecommerce.adapters.system.clock import SystemClock

    return SystemClock().now()


def _text(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%d %H:%M:%S} UTC"

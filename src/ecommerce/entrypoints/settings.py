"""Settings: the environment over an optional ``.env`` file, checked before anything starts."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from dotenv import dotenv_values
from msgspec import Meta

from ecommerce.entrypoints.settings_checks import (
    EXPECTED,
    value_of,
    wrong_about_addresses,
    wrong_about_mail,
)
from ecommerce.entrypoints.settings_names import variable

Port = Annotated[int, Meta(ge=1, le=65535)]


class SettingsError(Exception):
    """One line for each setting that is wrong: which, what is wrong, and what would be right."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can set; the field's upper-case name behind ``ECOMMERCE_`` sets it."""

    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Annotated[int, Meta(ge=1, le=64)] = 1
    data_dir: Path = Path(".data")
    database_url: str | None = None
    database_replica_url: str | None = None
    replica_max_lag_seconds: Annotated[float, Meta(gt=0, le=3_600)] = 5.0
    pool_size: Annotated[int, Meta(ge=1, le=200)] = 10
    slow_statement_ms: Annotated[int, Meta(ge=0, le=600_000)] = 500
    cache_mb: Annotated[int, Meta(ge=0, le=65_536)] = 64
    cache_seconds: Annotated[int, Meta(ge=1, le=3_600)] = 30
    cache_url: str | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
    search_language: str = "english"
    admin_email: str = "admin@example.com"
    admin_password: str | None = None
    demo: bool = False
    demo_products: Annotated[int, Meta(ge=1, le=10_000_000)] = 1_000
    keys: str | None = None
    issuer: str = "ecommerce"
    access_token_minutes: Annotated[int, Meta(ge=1, le=60)] = 10
    refresh_token_days: Annotated[int, Meta(ge=1, le=365)] = 30
    session_days: Annotated[int, Meta(ge=1, le=3_650)] = 90
    password_min: Annotated[int, Meta(ge=8, le=64)] = 8
    staff_password_min: Annotated[int, Meta(ge=8, le=64)] = 15
    breached_passwords: Path | None = None
    staff_second_factor: bool = False
    step_up_minutes: Annotated[int, Meta(ge=1, le=1_440)] = 15
    require_if_match: bool = False
    body_limit_bytes: Annotated[int, Meta(ge=1_024, le=64 * 1024 * 1024)] = 1_048_576
    receive_timeout_seconds: Annotated[float, Meta(gt=0, le=300)] = 10.0
    trusted_proxies: str = ""
    allowed_hosts: str = ""
    cors_origins: str = ""
    rate_limits: str = ""
    rate_limit_store: Literal["auto", "process", "database"] = "auto"
    in_flight: Annotated[int, Meta(ge=1, le=10_000)] = 32
    connections: Annotated[int, Meta(ge=1, le=65_536)] = 1_000
    shutdown_seconds: Annotated[int, Meta(ge=1, le=300)] = 7
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "console", "json"] = "auto"
    access_log: bool = True
    otlp_endpoint: Annotated[str, Meta(pattern="^https?://")] | None = None
    shop_name: Annotated[str, Meta(pattern="^[^\\x00-\\x1f\\x7f]{1,80}$")] = "ecommerce"
    public_url: str | None = None
    mail_from: str | None = None
    smtp_host: str | None = None
    smtp_port: Port = 587
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"

    @property
    def mail_folder(self) -> Path:
        """Where mail goes while no SMTP server is named."""
        return self.data_dir / "mail"

    @property
    def links_lead_to(self) -> str:
        """Where the links of mails begin: the shop's public address, or this server's own."""
        return self.public_url or self.own_address

    @property
    def own_address(self) -> str:
        """Where somebody on the same machine finds this server."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def make_data_dir(self) -> None:
        """Make the data directory, for this user alone unless it is there already."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def keys_file(self) -> Path:
        """Where generated keys lie."""
        return self.data_dir / "keys.json"


_PATHS: Final = frozenset({"data_dir", "breached_passwords"})


def environment(directory: Path | None = None) -> Mapping[str, str]:
    """The process environment over the ``.env`` file of a directory (default: the present one)."""
    file = (directory or Path.cwd()) / ".env"
    from_file = {name: value for name, value in dotenv_values(file).items() if value is not None}
    return {**from_file, **os.environ}


def origin(name: str, source: Mapping[str, str]) -> str:
    """Where a variable's value comes from; an empty one counts as not set."""
    if not source.get(name, "").strip():
        return "default"
    return "environment" if name in os.environ else ".env"


def load(source: Mapping[str, str]) -> Settings:
    """Read settings, or raise ``SettingsError`` naming every variable that is wrong.

    An empty variable counts as not set.
    """
    values: dict[str, object] = {}
    wrong: list[str] = []
    for field in msgspec.structs.fields(Settings):
        name = variable(field.name)
        text = source.get(name, "").strip()
        if not text:
            continue
        if field.name in _PATHS:
            values[field.name] = Path(text).expanduser()
            continue
        try:
            values[field.name] = value_of(field.name, field.type, text)
        except ValueError:
            wrong.append(f"{name}: {text[:80]!r} is not {EXPECTED[field.name]}")
    wrong += wrong_about_addresses(values)
    wrong += wrong_about_mail(values)
    if wrong:
        raise SettingsError("\n".join(wrong))
    return Settings(**values)  # type: ignore[arg-type]

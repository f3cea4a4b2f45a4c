"""Settings: the environment over an optional ``.env`` file, checked before anything starts."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from dotenv import dotenv_values
from msgspec import Meta

from ecommerce.entrypoints.addresses import wrong_with_cache, wrong_with_database
from ecommerce.entrypoints.http.allowed_hosts import AllowedHosts
from ecommerce.entrypoints.http.client_address import Proxies
from ecommerce.entrypoints.http.cross_origin import CrossOrigin
from ecommerce.entrypoints.http.rate_limits import parse_rates

PREFIX: Final = "ECOMMERCE_"
_UNPREFIXED: Final = {
    "database_url": "DATABASE_URL",
    "database_replica_url": "DATABASE_REPLICA_URL",
    "trusted_proxies": "TRUSTED_PROXIES",
}
_ADDRESSES: Final[Mapping[str, Callable[[str], str | None]]] = {
    "database_url": wrong_with_database,
    "database_replica_url": wrong_with_database,
    "cache_url": wrong_with_cache,
}

_PUBLIC_URL: Final = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")
_SENDER: Final = re.compile(r"[^\s@<>\",;:]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")

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


_EXPECTED: Final = {
    "port": "a whole number from 1 to 65535",
    "workers": "a whole number from 1 to 64",
    "database_url": "postgresql://user:password@host:5432/database",
    "database_replica_url": "postgresql://user:password@host:5432/database",
    "replica_max_lag_seconds": "a number above 0, up to 3600",
    "pool_size": "a whole number from 1 to 200",
    "slow_statement_ms": "a whole number from 0 to 600000",
    "cache_mb": "a whole number from 0 to 65536",
    "cache_seconds": "a whole number from 1 to 3600",
    "cache_url": "valkey://host:6379/0",
    "currency": "an ISO 4217 code such as USD",
    "demo": "0 or 1",
    "demo_products": "a whole number from 1 to 10000000",
    "access_token_minutes": "a whole number from 1 to 60",
    "refresh_token_days": "a whole number from 1 to 365",
    "session_days": "a whole number from 1 to 3650",
    "password_min": "a whole number from 8 to 64",
    "staff_password_min": "a whole number from 8 to 64",
    "staff_second_factor": "0 or 1",
    "step_up_minutes": "a whole number from 1 to 1440",
    "require_if_match": "0 or 1",
    "body_limit_bytes": "a whole number from 1024 to 67108864",
    "receive_timeout_seconds": "a number above 0, up to 300",
    "trusted_proxies": "a comma list of addresses and networks such as 10.0.0.0/8",
    "allowed_hosts": "a comma list of names such as shop.example.com,*.example.com",
    "cors_origins": "a comma list of origins such as https://www.example.com, or *",
    "rate_limits": "off, or changes to the defaults such as reads=600/60,bulk=off",
    "rate_limit_store": "auto, process or database",
    "in_flight": "a whole number from 1 to 10000",
    "connections": "a whole number from 1 to 65536",
    "shutdown_seconds": "a whole number from 1 to 300",
    "log_level": "debug, info, warning or error",
    "log_format": "auto, console or json",
    "access_log": "0 or 1",
    "shop_name": "1 to 80 characters",
    "smtp_port": "a whole number from 1 to 65535",
    "smtp_tls": "starttls, tls or none",
    "otlp_endpoint": "an address such as http://collector:4318",
}


_PATHS: Final = frozenset({"data_dir", "breached_passwords"})

_PARSED: Final[Mapping[str, Callable[[str], object]]] = {
    "trusted_proxies": Proxies.parse,
    "allowed_hosts": AllowedHosts.parse,
    "cors_origins": CrossOrigin.parse,
    "rate_limits": parse_rates,
}
"""Texts that are read where they are used; here only whether they can be."""


def variable(field: str) -> str:
    """The environment variable that sets a field."""
    return _UNPREFIXED.get(field, PREFIX + field.upper())


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


def _value(name: str, kind: object, text: str) -> object:
    """A text as its field's type; ``ValueError`` (msgspec's is one) when it is not."""
    if name in _PARSED:
        _PARSED[name](text)
    return msgspec.convert(text, kind, strict=False)


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
            values[field.name] = _value(field.name, field.type, text)
        except ValueError:
            wrong.append(f"{name}: {text[:80]!r} is not {_EXPECTED[field.name]}")
    wrong += _wrong_about_addresses(values)
    wrong += _wrong_about_mail(values)
    if wrong:
        raise SettingsError("\n".join(wrong))
    return Settings(**values)  # type: ignore[arg-type]


def _wrong_about_addresses(values: Mapping[str, object]) -> list[str]:
    """What is wrong with where databases and caches are; no address is repeated, it may hold a
    password.
    """
    wrong = [
        f"{variable(field)}: {fault}; give {_EXPECTED[field]}"
        for field, check in _ADDRESSES.items()
        if (fault := check(str(values.get(field, "")))) is not None and field in values
    ]
    if "database_replica_url" in values and "database_url" not in values:
        wrong.append(
            "DATABASE_REPLICA_URL: set without DATABASE_URL, whose replica it would be;"
            f" give DATABASE_URL as well, {_EXPECTED['database_url']}"
        )
    return wrong


def _wrong_about_mail(values: dict[str, object]) -> list[str]:
    """What mail needs besides each value by itself; the public address loses a slash behind it."""
    wrong = []
    url = values.get("public_url")
    if isinstance(url, str):
        values["public_url"] = url.rstrip("/")
        if not _PUBLIC_URL.fullmatch(url):
            wrong.append(
                f"ECOMMERCE_PUBLIC_URL: {url[:80]!r} is not where customers find the shop;"
                " give https://shop.example"
            )
    sender = values.get("mail_from")
    if isinstance(sender, str) and not _SENDER.fullmatch(sender):
        wrong.append(
            f"ECOMMERCE_MAIL_FROM: {sender[:80]!r} is not an address; give shop@shop.example"
        )
    if "smtp_host" in values:
        wrong += [
            f"{variable(name)}: not set, and mail goes out through ECOMMERCE_SMTP_HOST; give {give}"
            for name, give in (
                ("mail_from", "shop@shop.example"),
                ("public_url", "https://shop.example"),
            )
            if name not in values
        ]
    if ("smtp_user" in values) is not ("smtp_password" in values):
        wrong.append(
            "ECOMMERCE_SMTP_USER, ECOMMERCE_SMTP_PASSWORD: one is set without the other; give both"
        )
    wrong += [
        f"{variable(name)}: has characters beyond ASCII, which signing in to a mail server does not"
        " take; give it others"
        for name in ("smtp_user", "smtp_password")
        if not str(values.get(name, "")).isascii()
    ]
    if "smtp_user" in values and values.get("smtp_tls") == "none":
        wrong.append(
            "ECOMMERCE_SMTP_TLS: none would send the password in plain text; give starttls or tls"
        )
    return wrong

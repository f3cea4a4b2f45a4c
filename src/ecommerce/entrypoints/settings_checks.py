"""What is wrong with settings, each by itself and together, and what would be right."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from ecommerce.entrypoints.addresses import wrong_with_cache, wrong_with_database
from ecommerce.entrypoints.http.allowed_hosts import AllowedHosts
from ecommerce.entrypoints.http.client_address import Proxies
from ecommerce.entrypoints.http.cross_origin import CrossOrigin
from ecommerce.entrypoints.http.rate_limits import parse_rates
from ecommerce.entrypoints.settings_names import variable

_ADDRESSES: Final[Mapping[str, Callable[[str], str | None]]] = {
    "database_url": wrong_with_database,
    "database_replica_url": wrong_with_database,
    "cache_url": wrong_with_cache,
}

_PUBLIC_URL: Final = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")
_SENDER: Final = re.compile(r"[^\s@<>\",;:]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")

EXPECTED: Final = {
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
"""What would be right, of every setting that can be wrong by itself."""

_PARSED: Final[Mapping[str, Callable[[str], object]]] = {
    "trusted_proxies": Proxies.parse,
    "allowed_hosts": AllowedHosts.parse,
    "cors_origins": CrossOrigin.parse,
    "rate_limits": parse_rates,
}
"""Texts that are read where they are used; here only whether they can be."""


def value_of(name: str, kind: object, text: str) -> object:
    """A text as its field's type; ``ValueError`` (msgspec's is one) when it is not."""
    if name in _PARSED:
        _PARSED[name](text)
    return msgspec.convert(text, kind, strict=False)


def wrong_about_addresses(values: Mapping[str, object]) -> list[str]:
    """What is wrong with where databases and caches are; no address is repeated, it may hold a
    password.
    """
    wrong = [
        f"{variable(field)}: {fault}; give {EXPECTED[field]}"
        for field, check in _ADDRESSES.items()
        if (fault := check(str(values.get(field, "")))) is not None and field in values
    ]
    if "database_replica_url" in values and "database_url" not in values:
        wrong.append(
            "DATABASE_REPLICA_URL: set without DATABASE_URL, whose replica it would be;"
            f" give DATABASE_URL as well, {EXPECTED['database_url']}"
        )
    return wrong


def wrong_about_mail(values: dict[str, object]) -> list[str]:
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

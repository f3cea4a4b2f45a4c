"""Addresses of databases and caches: what is wrong with one, and how to name it in public."""

import re
from itertools import zip_longest
from typing import Final
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

_SPECIAL: Final = "in a password write / as %2F, @ as %40, ? as %3F, # as %23 and % as %25"
_CACHES: Final = ("valkey://", "valkeys://", "redis://", "rediss://", "unix://")
_PORTS: Final = range(1, 65_536)


def wrong_with_database(url: str) -> str | None:
    """Why a database's address cannot be meant so, if it cannot; nothing of it is repeated."""
    if not url.startswith(("postgresql://", "postgres://")):
        return "does not start with postgresql://"
    doubtful = _beyond_password(url)
    try:
        parts = conninfo_to_dict(url)
    except (psycopg.Error, UnicodeError):
        return f"cannot be read as an address; {_SPECIAL}"
    if "@" in doubtful:
        return f"has an @ too many, so that the password seems to end early; {_SPECIAL}"
    return _wrong_with_places(_list(parts.get("host")), _list(parts.get("port")))


def _wrong_with_places(hosts: list[str], ports: list[str]) -> str | None:
    if not all(port == "" or _is_port(port) for port in ports):
        return f"its port is not a whole number from 1 to 65535; {_SPECIAL}"
    if len(ports) > 1 and len(ports) != len(hosts):
        return "has more ports than hosts or fewer; give each host its own, or one for all"
    if not all(_is_host(host) for host in hosts):
        return "names a host that no host can be called"
    return None


def wrong_with_cache(url: str) -> str | None:
    """Why a cache's address cannot be meant so, if it cannot; nothing of it is repeated."""
    if not url.startswith(_CACHES):
        return f"does not start with one of {', '.join(_CACHES)}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"its port is not a whole number from 1 to 65535; {_SPECIAL}"
    if parts.netloc.count("@") != url.count("@") or url.count("@") > 1:
        return f"has an @ where none is meant, or a password that ends early; {_SPECIAL}"
    return "its port is not a whole number from 1 to 65535" if port == 0 else None


def named(url: str) -> str:
    """A database's address without user and password, whatever it looks like."""
    if wrong_with_database(url) is not None:
        return "an address that cannot be read"
    parts = conninfo_to_dict(url)
    hosts, ports = _list(parts.get("host")), _list(parts.get("port"))
    if len(ports) == 1:
        ports *= len(hosts)
    places = (
        f"{f'[{host}]' if ':' in host else host or 'the local socket'}{f':{port}' if port else ''}"
        for host, port in zip_longest(hosts, ports, fillvalue="")
    )
    database = parts.get("dbname")
    return f"{','.join(places)}{f'/{database}' if database else ''}"


def named_cache(url: str) -> str:
    """A cache's address without user and password, whatever it looks like."""
    if wrong_with_cache(url) is not None:
        return "an address that cannot be read"
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}" or "localhost"


def _beyond_password(url: str) -> str:
    """What stands behind the first ``@`` that ends a password, up to the parameters."""
    front, _, path = url.partition("://")[2].partition("/")
    place = front.partition("@")[2].partition("?")[0]
    return place + path.partition("?")[0]


def _list(value: object) -> list[str]:
    return [""] if value is None else str(value).split(",")


def _is_port(text: str) -> bool:
    return re.fullmatch("[0-9]{1,5}", text) is not None and int(text) in _PORTS


def _is_host(text: str) -> bool:
    """Whether the resolver can be asked for it; a folder of sockets it is not asked for."""
    if text.startswith(("/", "@")):
        return True
    try:
        text.encode("idna")
    except UnicodeError:
        return False
    return True

"""Where a request comes from: what the connection says, or what trusted proxies say of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, TypeAlias

from ecommerce.entrypoints.http.forwarding import Hop, forwarded, x_forwarded

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_REMEMBERED: Final = 4_096
"""So many connections' addresses are not read again: one connection sends many requests."""

UNKNOWN: Final = "unknown"
"""The address of a client whose connection has none, such as one over a Unix socket."""

_GROUP_BITS: Final = 64
"""What one subscriber has of IPv6 at the least (RFC 6177): all of it counts as one client."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is believed of a request: the client's address, and how it reached the first proxy."""

    address: str
    scheme: str
    host: str | None = None
    unheeded: bool = False
    """Whether a proxy that nobody trusts said where the request comes from."""


class Proxies:
    """The proxies whose word on a request's origin is taken."""

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks: Final = tuple(networks)
        self._direct: Final = lru_cache(maxsize=_REMEMBERED)(self._untold)

    @classmethod
    def parse(cls, text: str) -> "Proxies":
        """Read a comma list of addresses and networks; ``ValueError`` when one is neither."""
        return cls([ip_network(part.strip()) for part in text.split(",") if part.strip()])

    def seen(self, peer: str | None, scheme: str, headers: Iterable[tuple[bytes, bytes]]) -> Seen:
        """Walk from the connection towards the client for as long as the hops are trusted.

        Headers count only where a trusted proxy can have written them, from the right. Where
        ``Forwarded`` and ``X-Forwarded-For`` name different clients, one of them is a client's own
        invention, and neither is believed; nor is a host that only one of them names, or a
        scheme that they name differently.
        """
        told = [pair for pair in headers if pair[0] in _TELLING]
        if not told:
            return self._direct(peer, scheme)
        address = parse_address(peer or "")
        if address is None or not self._trusts(address):
            return replace(self._direct(peer, scheme), unheeded=True)
        found = [self._walk(address, hops) for hops in (forwarded(told), x_forwarded(told)) if hops]
        if not found or any(client != found[0][0] for client, _ in found):
            return Seen(str(address), scheme)
        client = found[0][0]
        schemes = {hop.scheme for _, hop in found if hop.scheme}
        hosts = {hop.host for _, hop in found}
        return Seen(
            str(client),
            schemes.pop() if len(schemes) == 1 else scheme,
            hosts.pop() if len(hosts) == 1 else None,
        )

    @staticmethod
    def _untold(peer: str | None, scheme: str) -> Seen:
        address = parse_address(peer or "")
        return Seen(UNKNOWN if address is None else str(address), scheme)

    def _walk(self, peer: Address, hops: Sequence[Hop]) -> tuple[Address, Hop]:
        client, nearest = peer, Hop()
        for hop in reversed(hops):
            address = parse_address(hop.address)
            if address is None:
                break
            client, nearest = address, hop
            if not self._trusts(address):
                break
        return client, nearest

    def _trusts(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network for network in self._networks
        )


_TELLING: Final = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"}
)


def parse_address(text: str) -> Address | None:
    """An address as the other end is known by: without a zone, IPv4 inside IPv6 as IPv4."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def client_group(address: str) -> str:
    """What limits know a client by: an IPv4 address, or the /64 that an IPv6 address is in."""
    if ":" not in address:
        return address
    return str(IPv6Network((address, _GROUP_BITS), strict=False))

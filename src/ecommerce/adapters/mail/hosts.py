"""Hosts as mail servers know them: IDNA 2008 (RFC 5891)."""

from typing import Final

import idna

from ecommerce.application.shared.mail import MailRefusedError
from ecommerce.domain.identity.email import host_in_lower_case

_MOST: Final = 253
"""Characters of a host (RFC 1035 2.3.4, without the root's dot)."""


class IdnaHosts:
    """A-labels by the ``idna`` package, with no mapping (UTS 46): that can lead to other hosts."""

    def in_ascii(self, host: str) -> str | None:
        """Encode the labels that need it; what is in ASCII is what the DNS has already."""
        if host.isascii():
            return host
        labels = host_in_lower_case(host).split(".")
        try:
            encoded = ".".join(a if a.isascii() else idna.alabel(a).decode("ascii") for a in labels)
        except idna.IDNAError:
            return None
        return encoded if len(encoded) <= _MOST else None


def on_the_wire(address: str) -> str:
    """The address with its host in ASCII, which every server takes; ``MailRefusedError`` where it
    has no such form, since its mail could reach somebody else.
    """
    local, _, host = address.rpartition("@")
    in_ascii = IdnaHosts().in_ascii(host)
    if in_ascii is None:
        raise MailRefusedError("the recipient's host is none that mail can be sent to")
    return f"{local}@{in_ascii}"

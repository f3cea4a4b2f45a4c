"""What somebody signs in with, and from where."""

import hashlib
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_USER_AGENT: Final = 400
_VERSIONS: Final = re.compile(r"[\d._]+")
_NETWORK_BITS: Final = {4: 24, 6: 48}
_NOBODY: Final = "an unknown client"

# In this order: most say that they are several others as well.
_PROGRAMS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "a Python program"),
    ("okhttp", "an app"),
    ("CFNetwork", "an app"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Client:
    """The program somebody uses, as it calls itself, and the address it was seen at.

    Both are what the caller's side says: good to be shown to the owner, and no proof of anything.
    """

    user_agent: str | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.user_agent is not None:
            said = "".join(
                " " if unicodedata.category(c)[0] in "CZ" else c for c in self.user_agent
            )
            object.__setattr__(self, "user_agent", " ".join(said.split())[:MAX_USER_AGENT] or None)

    @property
    def key(self) -> bytes:
        """What makes two the same to their owner: an update of the program changes nothing, and
        neither does another address in the same network (/24, or /48 for IPv6).
        """
        program = _VERSIONS.sub("", self.user_agent or "")
        return hashlib.sha256(f"{program}\0{_network(self.address)}".encode()).digest()

    @property
    def name(self) -> str:
        """The program and its system in words of our own, such as "Firefox on Linux".

        What it calls itself is never shown in a mail: whoever signs in could write there.
        """
        said = self.user_agent or ""
        program = next((name for mark, name in _PROGRAMS if mark in said), None)
        system = next((name for mark, name in _SYSTEMS if mark in said), None)
        if program is None:
            return _NOBODY if system is None else f"{_NOBODY} on {system}"
        return program if system is None else f"{program} on {system}"

    @property
    def place(self) -> str:
        """The address in its usual form, or words for its absence."""
        try:
            return str(ipaddress.ip_address(self.address or ""))
        except ValueError:
            return "an unknown address"


def _network(address: str | None) -> str:
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    bits = _NETWORK_BITS[found.version]
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False))

"""What a device shows to be known again where it has signed in before."""

from typing import Protocol


class DeviceMarks(Protocol):
    """Marks that only this shop can make, each good for one account (OWASP, device cookies) and for
    as long as a secret of it stays the same.

    A mark proves that whoever has it has signed in to the account before, and nothing else: it lets
    nobody in. No method does I/O.
    """

    def make(self, address: str, secret: str) -> str:
        """Make a mark for the account of an address, unlike any other; it does not tell the secret
        to anybody.
        """
        ...

    def looks_like_one(self, text: str) -> bool:
        """Whether a text could be a mark, right or wrong."""
        ...

    def device(self, mark: str, address: str, secret: str) -> str | None:
        """The device that a mark belongs to; ``None`` unless it was made for this address while the
        secret was this one.
        """
        ...

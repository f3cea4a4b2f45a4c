"""What a device shows to be known again where it has signed in before."""

from typing import Protocol


class DeviceMarks(Protocol):
    """Marks that only this shop can make, each good for one account (OWASP, device cookies).

    A mark proves that whoever has it has signed in to the account before, and nothing else: it lets
    nobody in.
    """

    def make(self, address: str) -> str:
        """Make a mark for the account of an address, unlike any other."""
        ...

    def device(self, mark: str, address: str) -> str | None:
        """The device that a mark belongs to; ``None`` unless it was made for this address."""
        ...

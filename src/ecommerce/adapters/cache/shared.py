"""What a cache that several machines share has to do."""

from typing import Protocol


class SharedStore(Protocol):
    """Bytes by key. It never fails and never takes long: what it cannot do, it leaves."""

    async def get(self, key: bytes) -> tuple[bytes, float] | None:
        """What is kept under a key, and for how many seconds more."""
        ...

    def put(self, key: bytes, value: bytes) -> None:
        """Keep it, without being waited for."""
        ...

    async def fault(self) -> str | None:
        """Why the store does not answer, if it does not."""
        ...

    async def close(self) -> None:
        """End the connections."""
        ...

"""The key ring as it is now: a running process picks up what another one changed in its file."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.signing_key import KeyRingError, SigningKey
from ecommerce.application.identity.ports import PublicKey

LOOK_EVERY: Final = 2.0
"""Seconds between two looks at the file: well below the lead that a new key is given."""

_Stamp = tuple[int, int, int]


class LiveKeys:
    """A ring that follows its file.

    The file is looked at every other second, beside the requests: none of them does I/O, whatever
    key it names. A file that is damaged or away is logged, and the ring stays as it was.
    """

    def __init__(self, ring: KeyRing, file: Path | None = None) -> None:
        self._file: Final = file
        self._stamp: _Stamp | None = None
        self._take(ring)

    @property
    def ring(self) -> KeyRing:
        """The ring as it was last read."""
        return self._ring

    def key(self, kid: str) -> SigningKey | None:
        """The key of that name, if the ring has it."""
        return self._by_kid.get(kid)

    def signing_key(self, now: datetime) -> SigningKey:
        """The key that signs at this instant."""
        return self._ring.signing_key(now)

    def public_keys(self, now: datetime) -> tuple[PublicKey, ...]:
        """List those accepted now, the one that signs first."""
        return self._ring.public_keys(now)

    def look(self) -> bool:
        """Read the file again if it is another one than last time; whether the keys changed."""
        if self._file is None:
            return False
        try:
            stat = self._file.stat()
        except OSError as error:
            raise KeyRingError(f"{self._file} cannot be read: {error}.") from error
        stamp = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if stamp == self._stamp:
            return False
        ring = KeyRing.load(self._file)
        changed = ring.to_json() != self._ring.to_json()
        if ring.secret != self._ring.secret:
            raise KeyRingError(
                f"{self._file} is another ring, with another secret; restart to use it."
            )
        self._stamp = stamp
        self._take(ring)
        return changed

    async def follow_for_ever(self, every: float = LOOK_EVERY) -> None:
        """Look again and again until cancelled."""
        log = structlog.get_logger("keys")
        said: str | None = None
        while self._file is not None:
            await asyncio.sleep(every)
            try:
                changed = await asyncio.to_thread(self.look)
            except KeyRingError as error:
                if str(error) != said:
                    log.warning("keys_not_read", reason=str(error))
                said = str(error)
                continue
            said = None
            if changed:
                log.info("keys_changed", kids=[key.kid for key in self._ring.keys])

    def _take(self, ring: KeyRing) -> None:
        self._ring = ring
        self._by_kid = {key.kid: key for key in ring.keys}

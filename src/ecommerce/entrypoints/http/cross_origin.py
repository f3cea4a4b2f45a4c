"""Which pages of other origins a browser lets read this API (CORS; Fetch standard, 3.2)."""

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from ecommerce.entrypoints.http.answers import Answer

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]

ANY: Final = "*"
_ORIGIN: Final = re.compile(r"^https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$")
_EXPOSED: Final = (
    b"ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID,"
    b" Idempotent-Replayed"
)
_TAKEN: Final = (
    b"Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"
)
_METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE"
_DEPENDS: Final = b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
_REMEMBER_SECONDS: Final = b"7200"


class CrossOrigin:
    """Nobody, unless origins are named. Credentials go to named origins only, never to ``*``."""

    def __init__(self, origins: Sequence[str] = ()) -> None:
        self._any: Final = ANY in origins
        self._named: Final = frozenset(origin.encode() for origin in origins if origin != ANY)

    @classmethod
    def parse(cls, text: str) -> "CrossOrigin":
        """Read a comma list of origins, or ``*``; ``ValueError`` when one is none."""
        origins = [part.strip().lower() for part in text.split(",") if part.strip()]
        for origin in origins:
            if origin != ANY and not _ORIGIN.match(origin):
                raise ValueError(f"{origin!r} is not an origin")
        return cls(origins)

    def __bool__(self) -> bool:
        """Whether anybody is let in at all."""
        return self._any or bool(self._named)

    def headers(self, origin: bytes | None) -> RawHeaders:
        """What an answer to this origin carries; also to nobody's, since caches keep it."""
        found: list[tuple[bytes, bytes]] = []
        if self._named:
            found.append((b"vary", b"Origin"))
        if origin is None:
            return found
        if origin in self._named:
            found.append((b"access-control-allow-origin", origin))
            found.append((b"access-control-allow-credentials", b"true"))
        elif self._any:
            found.append((b"access-control-allow-origin", b"*"))
        else:
            return found
        found.append((b"access-control-expose-headers", _EXPOSED))
        return found

    def preflight(self, origin: bytes | None, method: bytes | None) -> Answer | None:
        """The answer to a browser that asks before it sends; ``None`` when it is not let in."""
        if origin is None or method is None or not (self._any or origin in self._named):
            return None
        return Answer(
            204,
            (
                (b"access-control-allow-methods", _METHODS),
                (b"access-control-allow-headers", _TAKEN),
                (b"access-control-max-age", _REMEMBER_SECONDS),
                (b"vary", _DEPENDS),
            ),
        )

"""The first look at a request: where it is from, what it calls us, which page of whose sent it."""

from collections.abc import Iterator
from typing import Any, Final

import structlog

from ecommerce.entrypoints.http.allowed_hosts import AllowedHosts
from ecommerce.entrypoints.http.answers import Answer
from ecommerce.entrypoints.http.client_address import Proxies
from ecommerce.entrypoints.http.cross_origin import CrossOrigin
from ecommerce.entrypoints.http.request import ANSWER_HEADERS, CLIENT

HEALTH: Final = frozenset({"/health/live", "/health/ready"})
"""What balancers ask, by address and not by name; it is always answered."""

_ONLY_TLS: Final = (b"strict-transport-security", b"max-age=31536000")
_OLD: Final = "1.0"

_log: Final = structlog.get_logger("ecommerce.http")


class Perimeter:
    """Notes the client's address, and refuses what is not meant for this shop."""

    def __init__(
        self,
        *,
        proxies: Proxies | None = None,
        hosts: AllowedHosts | None = None,
        cross_origin: CrossOrigin | None = None,
    ) -> None:
        self._proxies: Final = proxies or Proxies()
        self._hosts: Final = hosts or AllowedHosts()
        self._cross_origin: Final = cross_origin or CrossOrigin()
        self._warned = False

    def enter(self, scope: dict[str, Any]) -> Answer | None:
        """Note what is known of the request; the whole answer, where the request needs no other."""
        peer = scope.get("client")
        seen = self._proxies.seen(
            None if peer is None else peer[0], scope.get("scheme", "http"), scope["headers"]
        )
        scope[CLIENT] = seen.address
        scope["scheme"] = seen.scheme
        if seen.unheeded and not self._warned:
            self._warned = True
            _log.warning("forwarded_headers_unheeded", peer=seen.address, name="TRUSTED_PROXIES")
        answer = self._of_other_origins(scope) if self._cross_origin else None
        if seen.scheme == "https":
            scope[ANSWER_HEADERS] = (*scope.get(ANSWER_HEADERS, ()), _ONLY_TLS)
        if scope["path"] not in HEALTH:
            named = [value.decode("latin-1") for value in _values(scope, b"host")]
            self._hosts.check(
                named if seen.host is None or len(named) != 1 else [seen.host],
                required=scope.get("http_version", "1.1") != _OLD,
            )
        return answer

    def _of_other_origins(self, scope: dict[str, Any]) -> Answer | None:
        origins = list(_values(scope, b"origin"))
        origin = origins[0] if len(origins) == 1 else None
        scope[ANSWER_HEADERS] = tuple(self._cross_origin.headers(origin))
        if scope["method"] != "OPTIONS":
            return None
        asked = next(_values(scope, b"access-control-request-method"), None)
        return self._cross_origin.preflight(origin, asked)


def _values(scope: dict[str, Any], name: bytes) -> Iterator[bytes]:
    return (value for key, value in scope["headers"] if key == name)

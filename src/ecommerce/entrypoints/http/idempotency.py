"""``Idempotency-Key``: one effect and one answer for a request that is sent again."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from ecommerce.application.shared.idempotency import IdempotencyClaim, Once, StoredAnswer
from ecommerce.entrypoints.http.answers import Answer, raw_headers, stored
from ecommerce.entrypoints.http.operation import operation_of
from ecommerce.entrypoints.http.problem_types import (
    IDEMPOTENCY_KEY_REQUIRED,
    HttpProblemError,
    malformed,
)
from ecommerce.entrypoints.http.request import RAW_BODY, HttpRequest, caller_of, header

_MAX_KEY: Final = 255
_REPLAYED: Final = (b"idempotent-replayed", b"true")


@dataclass(frozen=True, slots=True)
class Writing:
    """Runs a write and the reading of its answer in one transaction, once for each key."""

    once: Once
    secret: bytes

    async def __call__(self, request: HttpRequest, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Run ``work``, or give its earlier answer byte for byte.

        Call it after the body was read, which is part of what makes two requests the same. The
        route's operation says whether the key is required, honoured, or not looked at.
        """

        async def remembered() -> StoredAnswer:
            return stored(await work())

        answer, replayed = await self.once(self._claim(request), remembered)
        headers = raw_headers(answer.headers)
        return Answer(answer.status, (*headers, _REPLAYED) if replayed else headers, answer.body)

    def _claim(self, request: HttpRequest) -> IdempotencyClaim | None:
        operation = operation_of(request.route_handler)
        if operation is None or operation.idempotency == "none":
            return None
        key = header(request, b"idempotency-key")
        if key is None:
            if operation.idempotency == "required":
                raise HttpProblemError(
                    IDEMPOTENCY_KEY_REQUIRED, "This operation needs an Idempotency-Key."
                )
            return None
        if not 1 <= len(key) <= _MAX_KEY or not all("!" <= c <= "~" for c in key):
            raise malformed("Idempotency-Key is not 1 to 255 visible ASCII characters.")
        body = request.scope.get(RAW_BODY)
        path: str = request.scope["path"]
        said = b"\n".join(
            (
                request.method.encode(),
                path.encode(),
                request.scope["query_string"],
                body if isinstance(body, bytes) else b"",
            )
        )
        actor = caller_of(request.scope)
        return IdempotencyClaim(
            principal="anonymous" if actor is None else actor.principal,
            route=f"{request.method} {path}",
            key=key,
            fingerprint=hmac.digest(self.secret, said, "sha256"),
        )

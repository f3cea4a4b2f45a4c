"""Idempotency records in memory."""

from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.application.shared.idempotency import (
    IdempotencyClaim,
    IdempotencyKeyReusedError,
    StoredAnswer,
)


class InMemoryIdempotencyRecords:
    """Answers kept with the state; transactions run one at a time, so none is in progress."""

    def __init__(self, tables: Tables) -> None:
        self._answers: Final = tables.answers

    async def claim(self, claim: IdempotencyClaim) -> StoredAnswer | None:
        """Look for an answer."""
        found = self._answers.get((claim.principal, claim.route, claim.key))
        if found is None:
            return None
        fingerprint, answer = found
        if fingerprint != claim.fingerprint:
            raise IdempotencyKeyReusedError(
                "This Idempotency-Key came with another request before."
            )
        return answer

    async def remember(self, claim: IdempotencyClaim, answer: StoredAnswer) -> None:
        """Keep the answer."""
        self._answers[claim.principal, claim.route, claim.key] = (claim.fingerprint, answer)

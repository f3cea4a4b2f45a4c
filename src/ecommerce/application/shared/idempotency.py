"""The same request sent twice has one effect and one answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from ecommerce.application.shared.transaction import Transaction, TransactionFactory
from ecommerce.application.shared.unavailable import ConcurrentChangeError
from ecommerce.domain.shared.errors import ConflictError, RuleViolatedError


class IdempotencyInProgressError(ConflictError):
    """A request with this Idempotency-Key is still being worked on. Wait a moment and send the same
    request again: it then gets the first one's answer.
    """

    code = "idempotency_in_progress"
    title = "The same request is still running"


class IdempotencyKeyReusedError(RuleViolatedError):
    """The Idempotency-Key was used before with another request. Make a new key for each new
    request, and repeat a key only with the very same body.
    """

    code = "idempotency_key_reused"
    title = "The key belongs to another request"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyClaim:
    """Whose request it is, which, and a keyed hash of what it says."""

    principal: str
    route: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """An answer as it went out, to be given again byte for byte."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class IdempotencyRecords(Protocol):
    """Remembers answers by claim, for 24 hours or more."""

    async def claim(self, claim: IdempotencyClaim) -> StoredAnswer | None:
        """Take the claim until the transaction ends, or return the answer it already has.

        Never waits. Raises ``IdempotencyInProgressError`` while another transaction holds it, and
        ``IdempotencyKeyReusedError`` when it was answered for another fingerprint.
        """
        ...

    async def remember(self, claim: IdempotencyClaim, answer: StoredAnswer) -> None:
        """Store the answer with the effects of the same transaction."""
        ...


class IdempotentTransaction(Transaction, Protocol):
    """A transaction that knows which requests were answered."""

    @property
    def idempotency(self) -> IdempotencyRecords:
        """The answers given so far."""
        ...


ATTEMPTS: Final = 3
"""How often work is tried that others get in the way of."""


@dataclass(frozen=True, slots=True)
class Once:
    """Runs a request's work at most once for each claim.

    The work joins this transaction, so its effects and its remembered answer become final together:
    a crash leaves both or neither. A failure is not remembered; the same key may try again.
    """

    transactions: TransactionFactory[IdempotentTransaction]

    async def __call__(
        self, claim: IdempotencyClaim | None, work: Callable[[], Awaitable[StoredAnswer]]
    ) -> tuple[StoredAnswer, bool]:
        """Do the work and give its answer, or the earlier one and ``True`` when it was done before.

        Without a claim the work still runs in one transaction with the reading of its answer. What
        others get in the way of (``ConcurrentChangeError``) is tried from the start again, three
        times in all.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._attempt(claim, work)
            except ConcurrentChangeError:
                continue
        return await self._attempt(claim, work)

    async def _attempt(
        self, claim: IdempotencyClaim | None, work: Callable[[], Awaitable[StoredAnswer]]
    ) -> tuple[StoredAnswer, bool]:
        async with self.transactions() as transaction:
            if claim is not None:
                earlier = await transaction.idempotency.claim(claim)
                if earlier is not None:
                    return earlier, True
            answer = await work()
            if claim is not None:
                await transaction.idempotency.remember(claim, answer)
            await transaction.commit()
        return answer, False

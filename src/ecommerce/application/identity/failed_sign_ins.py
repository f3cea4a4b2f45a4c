"""Failed sign-ins, written down without letting anybody fill the audit log."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from ecommerce.application.identity.audited import WhyNot, sign_in_failed, sign_ins_failed
from ecommerce.application.shared.audit import AuditedTransaction, note
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import UserId

WINDOW: Final = timedelta(minutes=1)
EACH: Final = 60
"""How many are written down one by one in a window."""


class FailedSignIns:
    """Writes each failed sign-in down, up to so many a minute in this process; of those beyond, it
    writes how many there were, why, and at which accounts.

    Whether one is written down by itself depends on how many there were before, never on whether
    there is such an account: how long the answer takes tells nothing.
    """

    def __init__(
        self,
        transactions: TransactionFactory[AuditedTransaction],
        clock: Clock,
        *,
        each: int = EACH,
    ) -> None:
        self._transactions: Final = transactions
        self._clock: Final = clock
        self._each: Final = each
        self._until: datetime | None = None
        self._written = 0
        self._more: Counter[tuple[UserId | None, WhyNot]] = Counter()

    async def note(self, user_id: UserId | None, why: WhyNot) -> None:
        """Write one down, or count it."""
        now = self._clock.now()
        if self._until is None or now >= self._until:
            self._until, self._written = now + WINDOW, 0
        if self._written >= self._each:
            self._more[user_id, why] += 1
            return
        self._written += 1
        await note(self._transactions, sign_in_failed(user_id, why))

    async def sum_up(self) -> None:
        """Write down what was only counted; to be called once a window, and at the end."""
        more, self._more = self._more, Counter()
        if not more:
            return
        try:
            await note(self._transactions, sign_ins_failed(more))
        except BaseException:
            self._more.update(more)
            raise
